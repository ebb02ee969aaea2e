import { type Calls, type Call, unknownOutcome } from "./calls";
import { ApiError, AttemptFailed } from "./errors";
import { path } from "./path";
import * as wire from "./wire";

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

/**
 * Creates a group once. An unclear answer is never followed by a blind repeat: the group is looked up,
 * and the request is sent again only when it is absent.
 */
export async function createGroup(calls: Calls, request: CreateGroupRequest): Promise<CreatedGroup> {
  const { retries } = calls;
  const call = creation(request);
  const budget = retries.budget();
  for (let tries = 1; ; tries++) {
    let failure: AttemptFailed;
    try {
      const group = await retries.run("create", budget, () => calls.attempt(call, budget));
      return { group, confirmedBy: "answer" };
    } catch (error) {
      if (error instanceof ApiError && tries > 1) throw mayExist(error, request);
      if (!(error instanceof AttemptFailed)) throw error;
      failure = error;
    }
    // From the second request on even a clear refusal (409, 402) may be the trace of the first.
    if (failure.fate !== "unknown" && tries === 1) throw failure.error;
    const found = await lookUp(calls, request, failure.error);
    if (found) return { group: found, confirmedBy: "lookup" };
    if (failure.fate === "final" || tries >= retries.limits.tries || budget.signal.aborted)
      throw absent(failure.error, request);
    await retries.pause(tries, budget, failure).catch(() => {
      throw absent(failure.error, request);
    });
  }
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

/** Has its own time: giving up between the request and the look-up would leave a group that nobody knows of. */
async function lookUp(
  calls: Calls,
  request: CreateGroupRequest,
  cause: ApiError,
): Promise<wire.Group | undefined> {
  const { id } = request;
  let group: wire.Group | undefined;
  try {
    group = await calls.find("read", {
      operation: `look up group ${id}`,
      method: "GET",
      path: path`/group/${id}`,
      answer: wire.group,
      verify: (answered) => wire.anotherGroup(answered, id),
    });
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    throw mayExist(cause, request, `; looking it up failed too: ${error.problem}`);
  }
  const difference = group && differenceTo(group, request);
  if (!difference) return group;
  throw new ApiError({
    kind: "conflict",
    operation: describe(request),
    problem: `the id is taken by another group: ${calls.answers.redactor.safe(difference)}`,
    status: cause.status,
  });
}

function differenceTo(group: wire.Group, request: CreateGroupRequest): string | undefined {
  if (group.deletedAt !== undefined) return "it was deleted earlier";
  if (group.kind && group.kind !== request.kind) return `it is a ${group.kind}`;
  if (group.parentId && group.parentId !== request.parentId) return `its parent is ${group.parentId}`;
  return undefined;
}

function mayExist(cause: ApiError, { id }: CreateGroupRequest, more = ""): ApiError {
  return unknownOutcome(cause, `The group \`${id}\` may exist${more}`);
}

function absent(cause: ApiError, request: CreateGroupRequest): ApiError {
  return new ApiError({
    kind: cause.kind,
    operation: describe(request),
    problem: `${cause.problem}. A look-up found no group \`${request.id}\`.`,
    status: cause.status,
    serverMessage: cause.serverMessage,
  });
}

function describe({ kind, name, id }: CreateGroupRequest): string {
  return `create ${kind} "${name}" (${id})`;
}
