import { CockpitError } from "../../errors";
import {
  isBuiltin,
  userTypes,
  type HealthcareParty,
  type Role,
  type User,
  type UserType,
} from "../../client";
import { withoutUndefined } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { isLive } from "../people/safe-writes";
import { madeUserOf } from "../people/organisation";
import { tokenOf, type HeldToken, type TokenPlace } from "../people/tokens";
import { describeUser, usernameOf } from "../people/users";
import {
  databasesIn,
  groupToImport,
  idParts,
  type Place,
  placeOfGroup,
  places,
} from "../../runtime/environments";
import type { Listed } from "../../framework/resource";
import { z } from "zod";
import { described } from "../../framework/field";
import { chosenGroupId, pathSegment } from "../../runtime/inputs";

/** By its id alone it may be in any database. Which of its public keys the program declares is not told. */
export async function importOrganisation(context: Context, id: string) {
  for (const place of await places(context)) {
    const { cockpit } = place.at;
    for (const { id: databaseId } of await databasesIn(place)) {
      const party: HealthcareParty | undefined = await cockpit.healthcareParties.get(databaseId, id);
      if (!isLive(party)) {
        continue;
      }
      // One that was made by hand has an id of Cockpit's choice.
      const user =
        (await madeUserOf(place.at, databaseId, id)) ??
        (await cockpit.users.list(databaseId)).find((one) => isLive(one) && one.healthcarePartyId === id);
      return organisationState(place, databaseId, party, user);
    }
  }
  return undefined;
}

export function organisationState(
  { environmentId }: Place,
  databaseId: string,
  party: HealthcareParty,
  user: User | undefined,
) {
  return {
    databaseId,
    name: party.name ?? "",
    email: user?.email ?? "",
    ...(user?.mobilePhone === undefined ? {} : { mobilePhone: user.mobilePhone }),
    userId: user?.id ?? "",
    username: user ? usernameOf(databaseId, user.id) : "",
    deletionProtection: true,
    environmentId,
  };
}

/** By its id alone it may be in any database: that of its healthcare party or, without one, of itself. */
export async function importUser(context: Context, id: string) {
  for (const place of await places(context)) {
    const { cockpit } = place.at;
    for (const { id: databaseId } of await databasesIn(place)) {
      const party: HealthcareParty | undefined = await cockpit.healthcareParties.get(databaseId, id);
      const isParty = isLive(party);
      const found = isParty
        ? (await cockpit.users.find(databaseId, { healthcarePartyId: id })).find(isLive)
        : await cockpit.users.withRights(databaseId, id);
      const user = isLive(found) ? found : undefined;
      if (!isParty && !user) {
        continue;
      }
      const isOther = user?.patientId ?? user?.deviceId ?? (isParty ? undefined : user?.healthcarePartyId);
      if (user && isOther !== undefined) {
        throw new CockpitError({
          code: "wrong-kind",
          what: `${describeUser(user)} is a patient, a device, or the user of the healthcare party ${quoted(isOther)}, so it was not imported.`,
          remedy: "Import a healthcare party by its own id; patients and devices are not declared.",
        });
      }
      return userState(place, databaseId, isParty ? party : undefined, user);
    }
  }
  return undefined;
}

/** Somebody with a first or last name is a person, any other healthcare party an organisation, and who is none a technical user. */
export function userState(
  { environmentId }: Place,
  databaseId: string,
  party: HealthcareParty | undefined,
  user: User | undefined,
) {
  return {
    databaseId,
    userType: party
      ? isPerson(party)
        ? ("healthcare-party" as const)
        : ("organisation" as const)
      : ("user" as const),
    name: user?.name ?? party?.name ?? "",
    ...given({
      firstName: party?.firstName,
      lastName: party?.lastName,
      parentId: party?.parentId,
      email: user?.email,
      mobilePhone: user?.mobilePhone,
      login: user?.login === user?.email ? undefined : user?.login,
      roles: user?.ownRoles,
    }),
    userId: user?.id ?? "",
    username: user ? usernameOf(databaseId, user.id) : "",
    deletionProtection: true,
    environmentId,
  };
}

export function isPerson({ firstName, lastName }: HealthcareParty): boolean {
  return firstName !== undefined || lastName !== undefined;
}

function given<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  return withoutUndefined(fields);
}

export async function importAdministrator(context: Context, id: string) {
  const [groupId = "", userId = ""] = idParts(id, "groupId/userId");
  const found = await userToImport(context, groupId, userId);
  if (!found) {
    return undefined;
  }
  const { user, environmentId } = found;
  if (user.isAdministrator === false) {
    throw new CockpitError({
      code: "wrong-kind",
      what: `${describeUser(user)} does not administer the group ${groupId}, so it was not imported.`,
      remedy: "Give the id of an administrator.",
    });
  }
  return administratorState(environmentId, groupId, user);
}

export function administratorState(environmentId: string, groupId: string, user: User) {
  return {
    groupId,
    name: user.name ?? "",
    email: user.email ?? "",
    ...(user.mobilePhone === undefined ? {} : { mobilePhone: user.mobilePhone }),
    userId: user.id,
    deletionProtection: true,
    environmentId,
  };
}

/** Cockpit shows a token once, so its value stays empty. */
export async function importAccessToken(context: Context, id: string) {
  const [groupId = "", userId = "", name = ""] = idParts(id, "groupId/userId/name");
  const found = await userToImport(context, groupId, userId);
  const held = found && tokenOf(context, found.user, name);
  if (!held || held.hasExpired) {
    return undefined;
  }
  context.warn(
    `Cockpit shows a token only once, so the output \`token\` of the imported ${JSON.stringify(name)} is empty. To have a token whose value is known, issue it again with \`pulumi up --replace\`; the old value then no longer works.`,
  );
  return accessTokenState(found.environmentId, { groupId, userId, name }, held);
}

