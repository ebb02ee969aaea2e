import type { z } from "zod";
import type { Call, ApiClient } from "./calls";
import { ApiError, AttemptFailed, ifVisible, isUnknownRoute } from "./errors";
import { allPages, type Cursor, pageSize } from "./lists";
import { path } from "./path";
import { type PropertyStub, unsendableProperty } from "./properties";
import type { Group } from "./wire";
import * as wire from "./wire";
import { randomUUID } from "node:crypto";
import type { Budget } from "./retry";
import { type LookupResult, writeOnce } from "./write-once";

/*
 * Routes: Solutions, databases, environments
 * GET /group | what the account can see; clusters in use | SDK (RawGroupApiImpl)
 * GET /group/{id} | one of them | SDK (RawGroupApiImpl)
 * GET /group/{id}/children | the solutions of an environment, the databases of a solution | SDK (RawGroupApiImpl)
 * POST /group/{id}/application | creates a solution | SDK (RawGroupApiImpl), since June 2026; no published program calls it
 * POST /group/{id}/database | creates a database | SDK (RawGroupApiImpl), since June 2026; no published program calls it
 * POST /group/{id} | creates either where a server answers 404, 405 or 501 to those | SDK (RawGroupApiImpl, and the set-up of its tests)
 * PUT /group/{id}/name/{name} | renames | SDK (RawGroupApiImpl)
 * PUT /group/{id}/applicationId/{applicationId} | sets the Project ID, with `applyToSubGroups=true` | SDK (RawGroupApiImpl)
 * DELETE /group/{id}/applicationId | removes it, with `applyToSubGroups=true` | SDK (RawGroupApiImpl)
 * PUT /group/{id}/properties | custom properties | SDK (RawGroupApiImpl); whether it replaces or merges is not published
 * DELETE /group/{id} | deletes, the storage stays | SDK (RawGroupApiImpl)
 * DELETE /group/hard/{id} | deletes with its storage (`hardDelete`) | SDK (RawGroupApiImpl)
 * POST /group/{id}/operationToken | a token for a transfer; its `duration` is in seconds | SDK (RawGroupApiImpl); server
 * DELETE /group/operationToken/{tokenId} | makes it worthless | SDK (RawGroupApiImpl)
 * POST /group/{id}/transfer | moves a solution; header `Operation-Token` | SDK (RawGroupApiImpl); CLI
 * PUT /group/{id}/externalJwtConfig/{name} | single sign-on by the tokens of another system | SDK (RawGroupApiImpl, ExternalJwtConfig)
 * DELETE /group/{id}/externalJwtConfig/{name} | takes it away | SDK (RawGroupApiImpl)
 */

/** Environments, solutions and databases. Every method throws {@link ApiError}; reads and repeatable writes are retried. */
export class Groups {
  readonly #calls: ApiClient;
  readonly #creationRoutes = { areOlder: false };

  constructor(calls: ApiClient) {
    this.#calls = calls;
  }

  /** One group; nothing when the API says 404. A soft-deleted group answers with `deletedAt`. Cockpit API: GET /group/{id}. */
  async get(id: string): Promise<Group | undefined> {
    return this.#calls.find("read", aGroup(id, { operation: `read group ${id}`, path: path`/group/${id}` }));
  }

