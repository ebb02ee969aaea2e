import { RequestBatcher } from "./lists";
import { z } from "zod";
import type { Call, ApiClient } from "./calls";
import { deleteRevision, type LookupResult, writeOnce } from "./write-once";
import { path, type ApiPath } from "./path";
import type { HttpResponse } from "./transport";
import { answeredForAnother, present } from "./wire";

/*
 * Routes: Roles
 * GET /aa/icure/permissions | what a role can grant | SDK (RawAnonymousApiImpl)
 * GET /role/inGroup/{groupId} | the roles that a group may use | SDK (RawRoleApiImpl)
 * GET /role/{roleId} | one role | SDK (RawRoleApiImpl)
 * POST /role/{name}/inGroup/{groupId}/withDescription | creates one | SDK (RawRoleApiImpl)
 * PUT /role/{roleId} | replaces its permissions | SDK (RawRoleApiImpl)
 * PUT /role/{roleId}/inheritsUpTo/{levels} | how many levels below its group may use it | SDK (RawRoleApiImpl)
 * DELETE /role/{roleId}/inheritsUpTo | all levels may | SDK (RawRoleApiImpl)
 * DELETE /role/{roleId} | deletes it, with its revision | SDK (RawRoleApiImpl); what becomes of users that have it is not published
 * GET /group/{groupId}/defaultRoles | default roles by kind of user, and where they come from | SDK (RawGroupApiImpl)
 * POST /group/{groupId}/defaultRoles | sets those of one kind | SDK (RawGroupApiImpl); how to take a setting away is not published
 */

/** A set of permissions that users can be given (Cockpit API: Role). The id of a builtin one is its name. */
export interface Role {
  /** `<group>:<name>`; of a builtin one the name alone. */
  id: string;
  rev?: string;
  name?: string;
  description?: string;
  /** How many levels below its group may use it, from 0 on; absent: all. */
  inheritsUpTo?: number;
  permissions: string[];
}

/** One to be created; its id follows from these. */
export interface NewRole {
  groupId: string;
  name: string;
  permissions: readonly string[];
  description?: string | undefined;
  inheritsUpTo?: number | undefined;
}

/** Our words for kinds of users, and the wire's. */
const userTypesOnWire = {
  "healthcare-party": "HCP",
  patient: "PATIENT",
  device: "DEVICE",
  user: "USER",
} as const;

/** What kind of user somebody is: one with a healthcare party, a patient, a device, or none of them. */
export type UserType = keyof typeof userTypesOnWire;
export const userTypes = Object.keys(userTypesOnWire) as [UserType, ...UserType[]];

/** The roles that users of a kind have who were given none themselves. */
export interface DefaultRoles {
  roles: string[];
  /** `group`: set for this very group; `above`: for one that it is in; `builtin`: for none of them. */
  source: "group" | "above" | "builtin";
}

const sourcesOnWire = { CONFIGURATION: "group", INHERITED: "above", DEFAULT: "builtin" } as const;

const text = z.string().nullish();

/** Cockpit API: Role. */
const role = z
  .object({
    id: z.string().min(1),
    rev: text,
    name: text,
    description: text,
    inheritableUpTo: z.number().nullish(),
    permissions: z.array(z.string()).nullish(),
  })
  .transform(({ inheritableUpTo, permissions, ...wire }): Role => ({
    id: wire.id,
    ...present("rev", wire.rev),
    ...present("name", wire.name),
    ...present("description", wire.description),
    // Published: null is without a limit, and in another text of the same class -1.
    ...present("inheritsUpTo", inheritableUpTo === -1 ? undefined : inheritableUpTo),
    permissions: permissions ?? [],
  }));

/** Cockpit API: map of UserType to RoleConfiguration[]. */
const defaultRoles = z.record(
  z.string(),
  z.array(
    z.object({
      source: z.enum(["CONFIGURATION", "INHERITED", "DEFAULT"]),
      roles: z.array(z.string()).nullish(),
    }),
  ),
);

