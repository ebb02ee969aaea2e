import type { Context } from "../../runtime/context";
import type { Identity } from "../../framework/identity";
import { quoted } from "../../runtime/messages";
import type { Cockpit } from "../../client";

/** Where a creation would be: by the environment, for a solution, or by the solution, for a database. */
export interface PlaceOfCreation {
  environmentId?: unknown;
  solutionId?: unknown;
}

/** Says once for each environment that a preview would create in it, and of each new group what is odd about its cluster. */
export async function explainCreation(
  context: Context,
  resource: Identity,
  place: PlaceOfCreation,
  cluster: unknown,
): Promise<void> {
  // Whatever can't be read here is an error of the run; the preview needs none of it.
  try {
    const at = await environmentAt(context, place);
    if (!at) {
      return;
    }
    await nameEnvironment(at);
    const doubt = typeof cluster === "string" ? await doubtAboutCluster(at.cockpit, cluster) : undefined;
    if (doubt !== undefined) {
      context.warn(
        `${resource.type} "${resource.name}": ${doubt} If it is a slip, the run is refused in the middle.`,
      );
    }
  } catch {
    // See above.
  }
}

async function environmentAt(
  context: Context,
  { environmentId, solutionId }: PlaceOfCreation,
): Promise<Context | undefined> {
  const { environments } = context;
  if (typeof environmentId === "string") {
    return environments.withId(environmentId);
  }
  if (typeof solutionId === "string") {
    return environments.find(solutionId);
  }
  return environments.areSeveral() ? undefined : context;
}

/** Variables of another environment may be left in a shell, and win over the stack's configuration without a word. */
async function nameEnvironment(at: Context): Promise<void> {
  let isFirst = false;
  at.once(`creation in ${at.key ?? "the default environment"}`, () => (isFirst = true));
  if (!isFirst) {
    return;
  }
  const { cockpit, key } = at;
  const id = await cockpit.environmentId();
  const name = cockpit.environmentName();
  const names = [key, name].filter((each) => each !== undefined).map(quoted);
  const where = names.length === 0 ? quoted(id) : `${names.join(", ")} (${id})`;
  const overridden = key === undefined ? at.overriddenSettings() : [];
  const line = `New resources are created in the environment ${where} at ${cockpit.url}, by ${cockpit.username}.`;
  if (overridden.length === 0) {
    at.inform(line);
  } else {
    at.warn(`${line} Variables win over the stack's configuration: ${overridden.join(", ")}.`);
  }
}

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
