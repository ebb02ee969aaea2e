import type { Calls } from "./calls";
import { path } from "./path";
import type { Group } from "./wire";
import * as wire from "./wire";

/** The logged-in account's user. */
export interface Account {
  id: string;
  /** The group that the login is in. */
  groupId?: string;
  login?: string;
  email?: string;
  name?: string;
}

/** One of the account's users: it has one in each group that it can log in to. */
export interface EnvironmentAccess {
  groupId: string;
  groupName?: string;
  userId: string;
  /** The groups that this one lies in, as far as the account may see them; the API does not say in which order. */
  hierarchy: Group[];
}

/** Users and accounts. */
export class Users {
  readonly #calls: Calls;

  constructor(calls: Calls) {
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
}