  /**
   * Creates a solution or a database under an id that the caller chose. An id that exists is an error of code `conflict`;
   * `unknown-outcome` means that the group may exist. Cockpit API: POST /group/{id}/application and /group/{id}/database or, on
   * servers from before 2026, /group/{id}.
   */
  async create(request: CreateGroupRequest): Promise<Group> {
    return createGroupOnce(this.#calls, request, this.#creationRoutes);
  }

  /** Cockpit API: PUT /group/{id}/name/{name}. */
  async rename(id: string, name: string): Promise<Group> {
    return this.#write(id, { operation: `rename group ${id}`, path: path`/group/${id}/name/${name}` });
  }

  /** Sets or, without a value, removes the application id of a group and all below it. Cockpit API: PUT and DELETE /group/{id}/applicationId. */
  async setApplicationId(id: string, value: string | undefined): Promise<Group> {
    const query = { applyToSubGroups: true };
    if (value === undefined) {
      const operation = `remove the application id of group ${id}`;
      return this.#write(id, { operation, method: "DELETE", path: path`/group/${id}/applicationId`, query });
    }
    const operation = `set the application id of group ${id}`;
    return this.#write(id, { operation, path: path`/group/${id}/applicationId/${value}`, query });
  }

  /** Replaces all custom properties: what is left out is removed. Cockpit API: PUT /group/{id}/properties. */
  async setProperties(id: string, properties: PropertyStub[]): Promise<Group> {
    const operation = `set the custom properties of group ${id}`;
    const unsendable = unsendableProperty(properties);
    if (unsendable !== undefined) {
      const problem = `the number in property ${unsendable} is too large to be sent without a change`;
      throw new ApiError({ code: "invalid-setting", operation, problem });
    }
    return this.#write(id, { operation, path: path`/group/${id}/properties`, body: { properties } });
  }

  /** Sets how tokens of another system log in to a group and what is in it. Cockpit API: PUT /group/{id}/externalJwtConfig/{name}. */
  async setExternalJwt(id: string, name: string, config: wire.ExternalJwt): Promise<Group> {
    const operation = `set the external login ${name} of group ${id}`;
    const body = wire.externalJwtBody(config);
    return this.#write(id, { operation, path: path`/group/${id}/externalJwtConfig/${name}`, body });
  }

  /** Takes it away. Cockpit API: DELETE /group/{id}/externalJwtConfig/{name}. */
  async removeExternalJwt(id: string, name: string): Promise<"deleted" | "absent"> {
    const operation = `remove the external login ${name} of group ${id}`;
    const route = path`/group/${id}/externalJwtConfig/${name}`;
    const call = aGroup(id, { operation, method: "DELETE", path: route });
    return (await this.#calls.find("idempotent-write", call)) ? "deleted" : "absent";
  }

  /** Soft deletion: the storage stays. A group that is not there is `absent`. Cockpit API: DELETE /group/{id}. */
  async delete(id: string): Promise<"deleted" | "absent"> {
    const operation = `delete group ${id}`;
    const call = aGroup(id, { operation, method: "DELETE", path: path`/group/${id}` });
    return (await this.#calls.find("idempotent-write", call)) ? "deleted" : "absent";
  }

  /** Irreversible deletion; needs a fresh login, which is made when the server asks for it. Cockpit API: DELETE /group/hard/{id}. */
  async hardDelete(id: string): Promise<"deleted" | "absent"> {
    const reports = await this.#calls.find("idempotent-write", {
      operation: `delete group ${id} for good`,
      method: "DELETE",
      path: path`/group/hard/${id}`,
      answer: wire.deletionReports,
      slow: true,
    });
    return reports ? "deleted" : "absent";
  }

  /** {@link get}, but nothing where the account may not see it: another environment's may. */
  async getIfVisible(id: string): Promise<Group | undefined> {
    return ifVisible(this.get(id));
  }

  /** All groups directly below one. Cockpit API: GET /group/{id}/children. */
  async children(parentId: string): Promise<Group[]> {
    const operation = `list the children of group ${parentId}`;
    return this.#pages(operation, ({ startDocumentId }) => ({
      path: path`/group/${parentId}/children`,
      query: { limit: pageSize, startDocumentId },
    }));
  }

  /** The groups that the account can see. Cockpit API: GET /group. */
  async list(): Promise<Group[]> {
    return this.#read({ operation: "list groups", path: path`/group`, answer: wire.groups });
  }

  /**
   * A single-use token that lets another environment transfer a solution into this group. Never repeated blindly:
   * `unknown-outcome` means that a token may exist that nobody knows. Cockpit API: POST /group/{id}/operationToken.
   */
  async createOperationToken(
    groupId: string,
    { durationSeconds, description }: { durationSeconds: number; description: string },
  ): Promise<string> {
    const token = await this.#calls.call("once", {
      operation: `create an operation token for group ${groupId}`,
      method: "POST",
      path: path`/group/${groupId}/operationToken`,
      query: { operation: "TRANSFER_GROUP", duration: durationSeconds, description },
      answer: wire.singleText,
      plain: true,
      confidential: true,
    });
    this.#calls.answers.redactor.add(token);
    return token;
  }

  /** Makes a token worthless; one that was used is `absent`. Cockpit API: DELETE /group/operationToken/{tokenId}. */
  async deleteOperationToken(tokenId: string): Promise<"deleted" | "absent"> {
    const found = await this.#calls.find("idempotent-write", {
      operation: `delete the operation token ${tokenId}`,
      method: "DELETE",
      path: path`/group/operationToken/${tokenId}`,
      answer: wire.nothing,
      plain: true,
    });
    return found === undefined ? "absent" : "deleted";
  }

  /**
   * Moves a solution to the group that issued the token, which is spent. Never repeated blindly: after `unknown-outcome`,
   * read where the solution is. Cockpit API: POST /group/{id}/transfer.
   */
  async transfer(childId: string, token: string): Promise<Group> {
    this.#calls.answers.redactor.add(token);
    const operation = `transfer group ${childId}`;
    return this.#calls.call(
      "once",
      aGroup(childId, {
        operation,
        method: "POST",
        path: path`/group/${childId}/transfer`,
        headers: { "operation-token": token },
      }),
    );
  }

  #read<Schema extends z.ZodType>(call: Pick<Call<Schema>, "operation" | "path" | "answer" | "plain">) {
    return this.#calls.call("read", { ...call, method: "GET" });
  }

  #write(id: string, call: Omit<GroupCall, "method"> & Partial<Pick<GroupCall, "method">>): Promise<Group> {
    return this.#calls.call("idempotent-write", aGroup(id, { method: "PUT", ...call }));
  }

  #pages(
    operation: string,
    request: (cursor: Cursor) => Pick<GroupCall, "path" | "query">,
  ): Promise<Group[]> {
    const page = (cursor: Cursor): Call<typeof wire.groupPage> => ({
      operation,
      method: "GET",
      ...request(cursor),
      answer: wire.groupPage,
    });
    return allPages(operation, this.#calls.retries, (cursor, budget) =>
      this.#calls.call("read", page(cursor), budget),
    );
  }
}

