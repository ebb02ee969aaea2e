import { z } from "zod";
import { lastAdministratorStatus } from "../contract/assumptions";
import { ApiError, conflict, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { flag, integer, listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import type { UserRecord } from "../contract/model";
import type { State } from "../state/state";
import { eraseUser, saveUser, usersNamed, usersInGroup } from "../state/users";
import { manageable, manageableUser, requireElevation } from "./access";
import { userGroup, usersSharingIdentity } from "./identity";
import { matchesFilter, userFilter } from "./match-users";
import { pageOf } from "./pages";
import { presentUser, withoutRights, type PresentedUser } from "./present";
import { createUser, modifiedUser, setsPassword, userInput, type UserInput } from "./user-rules";

const paging = z.object({
  startKey: text.optional(),
  startDocumentId: text.optional(),
  limit: integer.optional(),
  includeMetadataFromGlobalUser: flag.default(false),
});
const filterChain = z.object({ filter: userFilter });
const withRevision = z.object({ rev: text });
const idsAndRevisions = z.object({ ids: z.array(z.object({ id: z.string(), rev: z.string().optional() })) });
type Place = { groupId?: string };
const manyUsers = z.array(userInput);

/** Fixed words come before `:userId`, or the router would take them for one. */
export const users = [
  operation({ method: "GET", path: "/user/current" }, (state, _input, caller) =>
    presentUser(state, caller.record),
  ),
  operation({ method: "GET", path: "/user/matches" }, (state, _input, caller) =>
    usersSharingIdentity(state, caller.record).map((record) => userGroup(state, record)),
  ),
  operation({ method: "POST", path: "/user/admin", body: userInput }, (state, { body }, caller) =>
    addUser(state, caller, caller.groupId, body, true),
  ),
  operation(
    { method: "POST", path: "/user/admin/inGroup/:groupId", body: userInput },
    (state, { path, body }, caller) => addUser(state, caller, path.groupId, body, true),
  ),
  operation(
    { method: "POST", path: "/user/inGroup/:groupId", body: userInput },
    (state, { path, body }, caller) => addUser(state, caller, path.groupId, body, false),
  ),
  operation(
    { method: "POST", path: "/user/inGroup/:groupId/batch", body: manyUsers },
    (state, { path, body }, caller) => body.map((user) => addUser(state, caller, path.groupId, user, false)),
  ),
  operation(
    { method: "PUT", path: "/user/inGroup/:groupId", body: userInput },
    (state, { path, body }, caller) => modifyUser(state, caller, path.groupId, body),
  ),
  operation(
    { method: "PUT", path: "/user/inGroup/:groupId/batch", body: manyUsers },
    (state, { path, body }, caller) => body.map((user) => modifyUser(state, caller, path.groupId, user)),
  ),
  operation(
    { method: "GET", path: "/user/inGroup/:groupId", query: paging },
    (state, { path, query }, caller) => pageOfUsers(state, caller, path.groupId, query),
  ),
  operation(
    { method: "POST", path: "/user/inGroup/:groupId/byIds", body: listOfIds, reads: true },
    (state, { path, body }, caller) => byIds(state, caller, path.groupId, body.ids),
  ),
  operation({ method: "GET", path: "/user/inGroup/:groupId/:userId" }, (state, { path }, caller) =>
    withoutRights(presentUser(state, manageableUser(state, caller, path.groupId, path.userId))),
  ),
  ...["", "/inGroup/:groupId"].flatMap((place) => [
    operation(
      { method: "POST", path: `/user/match${place}`, body: userFilter, reads: true },
      (state, { path, body }, caller) => {
        const { groupId = caller.groupId } = path as Place;
        manageable(state, caller, groupId);
        return liveUsers(state, groupId)
          .filter(({ user }) => matchesFilter(user, body))
          .map(({ user }) => user.id);
      },
    ),
    operation(
      { method: "POST", path: `/user/filter${place}`, query: paging, body: filterChain, reads: true },
      (state, { path, query, body }, caller) =>
        pageOfUsers(state, caller, (path as Place).groupId ?? caller.groupId, query, ({ user }) =>
          matchesFilter(user, body.filter),
        ),
    ),
  ]),
  ...["", "/inGroup/:groupId"].flatMap((place) => [
    operation(
      { method: "POST", path: `/user${place}/delete/batch`, body: idsAndRevisions },
      (state, { path, body }, caller) =>
        body.ids.map(({ id, rev }) => softDelete(state, caller, groupOf(path, caller), id, rev)),
    ),
    operation(
      { method: "POST", path: `/user${place}/undelete/batch`, body: idsAndRevisions },
      (state, { path, body }, caller) =>
        body.ids.map(({ id, rev }) => undelete(state, caller, groupOf(path, caller), id, rev)),
    ),
    operation(
      { method: "POST", path: `/user${place}/purge/batch`, body: idsAndRevisions },
      (state, { path, body }, caller) =>
        body.ids.map(({ id, rev }) => purge(state, caller, groupOf(path, caller), id, rev)),
    ),
    operation(
      { method: "POST", path: `/user${place}/undelete/:userId`, query: withRevision },
      (state, { path, query }, caller) =>
        undelete(state, caller, groupOf(path, caller), path.userId, query.rev),
    ),
    operation(
      { method: "DELETE", path: `/user${place}/purge/:userId`, query: withRevision },
      (state, { path, query }, caller) => purge(state, caller, groupOf(path, caller), path.userId, query.rev),
    ),
  ]),
  operation(
    { method: "DELETE", path: "/user/inGroup/:groupId/:userId", query: withRevision },
    (state, { path, query }, caller) => softDelete(state, caller, path.groupId, path.userId, query.rev),
  ),
  operation({ method: "POST", path: "/user", body: userInput }, (state, { body }, caller) =>
    addUser(state, caller, caller.groupId, body, false),
  ),
  operation({ method: "PUT", path: "/user", body: userInput }, (state, { body }, caller) =>
    modifyUser(state, caller, caller.groupId, body),
  ),
  operation({ method: "GET", path: "/user", query: paging }, (state, { query }, caller) =>
    pageOfUsers(state, caller, caller.groupId, query),
  ),
  operation(
    { method: "POST", path: "/user/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) => byIds(state, caller, caller.groupId, body.ids),
  ),
  operation({ method: "GET", path: "/user/byEmail/:email" }, (state, { path }, caller) =>
    userByName(state, caller, path.email, ({ user }) => user.email === path.email),
  ),
  operation({ method: "GET", path: "/user/byPhoneNumber/:phone" }, (state, { path }, caller) =>
    userByName(state, caller, path.phone, ({ user }) => user.mobilePhone === path.phone),
  ),
  operation({ method: "GET", path: "/user/byHealthcarePartyId/:id" }, (state, { path }, caller) => {
    manageable(state, caller, caller.groupId);
    return liveUsers(state, caller.groupId)
      .filter(({ user }) => user.healthcarePartyId === path.id)
      .map(({ user }) => user.id);
  }),
  operation({ method: "GET", path: "/user/:userId" }, (state, { path }, caller) =>
    presentUser(state, manageableUser(state, caller, caller.groupId, path.userId)),
  ),
  operation(
    { method: "DELETE", path: "/user/:userId", query: withRevision.partial() },
    (state, { path, query }, caller) => softDelete(state, caller, caller.groupId, path.userId, query.rev),
  ),
];

const groupOf = (path: Place & Record<string, string>, caller: Caller) => path.groupId ?? caller.groupId;

const liveUsers = (state: State, groupId: string, start?: string) =>
  [...usersInGroup(state.store, groupId, start)].filter(({ user }) => user.deletionDate === undefined);

function addUser(
  state: State,
  caller: Caller,
  groupId: string,
  input: UserInput,
  isAdmin: boolean,
): PresentedUser {
  manageable(state, caller, groupId);
  return presentUser(state, createUser(state, groupId, input, { isAdmin }));
}

function modifyUser(state: State, caller: Caller, groupId: string, input: UserInput): PresentedUser {
  const record = manageableUser(state, caller, groupId, input.id ?? "");
  const modified = modifiedUser(state, record, input);
  if (setsPassword(input)) {
    requireElevation(state, caller);
  }
  if (modified.user.status === "DISABLED") {
    refuseLastAdministrator(state, record);
  }
  return presentUser(state, saveUser(state.store, modified));
}

function pageOfUsers(
  state: State,
  caller: Caller,
  groupId: string,
  query: z.output<typeof paging>,
  isFound: (record: UserRecord) => boolean = () => true,
) {
  manageable(state, caller, groupId);
  const found = liveUsers(state, groupId, query.startDocumentId).filter(isFound);
  return pageOf(
    found,
    query.limit,
    ({ user }) => user.id,
    (record) => {
      const presented = presentUser(state, record);
      return query.includeMetadataFromGlobalUser ? presented : withoutRights(presented);
    },
  );
}

function byIds(state: State, caller: Caller, groupId: string, ids: readonly string[]) {
  manageable(state, caller, groupId);
  return ids
    .map((id) => state.store.users.get([groupId, id]))
    .filter((record) => record !== undefined)
    .map((record) => withoutRights(presentUser(state, record)));
}

function userByName(
  state: State,
  caller: Caller,
  name: string,
  fits: (record: UserRecord) => boolean,
): PresentedUser {
  const found = usersNamed(state.store, name).find(
    (record) => record.user.groupId === caller.groupId && fits(record),
  );
  if (found === undefined) {
    throw notFound(`There is no user ${name}.`);
  }
  return presentUser(state, manageableUser(state, caller, caller.groupId, found.user.id));
}

function userById(
  state: State,
  caller: Caller,
  groupId: string,
  userId: string,
  revision: string | undefined,
): UserRecord {
  manageable(state, caller, groupId);
  const record = state.store.users.get([groupId, userId]);
  if (record === undefined) {
    throw notFound(`There is no user ${userId} in the group ${groupId}.`);
  }
  if (revision !== undefined && revision !== record.user.rev) {
    throw conflict(`The user ${userId} was changed since revision ${revision}.`);
  }
  return record;
}

function softDelete(
  state: State,
  caller: Caller,
  groupId: string,
  userId: string,
  revision: string | undefined,
) {
  manageableUser(state, caller, groupId, userId);
  const record = userById(state, caller, groupId, userId, revision);
  refuseLastAdministrator(state, record);
  const { user } = saveUser(state.store, { ...record, user: { ...record.user, deletionDate: state.now() } });
  return { id: user.id, rev: user.rev };
}

function undelete(state: State, caller: Caller, groupId: string, userId: string, revision?: string) {
  const record = userById(state, caller, groupId, userId, revision);
  return presentUser(
    state,
    saveUser(state.store, { ...record, user: { ...record.user, deletionDate: undefined } }),
  );
}

function purge(state: State, caller: Caller, groupId: string, userId: string, revision?: string) {
  const record = userById(state, caller, groupId, userId, revision);
  refuseLastAdministrator(state, record);
  eraseUser(state.store, record);
  return { id: record.user.id, rev: record.user.rev };
}

/** Refuses to remove the last administrator of an environment who can log in. */
function refuseLastAdministrator(state: State, record: UserRecord): void {
  const { groupId, id } = record.user;
  if (!isActiveAdministrator(record) || state.store.groups.get(groupId)?.kind !== "root") {
    return;
  }
  for (const other of usersInGroup(state.store, groupId)) {
    if (other.user.id !== id && isActiveAdministrator(other)) {
      return;
    }
  }
  throw new ApiError(
    lastAdministratorStatus,
    `The user ${id} is the last administrator of the environment ${groupId}.`,
  );
}

const isActiveAdministrator = ({ isAdmin, user }: UserRecord) =>
  isAdmin && user.deletionDate === undefined && user.status !== "DISABLED";
