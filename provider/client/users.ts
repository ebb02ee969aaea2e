import type { Call, ApiClient } from "./calls";
import {
  deleteRevision,
  type LookupResult,
  repeatedOnConflict,
  updateRevision,
  writeOnce,
} from "./write-once";
import { ApiError, AttemptFailed } from "./errors";
import { RequestBatcher, allPages, type Cursor, pageSize } from "./lists";
import { type ApiPath, path } from "./path";
import type { Budget } from "./retry";
import {
  type LoginIdentifier,
  type NewUser,
  type TokenLife,
  type User,
  user,
  userBody,
  userBodyWithoutToken,
  userPage,
} from "./user";
import type { EnvironmentAccess } from "./wire";
import * as wire from "./wire";

/*
 * Routes: Login
 * GET /user/current | who the account is, and the environment it is in | SDK (RawUserApiImpl)
 * GET /user/matches | the account's environments | SDK (RawUserApiImpl)
 */
/*
 * Routes: Users and organisations
 * GET /user/inGroup/{groupId} | all users of a group, to count them or to find administrators | SDK (RawUserApiImpl)
 * GET /user/inGroup/{groupId}/{userId} | one user, without its rights | SDK (RawUserApiImpl)
 * POST /user/filter/inGroup/{groupId} | users by id, by e-mail or phone, by healthcare party; rights | SDK (RawUserApiImpl); the CLI sends the same filters
 * POST /user/inGroup/{groupId} | creates a user | SDK (RawUserApiImpl)
 * POST /user/admin/inGroup/{groupId} | creates an administrator | SDK (RawUserApiImpl)
 * PUT /user/inGroup/{groupId} | replaces a user; withdraws a token by its `deletionDate` | SDK (RawUserApiImpl); server (AbstractSecureUserMapper)
 * DELETE /user/inGroup/{groupId}/{userId} | deletes a user | SDK (RawUserApiImpl)
 * POST /user/inGroup/{groupId}/token/{userId}/{key} | issues a token | SDK (RawUserApiImpl)
 * POST /user/{userId}/inGroup/{groupId}/roles/set | gives a user roles of its own | SDK (RawUserApiImpl)
 * POST /user/{userId}/inGroup/{groupId}/roles/reset | takes them away again | SDK (RawUserApiImpl)
 * PUT /user/{userId}/inGroup/{groupId}/identifiers | what another system calls the user | SDK (RawUserApiImpl)
 * DELETE /user/{userId}/inGroup/{groupId}/identifiers | takes that away | SDK (RawUserApiImpl), which sends no body; that the identifier is sent as one is assumed
 */

export type { LoginIdentifier, NewUser, TokenFacts, TokenLife, User, UserFields } from "./user";

/** The logged-in account's user. */
export interface Account {
  id: string;
  /** The group that the login is in. */
  groupId?: string;
  login?: string;
  email?: string;
  name?: string;
}

/** Which users {@link Users.find} finds: those of some ids, those whose name, e-mail or phone has a text, or a healthcare party's. */
export type UserFilter = { ids: readonly string[] } | { text: string } | { healthcarePartyId: string };

