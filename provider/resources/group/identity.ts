import { computedUuid, type ResourceName } from "../../framework/identity";

/** Cockpit's own ids carry about this much of the name. */
const longestSlug = 28;

/** What makes a group the one that was declared, besides its resource's name: a change of any of it is a replacement. */
export interface GroupTraits {
  type: "Solution" | "Database";
  parentId: string;
  cluster?: string | undefined;
  shards?: number | undefined;
  replicas?: number | undefined;
}

/** Nobody creates and destroys one resource more often before anyone looks. */
const usualGenerations = 10;

/** The ids that creation would have chosen so far. */
export function groupIdsOf(resource: ResourceName, traits: GroupTraits): string[] {
  return Array.from({ length: usualGenerations }, (_, generation) => groupIdOf(resource, traits, generation));
}

/** The id of the group to create: a slug of its name and a computed UUID. */
export function groupIdOf(resource: ResourceName, traits: GroupTraits, generation: number): string {
  const { type, parentId, cluster, shards, replicas } = traits;
  const uuid = computedUuid(
    type,
    resource,
    [parentId, cluster ?? null, shards ?? null, replicas ?? null],
    generation,
  );
  const slug = resource.name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, longestSlug);
  return ["ic", ...(slug === "" ? [] : [slug]), uuid].join("-");
}
