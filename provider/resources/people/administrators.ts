import { CockpitError } from "../../errors";
import type { User } from "../../client";
import { computedUuid, type Identity } from "../../framework/identity";
import { Mutex } from "../../framework/mutex";
import { difference, hasOtherOwner, takeOver, type Takeover } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { createOnce, findCreated } from "../../runtime/safe-writes";
import { contactOf, describeUser, explainDuplicate, userByEmail, usernameOf, type Contact } from "./users";

export interface DeclaredAdministrator extends Contact {
  groupId: string;
  email: string;
}

/** Creates the administrator that a resource declares, or adopts an existing one. */
export async function createAdministrator(
  context: Context,
  resource: Identity,
  declared: DeclaredAdministrator,
): Promise<User> {
  const { groupId, name, email } = declared;
  const { users } = context.cockpit;
  const owner = await userByEmail(context, groupId, email);
  if (owner) {
    return adoptAdministrator(context, resource, declared, owner);
  }
  return createOnce<User>({
    what: `the administrator ${quoted(name)}`,
    idOf: (generation) => administratorUserId(resource, groupId, generation),
    get: (id) => users.withRights(groupId, id),
    post: async (id) => {
      try {
        return await users.createAdministrator(groupId, { id, ...contactOf(declared) });
      } catch (error) {
        throw await explainDuplicate(context, groupId, id, declared, error);
      }
    },
    isOwnedByOther: (id) => hasOtherOwner(context, resource, usernameOf(groupId, id)),
    adoptOrRefuse: (live) => adoptAdministrator(context, resource, declared, live),
  });
}

/** The administrator that a resource created under one of its names, if no id is known. */
export async function administratorOfResource(
  context: Context,
  names: readonly Identity[],
  groupId: string,
): Promise<User | undefined> {
  return findCreated(names, {
    idOf: (resource, generation) => administratorUserId(resource, groupId, generation),
    get: (id) => context.cockpit.users.get(groupId, id),
  });
}

/** Refuses to delete the account of this run and the last administrator of an environment, because nobody could create them again. */
export async function assertNotLastAdministrator(
  context: Context,
  groupId: string,
  user: User,
): Promise<void> {
  const { users } = context.cockpit;
  const account = await users.current();
  if (account.id === user.id && (account.groupId ?? groupId) === groupId) {
    throw new CockpitError({
      code: "own-account",
      what: `${describeUser(user)} is the account that this run is logged in as, so it is not deleted.`,
      remedy: `Run with another administrator's COCKPIT_USERNAME and COCKPIT_PASSWORD, or remove it from the state with \`pulumi state delete\`.`,
    });
  }
  if (groupId !== (await context.cockpit.environmentId())) {
    return;
  }
  const others = (await users.list(groupId)).filter(
    (other) =>
      other.id !== user.id &&
      other.isAdministrator === true &&
      other.deletedAt === undefined &&
      other.status !== "DISABLED",
  );
  if (others.length === 0) {
    throw new CockpitError({
      code: "last-administrator",
      what: `${describeUser(user)} is the last administrator of the environment ${groupId}, so it is not deleted: nobody could administer it any more.`,
      remedy: "Create another one first.",
    });
  }
}

/** Two concurrent deletions would each see the other's administrator as the remaining one. */
export const administratorDeletions = new Mutex();

/** Adopts an existing administrator, or throws. */
async function adoptAdministrator(
  context: Context,
  resource: Identity,
  declared: DeclaredAdministrator,
  live: User,
): Promise<User> {
  const { groupId, name, email, mobilePhone } = declared;
  const taken = `email: ${quoted(email)} already belongs to ${describeUser(live)} of the group ${groupId}`;
  if (live.isAdministrator === false) {
    throw new CockpitError({
      code: "contact-in-use",
      what: `${taken}, which is not an administrator. Nothing was created.`,
      remedy: "Use a different e-mail address.",
    });
  }
  await takeOver(context, resource, {
    ...takeoverOfAdministrator(groupId, live),
    otherwise: "rename this resource, or declare another e-mail address",
    ...(live.email === email && { before: `${taken}; ` }),
    differences: () => [
      ...difference("name:", live.name, name),
      ...difference("email:", live.email, email),
      ...(mobilePhone === undefined ? [] : difference("mobilePhone:", live.mobilePhone, mobilePhone)),
    ],
  });
  return live;
}

function takeoverOfAdministrator(groupId: string, user: User): Takeover {
  return { what: describeUser(user), id: usernameOf(groupId, user.id) };
}

/** The object that creation would adopt if COCKPIT_ADOPT names it. */
export async function findExistingAdministrator(
  context: Context,
  groupId: string,
  email: unknown,
): Promise<Takeover | undefined> {
  const owner = typeof email === "string" ? await userByEmail(context, groupId, email) : undefined;
  return owner && takeoverOfAdministrator(groupId, owner);
}

function administratorUserId(resource: Identity, groupId: string, generation: number): string {
  return computedUuid("Administrator", resource, [groupId], generation);
}
