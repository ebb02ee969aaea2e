import { z } from "zod";
import {
  deletedIdStatus,
  kindWhenOmitted,
  mayLieIn,
  quotaOfChildren,
  replicasWhenOmitted,
  serversWhenOmitted,
  shardsWhenOmitted,
} from "../contract/assumptions";
import { ApiError, badRequest, conflict, forbidden, quotaExceeded } from "../contract/errors";
import { groupIdPattern } from "../state/seed";
import { integer, text, word } from "../server/fields";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import { childIds, lineage, saveGroup } from "../state/groups";
import type { GroupKind, GroupRecord } from "../contract/model";
import { hashPassword } from "../state/secrets";
import { blankGroup, kindTag, type State } from "../state/state";
import { checkId, manageable } from "./access";
import { healthcarePartyInput } from "./data-owner-fields";
import { createHealthcareParty } from "./data-owner-rules";
import { presentGroup } from "./present";
import { createUser, userInput } from "./user-rules";

const placement = {
  name: text,
  server: text.optional(),
  q: integer.optional(),
  n: integer.optional(),
  superGroup: text.optional(),
  applicationId: text.optional(),
};
type Placement = z.output<z.ZodObject<typeof placement>> & { minimumKrakenVersion?: string | undefined };

const initialisation = z
  .object({
    users: z.array(userInput).optional(),
    healthcareParties: z.array(healthcarePartyInput).optional(),
    replication: z.unknown().optional(),
    minimumKrakenVersion: z.string().optional(),
  })
  .optional();

const kinds = word(["root", "app", "database"]);
const withoutPassword = z.object({ ...placement, minimumKrakenVersion: text.optional() });

export const createGroups = [
  operation(
    { method: "POST", path: "/group/:id/application", query: withoutPassword },
    (state, { path, query }, caller) => presentGroup(state, addGroup(state, caller, path.id, "app", query)),
  ),
  operation(
    { method: "POST", path: "/group/:id/database", query: withoutPassword },
    (state, { path, query }, caller) =>
      presentGroup(state, addGroup(state, caller, path.id, "database", query)),
  ),
  operation(
    {
      method: "POST",
      path: "/group/:id",
      query: z.object({ ...placement, type: kinds.optional() }),
      body: initialisation,
    },
    (state, { path, query, body, header }, caller) => {
      const passwordHash = hashPassword(groupPassword(header("password")));
      const { minimumKrakenVersion, users = [], healthcareParties = [] } = body ?? {};
      const kind = query.type ?? kindWhenOmitted;
      const created = addGroup(
        state,
        caller,
        path.id,
        kind,
        { ...query, minimumKrakenVersion },
        passwordHash,
      );
      for (const party of healthcareParties) {
        createHealthcareParty(state, path.id, party);
      }
      for (const user of users) {
        createUser(state, path.id, user, { isAdmin: false });
      }
      return presentGroup(state, created);
    },
  ),
];

export function groupPassword(password: string | undefined): string {
  if (password === undefined || password === "") {
    throw badRequest("The header password is required.");
  }
  if (!groupIdPattern.test(password)) {
    throw badRequest("A group's password may hold digits, letters, - and _ only.");
  }
  return password;
}

function addGroup(
  state: State,
  caller: Caller,
  id: string,
  kind: GroupKind,
  wish: Placement,
  passwordHash?: string,
): GroupRecord {
  checkId(id);
  if (!caller.isAdmin) {
    throw forbidden("Only an administrator may create groups.");
  }
  if (wish.name === "") {
    throw badRequest("A group needs a name.");
  }
  if (kind === "root") {
    throw forbidden("Environments are made by registration.");
  }
  refuseTakenId(state, id);
  const parent = manageable(state, caller, wish.superGroup ?? caller.groupId);
  refuseWrongPlace(state, parent, kind);
  const { q = shardsWhenOmitted, n = replicasWhenOmitted } = wish;
  if (q < 1 || n < 1) {
    throw badRequest("q and n have to be at least 1.");
  }
  return saveGroup(state.store, {
    group: blankGroup({
      id,
      name: wish.name,
      servers: serversFor(state, parent, wish.server),
      superGroup: parent.group.id,
      tags: [kindTag(kind)],
      applicationId: wish.applicationId,
      minimumKrakenVersion: wish.minimumKrakenVersion,
    }),
    kind,
    shards: q,
    replicas: n,
    passwordHash,
  });
}

function refuseTakenId(state: State, id: string): void {
  const taken = state.store.groups.get(id);
  if (taken === undefined) {
    return;
  }
  if (taken.group.deletionDate === undefined) {
    throw conflict(`A group with the id ${id} exists already.`);
  }
  throw new ApiError(deletedIdStatus, `The id ${id} belonged to a group that is deleted.`);
}

/** Nesting and quota: for a new child as for one that arrives by transfer. */
export function refuseWrongPlace(state: State, parent: GroupRecord, kind: GroupKind): void {
  if (!mayLieIn[kind].includes(parent.kind)) {
    throw badRequest(
      `A group of type ${kind} can't lie in ${parent.group.id}, which is of type ${parent.kind}.`,
    );
  }
  const quota = childQuota(state, parent, kind);
  if (quota !== undefined && countChildren(state, parent.group.id, kind) >= quota) {
    throw quotaExceeded(`The quota of ${quota} groups of type ${kind} in ${parent.group.id} is used up.`);
  }
}

/** Quotas are set on the environment: how many apps it has, and how many databases each of them. */
function childQuota(state: State, parent: GroupRecord, kind: GroupKind): number | undefined {
  const identifier = parent.kind === "root" && kind === "database" ? undefined : quotaOfChildren[parent.kind];
  const environment = lineage(state.store, parent.group.id).at(-1);
  return environment?.group.properties.find(
    ({ type }) => type?.identifier === identifier && identifier !== undefined,
  )?.typedValue?.integerValue;
}

function countChildren(state: State, parent: string, kind: GroupKind): number {
  let count = 0;
  for (const id of childIds(state.store, parent)) {
    if (state.store.groups.get(id)?.kind === kind) {
      count++;
    }
  }
  return count;
}

function serversFor(state: State, parent: GroupRecord, wish: string | undefined): string[] {
  const environment = lineage(state.store, parent.group.id).at(-1)?.group.id;
  const clusters =
    state.settings.environments.find(({ id }) => id === environment)?.clusters ?? state.settings.clusters;
  if (wish === undefined) {
    return serversWhenOmitted(parent.group.servers, clusters);
  }
  if (!clusters.includes(wish)) {
    throw badRequest(`There is no server ${wish}; there are ${clusters.join(", ")}.`);
  }
  return [wish];
}