/** Roles, and which of them users have by default. Reads and repeatable writes are retried. */
export class Roles {
  readonly #calls: ApiClient;
  readonly #together = new RequestBatcher<Role>(
    (groupId, ids) => (ids.length === 1 ? Promise.resolve([]) : this.inGroup(groupId)),
    (_groupId, id) => this.get(id),
  );
  #permissions: Promise<string[]> | undefined;

  constructor(calls: ApiClient) {
    this.#calls = calls;
  }

  /** Every permission that a role can grant. Asked once. Cockpit API: GET /aa/icure/permissions. */
  permissions(): Promise<string[]> {
    this.#permissions ??= this.#calls
      .call("read", {
        operation: "list the permissions that roles can grant",
        method: "GET",
        path: path`/aa/icure/permissions`,
        answer: z.array(z.string()),
      })
      .catch((error: unknown) => {
        this.#permissions = undefined;
        throw error;
      });
    return this.#permissions;
  }

  /** One role; nothing when the API says 404. Cockpit API: GET /role/{id}. */
  async get(id: string): Promise<Role | undefined> {
    return this.#calls.find("read", {
      operation: `read role ${id}`,
      method: "GET",
      path: path`/role/${id}`,
      answer: role,
      verify: (answered) => answeredForAnother("role", answered, id),
    });
  }

  /** {@link get}; several of a group that are asked for at the same time, as by a refresh, are found in its list. */
  getOf(groupId: string, id: string): Promise<Role | undefined> {
    return this.#together.get(groupId, id);
  }

  /** The roles that a group may use: builtin ones, its own, and those from above that reach it. Cockpit API: GET /role/inGroup/{groupId}. */
  async inGroup(groupId: string): Promise<Role[]> {
    return this.#calls.call("read", {
      operation: `list the roles of group ${groupId}`,
      method: "GET",
      path: path`/role/inGroup/${groupId}`,
      answer: z.array(role),
    });
  }

  /**
   * Creates a role. A name that the group has is an error of kind `conflict`; `unknown-outcome` means that the role may exist.
   * Cockpit API: POST /role/{name}/inGroup/{groupId}/withDescription.
   */
  async create(newRole: NewRole): Promise<Role> {
    const { groupId, name, permissions, description, inheritsUpTo } = newRole;
    const id = roleIdOf(groupId, name);
    const call: Call<typeof role> = {
      operation: `create role ${id}`,
      method: "POST",
      path: path`/role/${name}/inGroup/${groupId}/withDescription`,
      query: { inheritsUpTo },
      body: { permissions, description },
      answer: role,
      verify: (answered) => answeredForAnother("role", answered, id),
      unknownRoute: noCustomRoles,
    };
    return writeOnce(this.#calls, {
      attempt: (budget) => this.#calls.attempt(call, budget),
      findResult: async () => asAsked(await this.get(id), newRole),
      unknownText: `The role \`${id}\` may exist`,
      notFoundText: `Afterwards, no role \`${id}\` was found.`,
    });
  }

  /** Replaces the permissions of a role. Cockpit API: PUT /role/{id}. */
  async setPermissions(id: string, wanted: readonly string[]): Promise<Role> {
    return this.#change(id, "permissions", { method: "PUT", path: path`/role/${id}`, body: wanted });
  }

  /** Sets how many levels below its group may use a role; without a value all. Cockpit API: PUT /role/{id}/inheritsUpTo/{levels}, DELETE /role/{id}/inheritsUpTo. */
  async setInheritance(id: string, levels: number | undefined): Promise<Role> {
    return this.#change(
      id,
      "inheritance",
      levels === undefined
        ? { method: "DELETE", path: path`/role/${id}/inheritsUpTo` }
        : { method: "PUT", path: path`/role/${id}/inheritsUpTo/${String(levels)}` },
    );
  }

  /** Deletes a role for good. An old `rev` is an error of kind `conflict`. Cockpit API: DELETE /role/{id}. */
  async delete(id: string, rev: string): Promise<"deleted" | "absent"> {
    return deleteRevision(this.#calls, {
      operation: `delete role ${id}`,
      path: path`/role/${id}`,
      rev,
      read: () => this.get(id),
    });
  }

  /** What users of a kind get in a group by default, and by which setting; nothing where there is no such group. Cockpit API: GET /group/{groupId}/defaultRoles. */
  async defaults(groupId: string, userType: UserType): Promise<DefaultRoles | undefined> {
    return (await this.allDefaults(groupId))?.[userType];
  }

  /** {@link defaults} of every kind of user, by one request. */
  async allDefaults(groupId: string): Promise<Record<UserType, DefaultRoles> | undefined> {
    const all = await this.#calls.find("read", {
      operation: `read the default roles of group ${groupId}`,
      method: "GET",
      path: path`/group/${groupId}/defaultRoles`,
      answer: defaultRoles,
    });
    return (
      all &&
      (Object.fromEntries(
        userTypes.map((userType) => [userType, nearestSetting(all[userTypesOnWire[userType]] ?? [])]),
      ) as Record<UserType, DefaultRoles>)
    );
  }

  /** Sets them for a group and for what is in it and has no setting of its own. Cockpit API: POST /group/{groupId}/defaultRoles. */
  async setDefaults(groupId: string, userType: UserType, ids: readonly string[]): Promise<void> {
    await this.#calls.call("idempotent-write", {
      operation: `set the default roles of group ${groupId}`,
      method: "POST",
      path: path`/group/${groupId}/defaultRoles`,
      query: { userType: userTypesOnWire[userType] },
      body: { ids },
      answer: z.looseObject({}),
    });
  }

  #change(
    id: string,
    what: string,
    call: { method: "PUT" | "DELETE"; path: ApiPath; body?: unknown },
  ): Promise<Role> {
    return this.#calls.call("idempotent-write", {
      operation: `set the ${what} of role ${id}`,
      ...call,
      answer: role,
      verify: (answered) => answeredForAnother("role", answered, id),
    });
  }
}

