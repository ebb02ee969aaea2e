import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  alreadyInPlaceStatus,
  badOperationTokenStatus,
  operationTokenSeconds,
} from "../contract/assumptions";
import { ApiError, badRequest, notFound } from "../contract/errors";
import { integer, text, word } from "../server/fields";
import { operation, Reply } from "../server/operation";
import type { Caller } from "../server/caller";
import { processesOf } from "../state/processes";
import { allDescendants, lineage, saveGroup } from "../state/groups";
import type { GroupRecord, OperationToken } from "../contract/model";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { manageable } from "./access";
import { refuseWrongPlace } from "./create-groups";
import { presentGroup } from "./present";

const tokenRequest = z.object({
  operation: word(["TRANSFER_GROUP"]),
  duration: integer.default(operationTokenSeconds),
  description: text.optional(),
});

export const transferGroups = [
  operation(
    { method: "POST", path: "/group/operationToken", query: tokenRequest },
    (state, { query }, caller) => issueOperationToken(state, caller, caller.groupId, query),
  ),
  operation(
    { method: "POST", path: "/group/:groupId/operationToken", query: tokenRequest },
    (state, { path, query }, caller) => issueOperationToken(state, caller, path.groupId, query),
  ),
  operation({ method: "DELETE", path: "/group/operationToken/:tokenId" }, (state, { path }, caller) => {
    const record = manageable(state, caller, caller.groupId);
    if (record.group.operationTokens[path.tokenId] === undefined) {
      throw notFound(`The group ${caller.groupId} has no operation token ${path.tokenId}.`);
    }
    forget(state, record, path.tokenId);
    return new Reply(200);
  }),
  operation({ method: "POST", path: "/group/:childGroupId/transfer" }, (state, { path, header }, caller) => {
    const child = manageable(state, caller, path.childGroupId);
    const token = header("Operation-Token");
    if (token === undefined || token === "") {
      throw badRequest("The header Operation-Token is required.");
    }
    const { target, tokenId } = tokenTarget(state, token);
    refuseMove(state, child, target);
    const before = lineage(state.store, child.group.id).at(-1)?.group.id ?? "";
    forget(state, target, tokenId);
    const moved = saveGroup(state.store, {
      ...child,
      group: { ...child.group, superGroup: target.group.id },
    });
    if (state.settings.assumptions.transferredProcesses === "follow") {
      moveProcesses(state, moved, before, lineage(state.store, child.group.id).at(-1)?.group.id ?? "");
    }
    return presentGroup(state, moved);
  }),
];

function issueOperationToken(
  state: State,
  caller: Caller,
  groupId: string,
  wish: z.output<typeof tokenRequest>,
): string {
  const record = manageable(state, caller, groupId);
  if (wish.duration < 1) {
    throw badRequest("duration has to be at least a second.");
  }
  const token = randomUUID();
  const tokenId = randomUUID();
  const kept: OperationToken = {
    tokenHash: digest(token),
    creationTime: state.now(),
    validity: wish.duration,
    operation: wish.operation,
    description: wish.description,
  };
  const operationTokens = { ...record.group.operationTokens, [tokenId]: kept };
  saveGroup(state.store, { ...record, group: { ...record.group, operationTokens } });
  state.store.operationTokens.put(kept.tokenHash, { groupId, tokenId });
  return token;
}

function tokenTarget(state: State, token: string): { target: GroupRecord; tokenId: string } {
  const place = state.store.operationTokens.get(digest(token));
  const target = place && state.store.groups.get(place.groupId);
  const kept = place && target?.group.operationTokens[place.tokenId];
  if (place === undefined || target === undefined || kept === undefined) {
    throw new ApiError(badOperationTokenStatus, "The operation token is unknown or was used.");
  }
  if (state.now() > kept.creationTime + kept.validity * 1000) {
    throw new ApiError(badOperationTokenStatus, "The operation token has expired.");
  }
  return { target, tokenId: place.tokenId };
}

function refuseMove(state: State, child: GroupRecord, target: GroupRecord): void {
  const [id, to] = [child.group.id, target.group.id];
  if (child.group.superGroup === to) {
    throw new ApiError(alreadyInPlaceStatus, `The group ${id} is in ${to} already.`);
  }
  if (lineage(state.store, to).some(({ group }) => group.id === id)) {
    throw badRequest(`The group ${id} can't be moved into itself.`);
  }
  refuseWrongPlace(state, target, child.kind);
}

function moveProcesses(state: State, { group }: GroupRecord, from: string, to: string): void {
  const within = new Set([group.id, ...allDescendants(state.store, group.id).map((below) => below.group.id)]);
  for (const process of [...processesOf(state, from)].filter(({ groupId }) => within.has(groupId))) {
    state.store.processes.remove([from, process.id]);
    state.store.processes.put([to, process.id], process);
  }
}

function forget(state: State, record: GroupRecord, tokenId: string): void {
  const { [tokenId]: gone, ...operationTokens } = record.group.operationTokens;
  if (gone !== undefined) {
    state.store.operationTokens.remove(gone.tokenHash);
  }
  saveGroup(state.store, { ...record, group: { ...record.group, operationTokens } });
}
