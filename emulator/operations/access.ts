import { maximumIdLength } from "../contract/assumptions";
import { ApiError, badRequest, elevationRequired, forbidden, notFound } from "../contract/errors";
import { groupIdPattern } from "../state/seed";
import type { Caller } from "../server/caller";
import { lineage } from "../state/groups";
import { authenticationLevels, type GroupRecord, type UserRecord } from "../contract/model";
import type { State } from "../state/state";

export function checkId(id: string): void {
  if (!groupIdPattern.test(id)) {
    throw badRequest(`The id "${id}" may hold digits, letters, - and _ only.`);
  }
  if (id.length > maximumIdLength) {
    throw badRequest(`An id may have ${maximumIdLength} characters at most.`);
  }
}

const reaches = (state: State, caller: Caller, id: string) =>
  id === caller.groupId ||
  (caller.isAdmin && lineage(state.store, id).some(({ group }) => group.id === caller.groupId));

/** A group that the caller may read, a deleted one included where the assumptions show those. */
export function readableGroup(state: State, caller: Caller, id: string): GroupRecord {
  checkId(id);
  const record = state.store.groups.get(id);
  if (record === undefined) {
    throw notFound(`There is no group ${id}.`);
  }
  if (!reaches(state, caller, id)) {
    throw new ApiError(
      state.settings.assumptions.foreignGroup,
      `The group ${id} is not within your environment.`,
    );
  }
  if (record.group.deletionDate !== undefined && state.settings.assumptions.deletedGroup === "absent") {
    throw notFound(`There is no group ${id}.`);
  }
  return record;
}

/** A live group that the caller administers: an administrator's own group, or one below it. */
export function manageable(state: State, caller: Caller, id: string): GroupRecord {
  const record = readableGroup(state, caller, id);
  if (!caller.isAdmin) {
    throw forbidden("Only an administrator of the group or of one above it may do this.");
  }
  if (record.group.deletionDate !== undefined) {
    throw notFound(`The group ${id} is deleted.`);
  }
  return record;
}

export const isReadable = (state: State, caller: Caller, record: GroupRecord) =>
  reaches(state, caller, record.group.id) &&
  (record.group.deletionDate === undefined || state.settings.assumptions.deletedGroup === "tombstone");

/** Refuses an elevated operation unless the login is strong enough and fresh. */
export function requireElevation(state: State, caller: Caller): void {
  const group = state.store.groups.get(caller.groupId)?.group;
  const level = authenticationLevels[group?.minimumAuthenticationClassForElevatedPrivileges ?? "PASSWORD"];
  const age = state.now() - caller.loggedInAt;
  if (caller.level < level || age > state.settings.tokens.elevatedSeconds * 1000) {
    throw elevationRequired(level);
  }
}

/** A live user of a group: the caller itself, or one in a group that the caller administers. */
export function manageableUser(state: State, caller: Caller, groupId: string, userId: string): UserRecord {
  const itself = groupId === caller.groupId && userId === caller.userId;
  if (!itself) {
    manageable(state, caller, groupId);
  }
  const record = state.store.users.get([groupId, userId]);
  if (record === undefined || record.user.deletionDate !== undefined) {
    throw notFound(`There is no user ${userId} in the group ${groupId}.`);
  }
  return record;
}
