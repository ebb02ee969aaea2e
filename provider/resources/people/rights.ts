import { type LoginIdentifier, type User, isSameSet } from "../../client";
import type { Context } from "../../runtime/context";

/** What is stored apart from the user: roles of its own, and what other systems call it. */
export interface Rights {
  roles?: readonly string[] | undefined;
  loginIdentifiers?: readonly LoginIdentifier[] | undefined;
}

/** Updates a user's rights to their declaration. Rights that were never declared are left as they are; without declared roles the user gets the default ones again. */
export async function applyRights(
  context: Context,
  groupId: string,
  userId: string,
  { roles, loginIdentifiers }: Rights,
  before: Rights = {},
): Promise<void> {
  const areRolesOurs = roles !== undefined || before.roles !== undefined;
  const areIdentifiersOurs = loginIdentifiers !== undefined || before.loginIdentifiers !== undefined;
  if (!areRolesOurs && !areIdentifiersOurs) {
    return;
  }
  const { users } = context.cockpit;
  const live = await users.withRights(groupId, userId);
  if (areRolesOurs && !hasRoles(live, roles)) {
    await users.setRoles(groupId, userId, roles);
  }
  if (areIdentifiersOurs) {
    const wanted = loginIdentifiers ?? [];
    const held = live?.loginIdentifiers ?? [];
    // Those of a system that is named are replaced.
    for (const gone of held.filter(({ assigner }) => !wanted.some((one) => one.assigner === assigner))) {
      await users.removeLoginIdentifier(groupId, userId, gone);
    }
    for (const missing of wanted.filter((one) => !held.some((other) => isSameIdentifier(one, other)))) {
      await users.setLoginIdentifier(groupId, userId, missing);
    }
  }
}

/** Whether these are a user's own roles, in whatever order; without any: whether it has none of its own. */
export function hasRoles(user: User | undefined, roles: readonly string[] | undefined): boolean {
  return roles === undefined || user?.ownRoles === undefined
    ? roles === user?.ownRoles
    : isSameSet(user.ownRoles, roles);
}

export function isSameIdentifiers(
  one: readonly LoginIdentifier[],
  other: readonly LoginIdentifier[],
): boolean {
  return one.length === other.length && one.every((each) => other.some((its) => isSameIdentifier(each, its)));
}

function isSameIdentifier(one: LoginIdentifier, other: LoginIdentifier): boolean {
  return one.assigner === other.assigner && one.value === other.value;
}
