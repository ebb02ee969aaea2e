import {
  ApiError,
  type ApiErrorCode,
  type Cockpit,
  type Gateway,
  type Group,
  type Groups,
  type OperationToken,
  type Spec,
  type User,
  type Users,
} from "../../provider/client";
import type { Context } from "../../provider/runtime/context";
import { createContext } from "../../provider/runtime/create-context";

type Writes =
  "create" | "rename" | "setApplicationId" | "setProperties" | "delete" | "hardDelete" | "transfer";

/** What a call of the client ends with, where a server has refused it or said nothing. */
export function apiError(code: ApiErrorCode, operation = "do it"): ApiError {
  return new ApiError({ code, operation, problem: `the server says ${code}` });
}

/**
 * Environments behind a fake of the API client, for the rules of groups without HTTP: each account sees what is in its
 * environment, and the rest is forbidden. Everything above the client is the real thing.
 */
export class FakeCockpits {
  /** By id, deleted ones included. */
  readonly groups = new Map<string, Group>();
  /** The users of groups; of some only how many they are is asked. */
  readonly users = new Map<string, number | readonly User[]>();
  /** The external services of environments, as their gateway shows them. */
  readonly services = new Map<string, Partial<Spec>>();
  /** The writes that were sent, such as `ic-eu transfer ic-app`. */
  readonly writes: string[] = [];
  /** The reads, such as `ic-eu children ic-app`. */
  readonly reads: string[] = [];
  warnings: string[] = [];
  /** What comes in the way of a call: it may perform it, or not, and answer or fail. */
  readonly faults: Partial<Record<Writes | "get" | "children" | "list", (perform: () => Group) => Group>> =
    {};
  /** By the clock of the servers, which no answer has told yet. */
  serverTime: number | undefined;
  /** The group that the account of every connection is a user of. Default: the environment. */
  accountIn: string | undefined;
  now = Date.UTC(2026, 0, 1, 12);
  readonly #tokens = new Map<string, string>();

  constructor(...environmentIds: readonly string[]) {
    for (const id of environmentIds) {
      this.groups.set(id, { id, name: id, kind: "environment", servers: [], properties: [] });
    }
  }

  /** Puts a group there, past every program. */
  put(group: Pick<Group, "id"> & Partial<Group>): Group {
    const whole: Group = { rev: "1", name: group.id, servers: ["c1"], properties: [], ...group };
    this.groups.set(whole.id, whole);
    return whole;
  }

  solution(id: string, parentId: string, more: Partial<Group> = {}): Group {
    return this.put({ id, parentId, kind: "solution", ...more });
  }

  database(id: string, parentId: string, more: Partial<Group> = {}): Group {
    return this.put({ id, parentId, kind: "database", ...more });
  }

  /** An unused token for transfers into an environment, as its administrator sees it. */
  issue(environmentId: string, token: string, facts: Partial<OperationToken> = {}): void {
    const environment = this.#existing(environmentId);
    this.#tokens.set(token, environmentId);
    this.groups.set(environmentId, {
      ...environment,
      operationTokens: [...(environment.operationTokens ?? []), { id: token, ...facts }],
    });
  }

  /** A process whose configuration has these environments; of several each has its id as its key too. */
  context(environmentIds: readonly string[], variables: Readonly<Record<string, string>> = {}): Context {
    const [only = ""] = environmentIds;
    const login = { url: "https://cockpit.example", username: "ada@example.com", password: "secret" };
    const configuration: Record<string, string> =
      environmentIds.length === 1
        ? {
            "cockpit:url": login.url,
            "cockpit:username": login.username,
            "cockpit:password": login.password,
            "cockpit:environment": only,
          }
        : {
            "cockpit:environments": JSON.stringify(
              Object.fromEntries(environmentIds.map((id) => [id, { id, ...login }])),
            ),
          };
    return createContext({
      configuration: (key) => configuration[key],
      variables: (name) => variables[name],
      warn: (message) => void this.warnings.push(message),
      inform: () => undefined,
      connect: ({ environment }) => this.#connect(environment ?? only),
      now: () => this.now,
      pause: () => Promise.resolve(),
    });
  }

  /** Answers once as if the call had been performed or not, and the answer was lost on the way. */
  loseAnswers(call: Writes, ...performed: readonly boolean[]): void {
    const outcomes = [...performed];
    this.faults[call] = (perform) => {
      const outcome = outcomes.shift();
      if (outcome === undefined) {
        return perform();
      }
      if (outcome) {
        perform();
      }
      throw apiError("unknown-outcome");
    };
  }

