import { isDeepStrictEqual } from "node:util";
import { CockpitError } from "../../errors";
import { isApiError, type User } from "../../client";
import type { Identity } from "../../framework/identity";
import type { CheckFailure } from "../../framework/validation";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { normalizedEmail } from "../../runtime/inputs";
import { isLive, deleteLatest, updateLatest } from "../../runtime/safe-writes";
import { containsUnknown, type Properties } from "../../framework/values";
import { groupToImport, placeOfGroup } from "../../runtime/environments";

/** What a program says of a user. */
export interface Contact {
  name: string;
  email?: string | undefined;
  mobilePhone?: string | undefined;
  /** Default: Cockpit takes the e-mail or, without one, the phone. */
  login?: string | undefined;
}

/** What the state says of the same. */
export type ContactBefore = Partial<Contact>;

/** As an error names it. */
export function describeUser(user: User): string {
  return `${user.isAdministrator === true ? "the administrator" : "the user"} ${quoted(user.name ?? user.email ?? user.login ?? user.id)} (id ${user.id})`;
}

/** The name that apps log in with. */
export function usernameOf(groupId: string, userId: string): string {
  return `${groupId}/${userId}`;
}

/** Updates a live user to its declaration. Undefined: it no longer exists. */
export async function rewriteUser(
  context: Context,
  groupId: string,
  userId: string,
  declared: Contact,
  before: ContactBefore,
  more: Partial<User> = {},
): Promise<User | undefined> {
  const { users } = context.cockpit;
  try {
    return await updateLatest<User>({
      read: () => users.get(groupId, userId),
      changes: (live) => ({ ...contactChanges(live, declared, before), ...changesOf(live, more) }),
      write: (changed) => users.update(groupId, changed),
    });
  } catch (error) {
    throw await explainDuplicate(context, groupId, userId, declared, error);
  }
}

/** Whether it existed. */
export function removeUser(context: Context, groupId: string, userId: string): Promise<boolean> {
  const { users } = context.cockpit;
  return deleteLatest<User>({
    read: () => users.get(groupId, userId),
    delete: (rev) => users.delete(groupId, userId, rev),
  });
}

/** Adds to a conflict which property is a duplicate, and of whom as far as the account can see. */
export async function explainDuplicate(
  context: Context,
  groupId: string,
  userId: string,
  declared: Contact,
  error: unknown,
): Promise<unknown> {
  if (!isApiError(error) || (error.field === undefined && error.code !== "rejected")) {
    return error;
  }
  // Cockpit takes the e-mail for the login where none is given. A server may refuse a duplicate without saying of what.
  const named =
    error.field === undefined
      ? (["email", "mobilePhone", "login"] as const)
      : [propertyOf(error.field, declared)];
  const texts = named.map((property) => declared[property]).filter((text) => text !== undefined);
  const searches = texts.map((text) => context.cockpit.users.find(groupId, { text }).catch(() => []));
  const users = (await Promise.all(searches)).flat();
  const owners = named.flatMap((property) => {
    const value = declared[property];
    const owner = users.find(
      (user) =>
        value !== undefined && user.id !== userId && (user[property] === value || user.login === value),
    );
    return owner || error.field !== undefined ? [{ property, value, owner }] : [];
  });
  const [taken] = owners;
  if (!taken) {
    return error;
  }
  const { property, value, owner } = taken;
  return new CockpitError({
    code: "contact-in-use",
    what: `${property}: ${quoted(value ?? "")} already belongs to ${owner ? describeUser(owner) : "another user"} of the group ${groupId}, and it must be unique within a group.`,
    remedy: "Declare another one, or change it there.",
  });
}

function propertyOf(field: string, { login }: Contact): "email" | "mobilePhone" | "login" {
  if (field === "mobilePhone") {
    return field;
  }
  return field === "login" && login !== undefined ? "login" : "email";
}

