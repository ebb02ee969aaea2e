import { ApiError, forbidden, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { lineage } from "../state/groups";
import type { GroupRecord } from "../contract/model";
import type { State } from "../state/state";
import type { ProcessRecord } from "../contract/gateway-model";
import { specSchema, type Spec } from "../contract/spec-rules";

/** A spec belongs to an environment and has the id of its root group; only that group's administrators manage it. */
export function assertAdministers(state: State, caller: Caller, specId: string): void {
  const environment = state.store.groups.get(specId);
  if (environment?.kind !== "root" || environment.group.deletionDate !== undefined) {
    throw notFound(`There is no environment ${specId}.`);
  }
  if (!caller.isAdmin || caller.groupId !== specId) {
    throw forbidden(`Only an administrator of the environment ${specId} itself may do this.`);
  }
}

export function liveGroupOf(state: State, groupId: string): GroupRecord {
  const record = state.store.groups.get(groupId);
  if (record === undefined || record.group.deletionDate !== undefined) {
    throw notFound(`There is no group ${groupId}.`);
  }
  return record;
}

/** A live group within the environment. */
export function groupWithin(state: State, specId: string, groupId: string): GroupRecord {
  const record = liveGroupOf(state, groupId);
  if (!isWithin(state, specId, groupId)) {
    throw new ApiError(
      state.settings.assumptions.foreignGroup,
      `The group ${groupId} is not within the environment ${specId}.`,
    );
  }
  return record;
}

export const isWithin = (state: State, specId: string, groupId: string) =>
  lineage(state.store, groupId).some(({ group }) => group.id === specId);

/** A process whose group is alive; that group may have been transferred and have left it behind. */
export function existingProcess(state: State, specId: string, processId: string): ProcessRecord {
  const process = state.store.processes.get([specId, processId]);
  const group = process && state.store.groups.get(process.groupId)?.group;
  if (group === undefined || group.deletionDate !== undefined) {
    throw notFound(`There is no process ${processId}.`);
  }
  return process as ProcessRecord;
}

export function currentSpec(state: State, specId: string): Spec {
  const record = state.store.specs.get(specId);
  if (record === undefined) {
    throw notFound(`There are no external services ${specId}.`);
  }
  return specSchema.parse(record.spec);
}
