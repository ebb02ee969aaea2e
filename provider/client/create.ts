import { randomUUID } from "node:crypto";
import type { Call, Calls } from "./calls";
import { AttemptFailed, isUnknownRoute } from "./errors";
import { path } from "./path";
import type { Budget } from "./retry";
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

/** What was learnt of a server: whether it knows only the creation of before 2026. */
export interface CreationRoutes {
  areOlder: boolean;
}

/** Creates a group once: see {@link writeOnce}. */
export async function createGroup(
  calls: Calls,
  request: CreateGroupRequest,
  routes: CreationRoutes,
): Promise<CreatedGroup> {
  const { value, confirmedBy } = await writeOnce(calls, {
    attempt: (budget) => attempt(calls, request, routes, budget),
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

async function attempt(
  calls: Calls,
  request: CreateGroupRequest,
  routes: CreationRoutes,
  budget: Budget,
): Promise<wire.Group> {
  const older = () => calls.attempt(olderCreation(calls, request), budget);
  if (routes.areOlder) return older();
  try {
    return await calls.attempt(creation(request), budget);
  } catch (error) {
    if (!meansUnknownRoute(error)) throw error;
    const group = await older().catch((olderError: unknown) => {
      throw meansUnknownRoute(olderError) ? error : olderError;
    });
    routes.areOlder = true;
    return group;
  }
}

const meansUnknownRoute = (error: unknown): boolean =>
  error instanceof AttemptFailed && isUnknownRoute(error.error);

/**
 * The creation that every published program uses. It wants a password for the group's storage, which nobody needs: the server
 * keeps it.
 */
function olderCreation(calls: Calls, request: CreateGroupRequest): Call<typeof wire.group> {
  const call = creation(request);
  const password = randomUUID();
  calls.answers.redactor.add(password);
  return {
    ...call,
    path: path`/group/${request.id}`,
    query: { ...call.query, type: request.kind === "solution" ? "app" : "database" },
    headers: { password },
    body: {},
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
