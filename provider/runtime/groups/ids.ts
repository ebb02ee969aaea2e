import { computedUuid, type Identity, type ResourceName } from "../../framework/identity";
import { CockpitError } from "../../errors";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../context";

/** Cockpit's own ids carry about this much of the name. */
const maxSlugLength = 28;

/** What makes a group the one that was declared, besides its resource's name: a change of any of it is a replacement. */
export interface GroupTraits {
  type: "Solution" | "Database";
  parentId: string;
  cluster?: string | undefined;
  shards?: number | undefined;
  replicas?: number | undefined;
}

/** Nobody creates and destroys one resource more often before anyone looks. */
const likelyGenerations = 10;

/** The ids that creation would have chosen so far. */
export function groupIdsOf(resource: ResourceName, traits: GroupTraits): string[] {
  return Array.from({ length: likelyGenerations }, (_, generation) =>
    groupIdOf(resource, traits, generation),
  );
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
    .slice(0, maxSlugLength);
  return ["ic", ...(slug === "" ? [] : [slug]), uuid].join("-");
}

export function duplicateIdError(id: string): CockpitError {
  return new CockpitError({
    code: "id-declared-twice",
    what: `another resource of this program has the id ${id} too.`,
    remedy: "Choose a different groupId.",
  });
}

/**
 * Refuses an id that the program gives twice. Creation would notice only while the other one's group is there: what was deleted
 * permanently by somebody is still in the state, and the second resource would get its id.
 */
export function duplicateIdFailures(
  { idReservations }: Pick<Context, "idReservations">,
  resource: Identity,
  groupId: unknown,
): CheckFailure[] {
  return typeof groupId !== "string" || idReservations.reserve(groupId, resource)
    ? []
    : [failureOf(duplicateIdError(groupId), "groupId")];
}
