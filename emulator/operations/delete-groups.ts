import { conflict, forbidden, notFound } from "../contract/errors";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import { removeDocuments } from "../state/data-owners";
import { removeProcesses } from "../state/processes";
import { allDescendants, childIds, descendants, removeGroup, saveGroup } from "../state/groups";
import type { GroupRecord } from "../contract/model";
import type { State } from "../state/state";
import { eraseUser, usersInGroup } from "../state/users";
import { manageable, readableGroup, requireElevation } from "./access";
import { presentGroup } from "./present";

export const deleteGroups = [
  operation({ method: "DELETE", path: "/group/hard/:id" }, (state, { path }, caller) => {
    readableGroup(state, caller, path.id);
    requireElevation(state, caller);
    const record = deletable(state, caller, path.id);
    const [child] = childIds(state.store, path.id);
    if (child !== undefined) {
      throw conflict(`The group ${path.id} still has children, ${child} among them.`);
    }
    return [...allDescendants(state.store, path.id).reverse(), record].flatMap((each) => erase(state, each));
  }),
  operation({ method: "DELETE", path: "/group/:id" }, (state, { path }, caller) => {
    deletable(state, caller, path.id);
    const record = manageable(state, caller, path.id);
    const deletionDate = state.now();
    for (const below of [...descendants(state.store, path.id)].reverse()) {
      softDeleteGroup(state, below, deletionDate);
    }
    return presentGroup(state, softDeleteGroup(state, record, deletionDate));
  }),
];

function deletable(state: State, caller: Caller, id: string): GroupRecord {
  const record = state.store.groups.get(id);
  if (record === undefined) {
    throw notFound(`There is no group ${id}.`);
  }
  if (!caller.isAdmin || id === caller.groupId) {
    throw forbidden("Only an administrator of a group above it may delete a group.");
  }
  readableGroup(state, caller, id);
  return record;
}

function softDeleteGroup(state: State, record: GroupRecord, deletionDate: number): GroupRecord {
  forgetOperationTokens(state, record);
  return saveGroup(state.store, { ...record, group: { ...record.group, deletionDate, operationTokens: {} } });
}

function erase(state: State, record: GroupRecord): { type: string; id: string; server: string }[] {
  const { id, servers } = record.group;
  forgetOperationTokens(state, record);
  for (const user of [...usersInGroup(state.store, id)]) {
    eraseUser(state.store, user);
  }
  removeDocuments(state.store.healthcareParties, id);
  removeDocuments(state.store.patients, id);
  removeDocuments(state.store.devices, id);
  removeDocuments(state.store.exchangeData, id);
  removeDocuments(state.store.recoveryData, id);
  removeProcesses(state.store, id);
  if (record.kind === "root") {
    state.store.specs.remove(id);
  }
  removeGroup(state.store, record);
  const databases = ["base", "healthdata", "patient"].flatMap((part) =>
    servers.map((server) => ({ type: "database", id: `icure-${id}-${part}`, server })),
  );
  return [...databases, { type: "group", id, server: servers[0] ?? "" }];
}

function forgetOperationTokens(state: State, { group }: GroupRecord): void {
  for (const { tokenHash } of Object.values(group.operationTokens)) {
    state.store.operationTokens.remove(tokenHash);
  }
}