/** The nearest setting counts, whatever else is listed. */
function nearestSetting(settings: z.output<typeof defaultRoles>[string]): DefaultRoles {
  const [setting] = (["CONFIGURATION", "INHERITED", "DEFAULT"] as const).flatMap(
    (source) => settings.find((one) => one.source === source) ?? [],
  );
  return { roles: setting?.roles ?? [], source: sourcesOnWire[setting?.source ?? "DEFAULT"] };
}

/** Cockpit gives a role the id of its group and its name. */
export function roleIdOf(groupId: string, name: string): string {
  return `${groupId}:${name}`;
}

/** Whether an id is that of a role which every server has. */
export function isBuiltin({ id }: Pick<Role, "id">): boolean {
  return !id.includes(":");
}

/** The group was there a moment ago. */
function noCustomRoles({ status }: HttpResponse): string | undefined {
  return [404, 405, 501].includes(status)
    ? `the server answered ${status}: it does not know the route, so it can't make roles of a group's own. Ask whoever runs it for a newer version`
    : undefined;
}

function asAsked(found: Role | undefined, asked: NewRole): LookupResult<Role> {
  if (!found) {
    return undefined;
  }
  const isSame =
    found.description === asked.description &&
    found.inheritsUpTo === asked.inheritsUpTo &&
    isSameSet(found.permissions, asked.permissions);
  return isSame ? { value: found } : { conflict: "the name is taken by another role", existingId: found.id };
}

/** Whether both hold the same, in whatever order. */
export function isSameSet(one: readonly string[], other: readonly string[]): boolean {
  const [first, second] = [new Set(one), new Set(other)];
  return first.size === second.size && [...first].every((each) => second.has(each));
}
