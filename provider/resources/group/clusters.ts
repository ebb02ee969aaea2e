import type { Cockpit } from "../../client";

/** Listed once for each connection: a preview of many databases asks for one name after the other. */
const listings = new WeakMap<Cockpit, Promise<string[]>>();

/** The clusters of what the account can see, sorted; Cockpit has no list of clusters. */
export function clustersInUse(cockpit: Cockpit): Promise<string[]> {
  const listing =
    listings.get(cockpit) ??
    cockpit.groups.list().then(
      (groups) => [...new Set(groups.flatMap(({ servers }) => servers))].sort(),
      () => [],
    );
  listings.set(cockpit, listing);
  return listing;
}

/** What is odd about a cluster; nothing where something is on it already, or where nothing can be told. */
export async function doubtAboutCluster(cockpit: Cockpit, cluster: string): Promise<string | undefined> {
  const clusters = await clustersInUse(cockpit);
  return clusters.length === 0 || clusters.includes(cluster)
    ? undefined
    : `cluster: this account has nothing on ${JSON.stringify(cluster)} yet; the clusters of what it can see are ${clusters.join(", ")}.`;
}