/** Refuses an e-mail address that another resource of the program gives to somebody in the same group. */
export function emailFailures(
  { idReservations }: Pick<Context, "idReservations">,
  resource: Identity,
  groupId: unknown,
  email: unknown,
): CheckFailure[] {
  return typeof groupId !== "string" ||
    typeof email !== "string" ||
    idReservations.reserve(`${groupId}/${normalizedEmail(email)}`, resource)
    ? []
    : [
        {
          property: "email",
          code: "contact-in-use",
          reason: `another resource of this program gives it to somebody in the group ${groupId} too, and it must be unique within a group`,
        },
      ];
}

/** The user of a group who has the e-mail, also as a login where the server's search finds that. */
export async function userByEmail(
  context: Context,
  groupId: string,
  email: string,
): Promise<User | undefined> {
  if (context.groupCache.wasCreatedHere(groupId)) {
    return undefined;
  }
  const users = await context.cockpit.users.find(groupId, { text: email });
  return (
    users.find((user) => isOf(user.email, email) && user.deletedAt === undefined) ??
    users.find((user) => isOf(user.login, email) && user.deletedAt === undefined)
  );
}

function isOf(one: string | undefined, email: string): boolean {
  return one !== undefined && normalizedEmail(one) === normalizedEmail(email);
}

function contactChanges(live: User, declared: Contact, before: ContactBefore): Partial<User> {
  const { name, email, login } = declared;
  const follows = live.login !== undefined && live.login === live.email && live.email !== email;
  return {
    ...changesOf(live, { name, ...managedFields(["email", "mobilePhone", "login"], declared, before) }),
    // A login that was not chosen is the e-mail, and stays it.
    ...(login === undefined && email !== undefined && follows ? { login: email } : {}),
  };
}

/** The fields that a program declares, or no longer declares. All others are left as they are. */
export function managedFields<Key extends string>(
  keys: readonly Key[],
  declared: { [K in Key]?: unknown },
  before: { [K in Key]?: unknown },
): { [K in Key]?: never } {
  const own = keys.filter((key) => declared[key] !== undefined || before[key] !== undefined);
  return Object.fromEntries(own.map((key) => [key, declared[key]])) as { [K in Key]?: never };
}

/** The declared fields that differ from the live object. */
export function changesOf<Thing extends object>(live: Thing, wanted: Partial<Thing>): Partial<Thing> {
  return Object.fromEntries(
    Object.entries(wanted).filter(([key, value]) => !isDeepStrictEqual(live[key as keyof Thing], value)),
  ) as Partial<Thing>;
}

/** What of a declaration goes into the user itself. */
export function contactOf({ name, email, mobilePhone, login }: Contact): Contact {
  return {
    name,
    ...(email === undefined ? {} : { email }),
    ...(mobilePhone === undefined ? {} : { mobilePhone }),
    ...(login === undefined ? {} : { login }),
  };
}

/**
 * The id of the user that a resource has, for its checked inputs: an update in place keeps it, and without it a preview would
 * show whatever depends on it as changed. Looked up once, for the first update; carried over afterwards.
 */
export async function knownUserId(
  olds: Properties | undefined,
  news: Properties,
  keys: { place: string; changeable: readonly string[] },
  find: () => Promise<User | undefined>,
): Promise<string | undefined> {
  if (!olds || olds[keys.place] !== news[keys.place]) {
    return undefined;
  }
  if (typeof olds.userId === "string" && olds.userId !== "") {
    return olds.userId;
  }
  const changes = [...keys.changeable, "deletionProtection"].some(
    (key) => containsUnknown(news[key]) || !isDeepStrictEqual(olds[key], news[key]),
  );
  return changes ? (await find())?.id : undefined;
}

export async function userToImport(
  context: Context,
  groupId: string,
  userId: string,
): Promise<{ user: User; environmentId: string } | undefined> {
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const user = await place?.at.cockpit.users.get(groupId, userId);
  return place && isLive(user) ? { user, environmentId: place.environmentId } : undefined;
}

export async function usersOf(context: Context, groupId: string): Promise<User[]> {
  const { at } = await placeOfGroup(context, groupId);
  return (await at.cockpit.users.list(groupId)).filter(isLive);
}
