import { userTypes, type Group, type User } from "../../client";
import type { Listed } from "../../framework/resource";
import type { Context } from "../../runtime/context";
import { noSuchGroup } from "../../runtime/environments";
import { databasesIn, groupToImport, places, solutionsIn, type Place } from "../../runtime/places";
import { isLive } from "../people/safe-writes";
import { usernameOf } from "../people/users";
import { z } from "zod";
import { described } from "../../framework/field";
import { chosenGroupId, environmentInput, pathSegment } from "../../runtime/inputs";

interface InEnvironment {
  environment?: string | undefined;
}

export async function listSolutions(context: Context, { environment }: InEnvironment): Promise<Listed[]> {
  const all = await Promise.all((await placesIn(context, environment)).map(solutionsIn));
  return all.flat().map(listedGroup);
}

export async function listDatabases(
  context: Context,
  { environment, solutionId }: InEnvironment & { solutionId?: string | undefined },
): Promise<Listed[]> {
  const all = await Promise.all((await placesIn(context, environment)).map(databasesIn));
  return all
    .flat()
    .filter(({ parentId }) => solutionId === undefined || parentId === solutionId)
    .map(listedGroup);
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

export async function listAdministrators(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const users = await usersOf(context, groupId);
  return users
    .filter(({ isAdministrator }) => isAdministrator === true)
    .map(({ id, name, email }) => ({ id: usernameOf(groupId, id), name: name ?? email ?? id }));
}

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

export async function listExternalServices(
  context: Context,
  { environment }: InEnvironment,
): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const live = await at.cockpit.gateway.spec(environmentId);
      return live ? [{ id: environmentId, name: live.label ?? environmentId }] : [];
    }),
  );
  return found.flat();
}

export async function listProcesses(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at, environmentId } = await placeOfGroup(context, groupId);
  const processes = await at.cockpit.gateway.processes(environmentId, groupId);
  return processes.map(({ id, name }) => ({ id, name: name ?? id }));
}

/** The group's own; not the builtin ones, and not those from above. */
export async function listRoles(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const roles = await at.cockpit.roles.inGroup(groupId);
  return roles
    .filter(({ id }) => id.startsWith(`${groupId}:`))
    .map(({ id, name }) => ({ id, name: name ?? id }));
}

/** Those that are set for the group itself. */
export async function listDefaultRoles(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const each = await Promise.all(
    userTypes.map(async (name) => {
      const live = await at.cockpit.roles.defaults(groupId, name);
      return live?.source === "group" ? [{ id: `${groupId}/${name}`, name }] : [];
    }),
  );
  return each.flat();
}

/** The group's own; not those from above. */
export async function listExternalJwts(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const group = await at.cockpit.groups.get(groupId);
  return Object.keys(group?.externalJwts ?? {}).map((name) => ({ id: `${groupId}/${name}`, name }));
}

export async function listTransferTokens(
  context: Context,
  { environment }: InEnvironment,
): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const group = await at.cockpit.groups.get(environmentId);
      return (group?.operationTokens ?? [])
        .filter(({ operation }) => operation === undefined || operation === "TRANSFER_GROUP")
        .map(({ id, description }) => ({ id, name: description ?? id }));
    }),
  );
  return found.flat();
}

function placesIn(context: Context, environment: string | undefined): Promise<Place[]> {
  return environment === undefined ? places(context) : placeNamed(context, environment);
}

async function placeNamed(context: Context, environment: string): Promise<Place[]> {
  const at = context.environments.named(environment);
  return [{ at, environmentId: await at.cockpit.environmentId() }];
}

async function placeOfGroup(context: Context, id: string): Promise<Place> {
  const found = await groupToImport(context, id, ["environment", "solution", "database"]);
  if (!found) {
    throw noSuchGroup(id);
  }
  return found;
}

async function usersOf(context: Context, groupId: string): Promise<User[]> {
  const { at } = await placeOfGroup(context, groupId);
  return (await at.cockpit.users.list(groupId)).filter(isLive);
}

function listedGroup({ id, name }: Group): Listed {
  return { id, name: name ?? id };
}

/** What narrows a list down. */
const environment = environmentInput(
  "Key of the one environment to list. Default: all of the configuration.",
);

export const byEnvironment = z.strictObject({ environment });

export const bySolution = z.strictObject({
  solutionId: described(
    "Only the databases of this solution. Default: those of all.",
    chosenGroupId.optional(),
  ),
  environment,
});

export const byDatabase = z.strictObject({
  databaseId: described("Id of the database whose organisations to list.", chosenGroupId),
});

export const byGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose users to look at.", chosenGroupId),
});

export const byUser = z.strictObject({
  groupId: described("Id of the group that the user is in.", chosenGroupId),
  userId: described(
    "Id of the user whose tokens to list. Default: those of all users of the group.",
    pathSegment.optional(),
  ),
});

export const byProcessGroup = z.strictObject({
  groupId: described("Id of the solution or database whose processes to list.", chosenGroupId),
});

export const byUserDatabase = z.strictObject({
  databaseId: described("Id of the database whose users to list, without patients.", chosenGroupId),
});

export const byExternalJwtGroup = z.strictObject({
  groupId: described("Id of the solution or database whose external logins to list.", chosenGroupId),
});

export const byRoleGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose roles to look at.", chosenGroupId),
});