/** Users and accounts. Every method throws {@link ApiError}; reads and repeatable writes are retried. */
export class Users {
  readonly #calls: ApiClient;
  readonly #together = new RequestBatcher<User>(
    (groupId, ids) => this.find(groupId, { ids }),
    (groupId, id) => this.get(groupId, id),
  );

  constructor(calls: ApiClient) {
    this.#calls = calls;
  }

  /** Cockpit API: GET /user/current. */
  async current(): Promise<Account> {
    return this.#calls.call("read", {
      operation: "read the account's user",
      method: "GET",
      path: path`/user/current`,
      answer: wire.user,
    });
  }

  /** The environments, and single solutions or databases, that the account can log in to. Cockpit API: GET /user/matches. */
  async matches(): Promise<EnvironmentAccess[]> {
    return this.#calls.call("read", {
      operation: "list the account's environments",
      method: "GET",
      path: path`/user/matches`,
      answer: wire.userGroups,
    });
  }

  /** One user, without its rights; nothing when the API says 404. A soft-deleted one may answer with `deletedAt`. Cockpit API: GET /user/inGroup/{groupId}/{userId}. */
  async get(groupId: string, id: string): Promise<User | undefined> {
    return this.#calls.find("read", {
      operation: `read user ${id} of group ${groupId}`,
      method: "GET",
      path: path`/user/inGroup/${groupId}/${id}`,
      answer: user,
      verify: (answered) => wire.answeredForAnother("user", answered, id),
    });
  }

  /**
   * {@link get}, with its rights as far as the server tells: only lists and filters do. Those of a group that are asked for at the
   * same time, as by a refresh, are found by one request.
   */
  withRights(groupId: string, id: string): Promise<User | undefined> {
    return this.#together.get(groupId, id);
  }

  /** The users of a group that a filter finds; none where the API says 404. Cockpit API: POST /user/filter/inGroup/{groupId}. */
  async find(groupId: string, filter: UserFilter): Promise<User[]> {
    const operation = `find users of group ${groupId}`;
    return allPages(operation, this.#calls.retries, async ({ startDocumentId }, budget) => {
      const call: Call<typeof userPage> = {
        operation,
        method: "POST",
        path: path`/user/filter/inGroup/${groupId}`,
        query: { limit: pageSize, ...tellAdministrators, startDocumentId },
        body: { filter: wireFilter(filter) },
        answer: userPage,
      };
      return (await this.#calls.find("read", call, budget)) ?? { rows: [] };
    });
  }

  /** All users of a group, or the first pages that hold so many. Cockpit API: GET /user/inGroup/{groupId}. */
  async list(groupId: string, most = Infinity): Promise<User[]> {
    const operation = `list the users of group ${groupId}`;
    const page = (cursor: Cursor): Call<typeof userPage> => ({
      operation,
      method: "GET",
      path: path`/user/inGroup/${groupId}`,
      query: { limit: pageSize, ...tellAdministrators, ...cursor },
      answer: userPage,
    });
    return allPages(
      operation,
      this.#calls.retries,
      (cursor, budget) => this.#calls.call("read", page(cursor), budget),
      most,
    );
  }

  /**
   * Creates a user under an id that the caller chose. An id that exists is an error of code `conflict`, and so is a
   * login, e-mail or phone that another user of the group has: then the error's `field` names it.
   * `unknown-outcome` means that the user may exist. Cockpit API: POST /user/inGroup/{groupId}.
   */
  async create(groupId: string, newUser: NewUser): Promise<User> {
    return this.#create(groupId, newUser, "user", path`/user/inGroup/${groupId}`);
  }

  /** {@link create}, with the rights of an administrator of the group and all below it. Cockpit API: POST /user/admin/inGroup/{groupId}. */
  async createAdministrator(groupId: string, newUser: NewUser): Promise<User> {
    return this.#create(groupId, newUser, "administrator", path`/user/admin/inGroup/${groupId}`);
  }

  /**
   * Replaces a user: as it was read, its `rest` included, with what is to change. Tokens and rights stay. An old `rev`
   * is an error of code `conflict`, and so is a duplicate, whose `field` is named. Cockpit API: PUT /user/inGroup/{groupId}.
   */
  async update(groupId: string, changed: User): Promise<User> {
    return this.#put(groupId, changed, `update user ${changed.id} of group ${groupId}`, userBody(changed));
  }

  /** Soft deletion. An old `rev` is an error of code `conflict`. Cockpit API: DELETE /user/inGroup/{groupId}/{userId}. */
  async delete(groupId: string, id: string, rev: string): Promise<"deleted" | "absent"> {
    return deleteRevision(this.#calls, {
      operation: `delete user ${id} of group ${groupId}`,
      path: path`/user/inGroup/${groupId}/${id}`,
      rev,
      read: () => this.get(groupId, id),
    });
  }

  /**
   * A new token under a name; it replaces one that has the name. Never repeated blindly: `unknown-outcome` means that
   * there may be a token that nobody knows, which a second call replaces. A life of at most 600 seconds needs a fresh
   * login, which is made when the server asks for it. Cockpit API: POST /user/inGroup/{groupId}/token/{userId}/{key}.
   */
  async createToken(groupId: string, userId: string, name: string, life: TokenLife): Promise<string> {
    const token = await this.#calls.call("once", {
      operation: `create token "${name}" of user ${userId} in group ${groupId}`,
      method: "POST",
      path: path`/user/inGroup/${groupId}/token/${userId}/${name}`,
      query: { tokenValidity: "never" in life ? -1 : life.validitySeconds },
      answer: wire.singleText,
      plain: true,
      confidential: true,
    });
    this.#calls.answers.redactor.add(token);
    return token;
  }

  /**
   * Gives a user roles of its own or, without any list, those of its kind by default. Needs a fresh login, which is made when the
   * server asks for it. Cockpit API: POST /user/{userId}/inGroup/{groupId}/roles/set, /roles/reset.
   */
  async setRoles(groupId: string, id: string, roles: readonly string[] | undefined): Promise<void> {
    await this.#calls.call("idempotent-write", {
      operation: `set the roles of user ${id} of group ${groupId}`,
      method: "POST",
      answer: user,
      verify: (answered) => wire.answeredForAnother("user", answered, id),
      ...(roles === undefined
        ? { path: path`/user/${id}/inGroup/${groupId}/roles/reset` }
        : { path: path`/user/${id}/inGroup/${groupId}/roles/set`, body: { ids: roles } }),
    });
  }

  /** Adds what another system calls the user, in place of what that called it before. Cockpit API: PUT /user/{userId}/inGroup/{groupId}/identifiers. */
  async setLoginIdentifier(groupId: string, id: string, identifier: LoginIdentifier): Promise<void> {
    await this.#identify("PUT", groupId, id, identifier, { replaceExisting: true });
  }

  /** Takes away what another system calls the user. Cockpit API: DELETE /user/{userId}/inGroup/{groupId}/identifiers. */
  async removeLoginIdentifier(groupId: string, id: string, identifier: LoginIdentifier): Promise<void> {
    await this.#identify("DELETE", groupId, id, identifier);
  }

  /** Removes a token; begins again when someone else changes the user meanwhile. Cockpit API: PUT /user/inGroup/{groupId}. */
  async removeToken(groupId: string, userId: string, name: string): Promise<"deleted" | "absent"> {
    const operation = `remove token "${name}" of user ${userId} in group ${groupId}`;
    return repeatedOnConflict(async () => {
      const found = await this.get(groupId, userId);
      if (!found || found.deletedAt !== undefined || !hasToken(found, name)) {
        return "absent";
      }
      const now = this.#calls.retries.clock.now();
      const body = userBodyWithoutToken(found, name, now);
      const left = await this.#put(groupId, found, operation, body, (stored) => !hasToken(stored, name));
      if (!hasToken(left, name)) {
        return "deleted";
      }
      const problem = "the server kept it. Remove it in Cockpit.";
      throw new ApiError({ code: "rejected", operation, problem });
    });
  }

  async #identify(
    method: "PUT" | "DELETE",
    groupId: string,
    id: string,
    { assigner, value }: LoginIdentifier,
    query: Record<string, boolean> = {},
  ): Promise<void> {
    await this.#calls.call("idempotent-write", {
      operation: `change the login identifiers of user ${id} of group ${groupId}`,
      method,
      path: path`/user/${id}/inGroup/${groupId}/identifiers`,
      query,
      body: { assigner, value },
      answer: wire.nothing,
      plain: true,
    });
  }

  async #create(
    groupId: string,
    newUser: NewUser,
    kind: "user" | "administrator",
    createPath: ApiPath,
  ): Promise<User> {
    const { id } = newUser;
    const call: Call<typeof user> = {
      operation: `create ${kind} "${newUser.name ?? newUser.email ?? id}" (${id}) in group ${groupId}`,
      method: "POST",
      path: createPath,
      body: newUser,
      answer: user,
      // Whether the server keeps the id of an administrator is not published: what it answers counts.
      ...(kind === "user" && { verify: (answered: User) => wire.answeredForAnother("user", answered, id) }),
    };
    return writeOnce(this.#calls, {
      attempt: (budget) => this.#attempt(call, budget),
      findResult: async () => {
        const found = kind === "user" ? this.get(groupId, id) : this.withRights(groupId, id);
        return userConflict(await found, newUser, kind);
      },
      unknownText: `The ${kind} \`${id}\` may exist`,
      notFoundText: `Afterwards, no user \`${id}\` was found.`,
    });
  }

  #put(
    groupId: string,
    { id, rev }: User,
    operation: string,
    body: Record<string, unknown>,
    wasApplied?: (stored: User) => boolean,
  ): Promise<User> {
    return updateRevision(this.#calls, {
      call: {
        operation,
        method: "PUT",
        path: path`/user/inGroup/${groupId}`,
        body,
        answer: user,
        verify: (answered) => wire.answeredForAnother("user", answered, id),
      },
      attempt: (call, budget) => this.#attempt(call, budget),
      rev,
      read: () => this.get(groupId, id),
      bodyOf: userBody,
      ...(wasApplied && { wasApplied }),
      what: `user \`${id}\``,
    });
  }

  /** One attempt, whose refusal of a duplicate is a conflict that names the field. */
  async #attempt(call: Call<typeof user>, budget: Budget): Promise<User> {
    try {
      return await this.#calls.attempt(call, budget);
    } catch (error) {
      throw error instanceof AttemptFailed ? (duplicate(error.error) ?? error) : error;
    }
  }
}

