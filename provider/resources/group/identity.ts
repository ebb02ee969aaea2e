import { v5 as uuidV5 } from "uuid";
import type { ResourceName } from "../../engine/resource";

/** Ours alone, and never to change: every id that was ever computed depends on it. */
const namespace = "6f1f9f5c-5c0b-5f0e-9c1d-3d8b7b0a7c55";

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

/**
 * The id of the group to create. Cockpit lets the client choose it, so it is computed from what every run of the program
 * has in common: a run that was cut off after its POST is met again instead of repeated.
 *
 * @param generation 0 first; the next one where the group of the one before was deleted, because Cockpit gives no id twice.
 */
export function groupIdOf(resource: ResourceName, traits: GroupTraits, generation: number): string {
  const { type, parentId, cluster, shards, replicas } = traits;
  const name = JSON.stringify([
    resource.project,
    resource.stack,
    type,
    resource.name,
    parentId,
    cluster ?? null,
    shards ?? null,
    replicas ?? null,
    generation,
  ]);
  const slug = resource.name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, longestSlug);
  return ["ic", ...(slug === "" ? [] : [slug]), uuidV5(name, namespace)].join("-");
}