export function accessTokenState(
  environmentId: string,
  place: TokenPlace,
  { createdAt, expiresAt }: Pick<HeldToken, "createdAt" | "expiresAt">,
) {
  const life =
    createdAt === undefined || expiresAt === undefined
      ? undefined
      : Math.round((Date.parse(expiresAt) - createdAt) / 1000);
  return {
    ...place,
    never: expiresAt === undefined,
    ...(life === undefined ? {} : { expiresIn: life }),
    deletionProtection: true,
    token: "",
    ...(expiresAt === undefined ? {} : { expiresAt }),
    environmentId,
    ...(createdAt === undefined ? {} : { __createdAt: createdAt }),
  };
}

export async function importRole(context: Context, id: string) {
  const groupId = id.split(":")[0] ?? "";
  if (isBuiltin({ id })) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import has the form <group id>:<NAME>, like the resource's own id; ${quoted(id)} has not. Builtin roles can't be managed.`,
    });
  }
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const role = await place?.at.cockpit.roles.get(id);
  if (!place || !role) {
    return undefined;
  }
  return roleState(place, groupId, role);
}

export function roleState({ environmentId }: Place, groupId: string, role: Role) {
  const { id, description, inheritsUpTo, permissions } = role;
  return {
    groupId,
    name: id.slice(groupId.length + 1),
    permissions,
    ...(description === undefined ? {} : { description }),
    ...(inheritsUpTo === undefined ? {} : { inheritsUpTo }),
    deletionProtection: true,
    environmentId,
  };
}

export async function importDefaultRoles(context: Context, id: string) {
  const [groupId = "", kind = ""] = idParts(id, "groupId/userType");
  const userType = userTypes.find((one) => one === kind);
  if (userType === undefined) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import ends with one of ${userTypes.join(", ")}, not with ${quoted(kind)}.`,
    });
  }
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const live = await place?.at.cockpit.roles.defaults(groupId, userType);
  if (!place || live?.source !== "group") {
    return undefined;
  }
  return defaultRolesState(place, groupId, userType, live.roles);
}

/** What users had before is not known any more: deleting it leaves what is there. */
export function defaultRolesState(
  { environmentId }: Place,
  groupId: string,
  userType: UserType,
  roles: string[],
) {
  return { groupId, userType, roles, previousRoles: roles, deletionProtection: true, environmentId };
}

async function userToImport(
  context: Context,
  groupId: string,
  userId: string,
): Promise<{ user: User; environmentId: string } | undefined> {
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const user = await place?.at.cockpit.users.get(groupId, userId);
  return place && isLive(user) ? { user, environmentId: place.environmentId } : undefined;
}

/** By the users that log in as them, since the API lists no healthcare parties of another group. */
export async function listOrganisations(
  context: Context,
  { databaseId }: { databaseId: string },
): Promise<Listed[]> {
  const users = await usersOf(context, databaseId);
  return users.flatMap(({ healthcarePartyId: id, name }) =>
    id === undefined ? [] : [{ id, name: name ?? id }],
  );
}

export const byDatabase = z.strictObject({
  databaseId: described("Id of the database whose organisations to list.", chosenGroupId),
});

/** Healthcare parties by their own ids, others by that of the user; patients and devices are left out. */
export async function listUsers(context: Context, { databaseId }: { databaseId: string }): Promise<Listed[]> {
  const users = await usersOf(context, databaseId);
  return users
    .filter(({ patientId, deviceId }) => patientId === undefined && deviceId === undefined)
    .map(({ id, healthcarePartyId, name, email }) => ({
      id: healthcarePartyId ?? id,
      name: name ?? email ?? id,
    }));
}

export const byUserDatabase = z.strictObject({
  databaseId: described("Id of the database whose users to list, without patients.", chosenGroupId),
});

export async function listAdministrators(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const users = await usersOf(context, groupId);
  return users
    .filter(({ isAdministrator }) => isAdministrator === true)
    .map(({ id, name, email }) => ({ id: usernameOf(groupId, id), name: name ?? email ?? id }));
}

export const byGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose users to look at.", chosenGroupId),
});

export async function listAccessTokens(
  context: Context,
  { groupId, userId }: { groupId: string; userId?: string | undefined },
): Promise<Listed[]> {
  const users = await usersOf(context, groupId);
  return users
    .filter(({ id }) => userId === undefined || id === userId)
    .flatMap(({ id, authenticationTokens }) =>
      Object.keys(authenticationTokens).map((name) => ({ id: [groupId, id, name].join("/"), name })),
    );
}

export const byUser = z.strictObject({
  groupId: described("Id of the group that the user is in.", chosenGroupId),
  userId: described(
    "Id of the user whose tokens to list. Default: those of all users of the group.",
    pathSegment.optional(),
  ),
});

/** The group's own; not the builtin ones, and not those from above. */
export async function listRoles(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const roles = await at.cockpit.roles.inGroup(groupId);
  return roles
    .filter(({ id }) => id.startsWith(`${groupId}:`))
    .map(({ id, name }) => ({ id, name: name ?? id }));
}

export const byRoleGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose roles to look at.", chosenGroupId),
});

/** Those that are set for the group itself. */
export async function listDefaultRoles(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const all = await at.cockpit.roles.allDefaults(groupId);
  return userTypes
    .filter((name) => all?.[name].source === "group")
    .map((name) => ({ id: `${groupId}/${name}`, name }));
}

async function usersOf(context: Context, groupId: string): Promise<User[]> {
  const { at } = await placeOfGroup(context, groupId);
  return (await at.cockpit.users.list(groupId)).filter(isLive);
}
