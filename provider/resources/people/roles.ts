import { z } from "zod";
import { CockpitError } from "../../errors";
import { type Group, isBuiltin, isSameSet, type Role, roleIdOf, type User } from "../../client";
import { liveChildren } from "../../runtime/cockpit-cache";
import type { CheckFailure } from "../../framework/validation";
import type { Context } from "../../runtime/context";
import { describeGroup, nearest, quoted } from "../../runtime/messages";
import { describeUser } from "./users";
import { described } from "../../framework/field";
import { chosenGroupId } from "../../runtime/inputs";

/** What the id of a role looks like: `<group>:<name>`, or the name of a builtin one. */
const roleId = z
  .string()
  .regex(
    /^([A-Za-z0-9_-]+:)?[A-Z0-9_]+$/,
    "is not the id of a role: that is the name of a builtin one, or <group id>:<name>",
  );

/** Ids of roles, in any order. */
export const roleIds = z
  .array(roleId)
  .refine((ids) => new Set(ids).size === ids.length, "must not name a role twice");

export function describeRole({ id }: Pick<Role, "id">): string {
  return `the role ${quoted(id)}`;
}

/** Why permissions can't be granted: there are none of that name. Nothing where the server doesn't tell which there are. */
export async function permissionFailures(
  context: Context,
  permissions: readonly string[],
  before: readonly string[] = [],
): Promise<CheckFailure[]> {
  if (isSameSet(permissions, before)) {
    return [];
  }
  const known = await undefinedOnError(() => context.cockpit.roles.permissions());
  const unknown = known && permissions.filter((one) => !known.includes(one));
  return unknown === undefined || unknown.length === 0
    ? []
    : [
        {
          property: "permissions",
          code: "invalid-value",
          reason: unknown.map((one) => missing("permission", one, known ?? [])).join("; "),
        },
      ];
}

/** Why roles can't be given in a group: it has none of that id. Nothing of those that the run may still create, or where the server doesn't tell. */
export async function roleFailures(
  context: Context,
  groupId: string,
  ids: readonly string[],
  before: readonly string[] = [],
): Promise<CheckFailure[]> {
  if (ids.length === 0 || isSameSet(ids, before)) {
    return [];
  }
  const usable = await undefinedOnError(async () => {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    return cockpit.roles.inGroup(groupId);
  });
  if (usable === undefined) {
    return [];
  }
  const known = usable.map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id) && !context.idReservations.isReserved(id));
  const reasons = unknown.map((id) => {
    const owner = isBuiltin({ id }) ? undefined : id.split(":")[0];
    return owner === undefined || owner === groupId
      ? missing("role", id, known)
      : `the group ${groupId} may not use the role ${quoted(id)}: it is of the group ${owner} and not inherited from there, or there is no such role`;
  });
  return reasons.length === 0
    ? []
    : [{ property: "roles", code: "invalid-value", reason: reasons.join("; ") }];
}

/** Whether the name is that of a role which every server has; unknown where the server doesn't tell. */
export async function isNameBuiltin(context: Context, name: string): Promise<boolean> {
  const all = await undefinedOnError(async () =>
    context.cockpit.roles.inGroup(await context.cockpit.environmentId()),
  );
  return all?.some((role) => isBuiltin(role) && role.id === name) === true;
}

/** Refuses to delete a role that somebody has: they would go on with less than they were given, and nobody would be told. */
export async function assertUnused(context: Context, groupId: string, name: string): Promise<void> {
  const id = roleIdOf(groupId, name);
  const groups = await withDescendants(context, groupId);
  const uses = (await Promise.all(groups.map((group) => usesIn(context, group, id)))).flat();
  if (uses.length > 0) {
    const more = uses.length > maxNamed ? `, and ${uses.length - maxNamed} more` : "";
    throw new CockpitError({
      code: "role-in-use",
      what: `${describeRole({ id })} was not deleted, because it is in use: ${uses.slice(0, maxNamed).join(", ")}${more}.`,
      remedy:
        "Give them other roles first, then delete it. Where its group is to go with everything in it, remove the role from the state instead (pulumi state delete).",
    });
  }
}

const maxNamed = 5;
/** As many users of a group are looked at: one page. A database may hold those of all its patients. */
const maxUsers = 1000;

async function usesIn(context: Context, group: Group, id: string): Promise<string[]> {
  const { users: all } = context.cockpit;
  const users = await emptyIfDeleted(context, group.id, () => all.list(group.id, maxUsers));
  const having = users.filter((user: User) => user.deletedAt === undefined && user.ownRoles?.includes(id));
  return [
    ...(group.defaultRoles?.includes(id) ? [`by default in ${describeGroup(group)}`] : []),
    ...having.map((user) => `${describeUser(user)} of ${describeGroup(group)}`),
  ];
}

/** No items if the group no longer exists, because other deletions of the same run go on at the same time. */
async function emptyIfDeleted<Item>(
  context: Context,
  groupId: string,
  list: () => Promise<Item[]>,
): Promise<Item[]> {
  try {
    return await list();
  } catch (error) {
    const now = await context.cockpit.groups.get(groupId);
    if (now !== undefined && now.deletedAt === undefined) {
      throw error;
    }
    return [];
  }
}

async function withDescendants(context: Context, groupId: string): Promise<Group[]> {
  const { groups } = context.cockpit;
  const group = await groups.get(groupId);
  const below = async (parent: Group): Promise<Group[]> => {
    const children =
      parent.kind === "database"
        ? []
        : await emptyIfDeleted(context, parent.id, () => liveChildren(groups, parent.id));
    return [...children, ...(await Promise.all(children.map(below))).flat()];
  };
  return group && group.deletedAt === undefined ? [group, ...(await below(group))] : [];
}

/** Undefined on an error: a preview can do without the answer, and the run reports the error. */
async function undefinedOnError<Answer>(ask: () => Promise<Answer>): Promise<Answer | undefined> {
  try {
    return await ask();
  } catch {
    return undefined;
  }
}

function missing(what: string, name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no ${what} ${quoted(name)}${near === undefined ? "" : `; did you mean ${quoted(near)}?`}`;
}

export const byRoleGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose roles to look at.", chosenGroupId),
});