type GroupCall = Omit<Call<typeof wire.group>, "answer" | "verify">;

/** A call that answers with this group and no other. */
function aGroup(
  id: string,
  call: Omit<GroupCall, "method"> & Partial<Pick<GroupCall, "method">>,
): Call<typeof wire.group> {
  return {
    method: "GET",
    ...call,
    answer: wire.group,
    verify: (group) => wire.answeredForAnother("group", group, id),
  };
}

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

/** What was learnt of a server: whether it knows only the creation of before 2026. */
export interface CreationRoutes {
  areOlder: boolean;
}

/** Creates a group once: see {@link writeOnce}. */
async function createGroupOnce(
  calls: ApiClient,
  request: CreateGroupRequest,
  routes: CreationRoutes,
): Promise<Group> {
  return writeOnce(calls, {
    attempt: (budget) => attempt(calls, request, routes, budget),
    findResult: () => findRequestedGroup(calls, request),
    unknownText: `The group \`${request.id}\` may exist`,
    notFoundText: `Afterwards, no group \`${request.id}\` was found.`,
  });
}

function creation(request: CreateGroupRequest): Call<typeof wire.group> {
  const { id, kind } = request;
  return {
    operation: describeCreation(request),
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
    verify: (group) => wire.answeredForAnother("group", group, id),
    slow: true,
  };
}

async function attempt(
  calls: ApiClient,
  request: CreateGroupRequest,
  routes: CreationRoutes,
  budget: Budget,
): Promise<wire.Group> {
  const older = () => calls.attempt(olderCreation(calls, request), budget);
  if (routes.areOlder) {
    return older();
  }
  try {
    return await calls.attempt(creation(request), budget);
  } catch (error) {
    if (!meansUnknownRoute(error)) {
      throw error;
    }
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
function olderCreation(calls: ApiClient, request: CreateGroupRequest): Call<typeof wire.group> {
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

async function findRequestedGroup(
  calls: ApiClient,
  request: CreateGroupRequest,
): Promise<LookupResult<wire.Group>> {
  const { id } = request;
  const group = await calls.find("read", {
    operation: `look up group ${id}`,
    method: "GET",
    path: path`/group/${id}`,
    answer: wire.group,
    verify: (answered) => wire.answeredForAnother("group", answered, id),
  });
  const difference = group && differenceTo(group, request);
  if (difference) {
    return { conflict: `the id is taken by another group: ${difference}` };
  }
  return group && { value: group };
}

function differenceTo(group: wire.Group, request: CreateGroupRequest): string | undefined {
  if (group.deletedAt !== undefined) {
    return "it was deleted earlier";
  }
  if (group.kind && group.kind !== request.kind) {
    return `it is a ${group.kind}`;
  }
  if (group.parentId && group.parentId !== request.parentId) {
    return `its parent is ${group.parentId}`;
  }
  return undefined;
}

function describeCreation({ kind, name, id }: CreateGroupRequest): string {
  return `create ${kind} "${name}" (${id})`;
}
