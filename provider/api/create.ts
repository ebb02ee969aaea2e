import type { Call, Calls } from "./calls";
import { path } from "./path";
import * as wire from "./wire";
import { type Finding, writeOnce } from "./write-once";

export interface CreateGroupRequest {
  kind: "solution" | "database";
  /** Chosen by the client: digits, letters, `-` and `_`. */
  id: string;
  name: string;
  /** The environment of a solution, the solution of a database. */
  parentId: string;
  /** Default: the server's choice. */
  cluster?: string | undefined;
  applicationId?: string | undefined;
  /** Default: the server's choice. */
  shards?: number | undefined;
  /** Default: the server's choice. */
  replicas?: number | undefined;
}

export interface CreatedGroup {
  group: wire.Group;
  /** `lookup`: the answer was lost or unclear, and the group was found afterwards. */
  confirmedBy: "answer" | "lookup";
}

/** Creates a group once: see {@link writeOnce}. */
export async function createGroup(calls: Calls, request: CreateGroupRequest): Promise<CreatedGroup> {
  const call = creation(request);
  const { value, confirmedBy } = await writeOnce(calls, {
    attempt: (budget) => calls.attempt(call, budget),
    lookUp: () => lookUp(calls, request),
    uncertain: `The group \`${request.id}\` may exist`,
    missed: `A look-up found no group \`${request.id}\`.`,
  });
  return { group: value, confirmedBy };
}

function creation(request: CreateGroupRequest): Call<typeof wire.group> {
  const { id, kind } = request;
  return {
    operation: describe(request),
    method: "POST",
    path: kind === "solution" ? path`/group/${id}/application` : path`/group/${id}/database`,
    query: {
      name: request.name,
      server: request.cluster,
      q: request.shards,
      n: request.replicas,
      superGroup: request.parentId,
      applicationId: request.applicationId,
    },
    answer: wire.group,
    verify: (group) => wire.anotherGroup(group, id),
    slow: true,
  };
}

async function lookUp(calls: Calls, request: CreateGroupRequest): Promise<Finding<wire.Group>> {
  const { id } = request;
  const group = await calls.find("read", {
    operation: `look up group ${id}`,
    method: "GET",
    path: path`/group/${id}`,
    answer: wire.group,
    verify: (answered) => wire.anotherGroup(answered, id),
  });
  const difference = group && differenceTo(group, request);
  if (difference) return { conflict: `the id is taken by another group: ${difference}` };
  return group && { value: group };
}

function differenceTo(group: wire.Group, request: CreateGroupRequest): string | undefined {
  if (group.deletedAt !== undefined) return "it was deleted earlier";
  if (group.kind && group.kind !== request.kind) return `it is a ${group.kind}`;
  if (group.parentId && group.parentId !== request.parentId) return `its parent is ${group.parentId}`;
  return undefined;
}

function describe({ kind, name, id }: CreateGroupRequest): string {
  return `create ${kind} "${name}" (${id})`;
}