  #connect(environmentId: string): Cockpit {
    const groups: Pick<Groups, Writes | "get" | "getIfVisible" | "children" | "list"> = {
      get: (id) => this.#read(environmentId, "get", id, () => this.#seenBy(environmentId, id)),
      getIfVisible: (id) =>
        groups.get(id).catch((error: unknown) => {
          if (error instanceof ApiError && error.code === "forbidden") {
            return undefined;
          }
          throw error;
        }),
      children: (id) =>
        this.#read(environmentId, "children", id, () => {
          if (!this.#seenBy(environmentId, id)) {
            throw apiError("not-found");
          }
          return [...this.groups.values()].filter(({ parentId }) => parentId === id);
        }),
      list: () =>
        this.#read(environmentId, "list", environmentId, () =>
          [...this.groups.values()].filter((group) => this.#environmentOf(group) === environmentId),
        ),
      create: async ({ kind, id, name, parentId, cluster = "c1", applicationId }) => {
        const group = await this.#write(environmentId, "create", id, () => {
          if (this.groups.has(id)) {
            throw apiError("conflict");
          }
          return this.put({
            id,
            name,
            kind,
            parentId,
            servers: [cluster],
            ...(applicationId === undefined ? {} : { applicationId }),
          });
        });
        return group;
      },
      rename: (id, name) => this.#write(environmentId, "rename", id, () => this.#change(id, { name })),
      setApplicationId: (id, applicationId) =>
        this.#write(environmentId, "setApplicationId", id, () =>
          this.#change(id, applicationId === undefined ? {} : { applicationId }),
        ),
      setProperties: (id, properties) =>
        this.#write(environmentId, "setProperties", id, () => this.#change(id, { properties })),
      delete: (id) =>
        this.#write(environmentId, "delete", id, () => this.#change(id, { deletedAt: this.now })).then(
          () => "deleted",
        ),
      hardDelete: (id) =>
        this.#write(environmentId, "hardDelete", id, () => {
          const group = this.#existing(id);
          this.groups.delete(id);
          return group;
        }).then(() => "deleted"),
      transfer: (id, token) =>
        this.#write(environmentId, "transfer", id, () => {
          const target = this.#tokens.get(token);
          if (target === undefined) {
            throw apiError("rejected");
          }
          this.#tokens.delete(token);
          const operationTokens = this.#existing(target).operationTokens?.filter((one) => one.id !== token);
          this.#change(target, { operationTokens: operationTokens ?? [] });
          return this.#change(id, { parentId: target });
        }),
    };
    const users: Pick<Users, "list" | "current"> = {
      list: (groupId) => {
        const known = this.users.get(groupId) ?? 0;
        return Promise.resolve(
          typeof known === "number"
            ? Array.from({ length: known }, (_, index) => ({ id: `u${index}` }) as User)
            : [...known],
        );
      },
      current: () =>
        Promise.resolve({ id: "robot", login: "robot", groupId: this.accountIn ?? environmentId }),
    };
    const gateway: Pick<Gateway, "spec"> = {
      spec: (specId) => {
        const spec = this.services.get(specId);
        return Promise.resolve(spec && { sender: {}, captchaSiteKeys: {}, demo: false, ...spec });
      },
    };
    const cockpit: Partial<Cockpit> = {
      url: "https://cockpit.example",
      username: "ada@example.com",
      groups: groups as Groups,
      users: users as Users,
      gateway: gateway as Gateway,
      environmentId: () => Promise.resolve(environmentId),
      environmentName: () => environmentId,
      serverTime: () => this.serverTime,
    };
    return cockpit as Cockpit;
  }

  #seenBy(environmentId: string, id: string): Group | undefined {
    const group = this.groups.get(id);
    if (group && this.#environmentOf(group) !== environmentId) {
      throw apiError("forbidden");
    }
    return group;
  }

  #environmentOf(group: Group): string {
    const parent = group.parentId === undefined ? undefined : this.groups.get(group.parentId);
    return parent ? this.#environmentOf(parent) : group.id;
  }

  #existing(id: string): Group {
    const group = this.groups.get(id);
    if (!group) {
      throw apiError("not-found");
    }
    return group;
  }

  #change(id: string, change: Partial<Group>): Group {
    const group = this.#existing(id);
    return this.put({ ...group, ...change, rev: `${Number(group.rev ?? 0) + 1}` });
  }

  #read<Value>(
    environmentId: string,
    call: "get" | "children" | "list",
    id: string,
    answer: () => Value,
  ): Promise<Value> {
    this.reads.push(`${environmentId} ${call} ${id}`);
    return new Promise((resolve) => {
      this.faults[call]?.(() => this.#existing(id));
      resolve(answer());
    });
  }

  #write(environmentId: string, call: Writes, id: string, perform: () => Group): Promise<Group> {
    this.writes.push(`${environmentId} ${call} ${id}`);
    return new Promise((resolve) => resolve(this.faults[call]?.(perform) ?? perform()));
  }
}