/** Rights are stored apart from the user; lists and filters tell them where they are asked to. */
const tellAdministrators = { includeMetadataFromGlobalUser: true };

/** Server: "A user with Email a@b already exists", a 400, or a 409 of older ones. */
const duplicateUser = /\buser with (login|e-?mail|(?:mobile ?)?phone)\b.* already exists/i;

function duplicate(error: ApiError): AttemptFailed | undefined {
  const { operation, problem, status, serverMessage } = error;
  const word = duplicateUser.exec(serverMessage ?? "")?.[1]?.toLowerCase();
  if (word === undefined || (status !== 400 && status !== 409)) {
    return undefined;
  }
  const field = word === "login" ? "login" : word.endsWith("mail") ? "email" : "mobilePhone";
  return new AttemptFailed(
    new ApiError({ code: "conflict", operation, problem, status, serverMessage, field }),
    {
      outcome: "final",
      transient: false,
    },
  );
}

function wireFilter(filter: UserFilter): object {
  if ("ids" in filter) {
    return { $type: "UserByIdsFilter", ids: filter.ids };
  }
  return "text" in filter
    ? { $type: "UserByNameEmailPhoneFilter", searchString: filter.text }
    : { $type: "UserByHealthcarePartyIdFilter", healthcarePartyId: filter.healthcarePartyId };
}

function hasToken({ authenticationTokens }: User, name: string): boolean {
  return Object.hasOwn(authenticationTokens, name);
}

function userConflict(
  found: User | undefined,
  asked: NewUser,
  kind: "user" | "administrator",
): LookupResult<User> {
  if (!found) {
    return undefined;
  }
  const conflict = (difference: string) => ({
    conflict: `the id is taken by another user: ${difference}`,
    existingId: found.id,
  });
  if (found.deletedAt !== undefined) {
    return conflict("it was deleted earlier");
  }
  if (asked.email?.toLowerCase() !== found.email?.toLowerCase()) {
    return conflict("its e-mail is another");
  }
  if (asked.healthcarePartyId !== found.healthcarePartyId) {
    return conflict("its healthcare party is another");
  }
  if (kind === "administrator" && found.isAdministrator === false) {
    return conflict("it is not an administrator");
  }
  return { value: found };
}
