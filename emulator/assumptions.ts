import { z } from "zod";
import type { GroupKind } from "./state/model";

/**
 * Everything that the published contract leaves open and the emulator had to decide, in one place. The rule: of the
 * plausible answers take the one that a client must cope with anyway and that hides the fewest mistakes. What a client
 * has to handle both ways can be switched in the seed (`assumptions`), so that tests can meet either.
 */
export const assumptionsSchema = z.strictObject({
  /**
   * Unknown: how a group of another environment is refused. Chosen: 403, because a 404 would look like an absence,
   * and a client that takes it for one would create a second group.
   */
  foreignGroup: z.union([z.literal(403), z.literal(404)]).default(403),
  /**
   * Unknown: whether a soft-deleted group can still be read by its id. Chosen: yes, with its `deletionDate` ("tombstone"),
   * since the field exists for it. It is left out of GET /group, /apps, children and match, and everything that would
   * change it answers 404. "absent": 404 for reading too.
   */
  deletedGroup: z.enum(["tombstone", "absent"]).default("tombstone"),
  /**
   * Unknown: whether PUT /group/{id}/properties replaces the set or merges by identifier. Chosen: it replaces (the hint
   * on the deprecated `deletionDate` of a property says to remove it from the list), the harsher one for who forgets some.
   */
  properties: z.enum(["replace", "merge"]).default("replace"),
});
export type Assumptions = z.infer<typeof assumptionsSchema>;

/** Unknown: page sizes. Chosen: small enough that a client which ignores `nextKeyPair` is found out. */
export const defaultPageSize = 100;
export const maximumPageSize = 1000;

/** Unknown beyond the characters: a length limit. Chosen: room for every id that Cockpit makes, within CouchDB's limit for names. */
export const maximumIdLength = 200;

/** Unknown: the type of a group made by POST /group/{id} without `type`. Chosen: database, the one kind that holds data. */
export const kindWhenOmitted: GroupKind = "database";

/** Unknown: which kinds may lie in which. Chosen: as Cockpit draws it, and a database straight in an environment, as published test set-ups do. */
export const mayLieIn: Record<GroupKind, readonly GroupKind[]> = {
  root: [],
  app: ["root"],
  database: ["root", "app"],
};

/** Unknown: shards and replicas when omitted. Chosen: the values that the published description recommends. */
export const shardsWhenOmitted = 3;
export const replicasWhenOmitted = 3;

/**
 * Unknown: the parent when `superGroup` is omitted. Chosen: the caller's own group, whose users the published description
 * says may manage the new one.
 */
export const parentWhenOmitted = (callerGroup: string) => callerGroup;

/** Unknown: the server when `server` is omitted. Chosen: where the parent is, else the environment's first cluster. */
export const serversWhenOmitted = (parentServers: readonly string[], clusters: readonly string[]) =>
  parentServers.length > 0 ? [...parentServers] : clusters.slice(0, 1);

/** Unknown: the lifetime of an operation token when `duration` is omitted, in seconds. Chosen: an hour, as for other tokens. */
export const operationTokenSeconds = 3600;

/**
 * Unknown: the status for an operation token that is unknown, used, expired or for something else. Chosen: 403 for all
 * of them, because a 401 makes clients log in again and repeat. A refused transfer doesn't spend the token.
 */
export const badOperationTokenStatus = 403;

/** Unknown: moving a group to where it already is. Chosen: a conflict, and the token stays good. */
export const alreadyThereStatus = 409;

/** Unknown: hard deletion of a group with live children. Chosen: refused, nothing of value goes by surprise. */
export const hardDeleteTakesChildren = false;

/** Unknown: whether a soft-deleted id can be used again. Chosen: no, its document is still there. After a hard deletion: yes. */
export const deletedIdStatus = 409;

/** Unknown: the order of a hierarchy. Chosen: from the environment down to the group itself, as in `groupsHierarchy`. */
export const hierarchyFromTheTop = true;

/** Unknown: the longest lifetime a login may ask for with `duration`. Chosen: a day, the published life of a refresh token. */
export const maximumJwtSeconds = 86_400;

/** Unknown: which user a login without `groupId` means when the secret fits several. Chosen: the oldest, then by group id, so it is always the same. */
export const preferredUser = <U extends { created: number; groupId: string }>(
  users: readonly U[],
): U | undefined => [...users].sort((a, b) => a.created - b.created || (a.groupId < b.groupId ? -1 : 1))[0];

/** Unknown: what stands in an answer in place of a stored secret. Chosen: stars, so no client can send it back as one unnoticed. */
export const mask = "*****";

/** Unknown: the type of POST /group/register/trial when omitted. Chosen: an environment, which is what registration is for. */
export const registrationKindWhenOmitted: GroupKind = "root";

/** Free plan, published: 2 projects, 5 tenants each. Inferred: quota 1 counts projects and quota 2 tenants; 0 is megabytes and isn't measured here. */
export const freePlan = { 0: 1000, 1: 2, 2: 5 } as const;
export const quotaOfChildren: Partial<Record<GroupKind, string>> = {
  root: "com.icure.dbs.quota.1",
  app: "com.icure.dbs.quota.2",
};

/** Unknown: the roles of a user type when no group of the hierarchy sets any. Chosen: builtin names that Cockpit shows. */
export const builtinRoles = {
  HCP: ["BASIC_DATA_OWNER", "BASIC_USER", "HIERARCHICAL_DATA_OWNER", "PATIENT_USER_MANAGER"],
  PATIENT: ["BASIC_DATA_OWNER", "BASIC_USER"],
  DEVICE: ["BASIC_DATA_OWNER", "BASIC_USER"],
  USER: ["BASIC_USER"],
} as const;

/** Unknown: what PUT /group/{id}/dd lists. Chosen: one document per kind of entity, empty of views. */
export const designDocuments = [
  "Patient",
  "Contact",
  "HealthElement",
  "Document",
  "Message",
  "User",
] as const;
