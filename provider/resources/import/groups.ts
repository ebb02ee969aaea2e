import type { Context } from "../../runtime/context";
import { adoptionMark, allProperties } from "../group/custom-properties";
import {
  databasesIn,
  type GroupInPlace,
  type Place,
  groupToImport,
  idParts,
  keyOf,
  placeOfGroup,
  placesIn,
  solutionsIn,
} from "../../runtime/environments";
import type { ExternalJwt, Group } from "../../client";
import type { Listed } from "../../framework/resource";
import { z } from "zod";
import { described } from "../../framework/field";
import { byEnvironment, chosenGroupId, type InEnvironment } from "../../runtime/inputs";

/** The state of a solution that exists, as a program would declare it. */
export async function importSolution(context: Context, id: string) {
  const found = await groupToImport(context, id, ["solution"]);
  return found && solutionState(context, found);
}

export function solutionState(context: Context, found: GroupInPlace) {
  const { group, environmentId } = found;
  return {
    ...sharedState(found),
    ...(group.applicationId === undefined ? {} : { applicationId: group.applicationId }),
    ...keyOf(context, found),
    specId: environmentId,
  };
}

/** The state of a database that exists. Cockpit doesn't tell its shards and its replicas. */
export async function importDatabase(context: Context, id: string) {
  const found = await groupToImport(context, id, ["database"]);
  return found && databaseState(found);
}

export function databaseState(found: GroupInPlace) {
  return { ...sharedState(found), solutionId: found.group.parentId ?? found.environmentId };
}

/** Nothing is to be run for an import: the next change of a trigger does. */
export async function importIndexUpdate(context: Context, id: string) {
  const found = await groupToImport(context, id, ["database"]);
  return found && { databaseId: id, documents: [], environmentId: found.environmentId };
}

function sharedState({ group, environmentId }: GroupInPlace) {
  const properties = allProperties(group.properties);
  const adopted = adoptionMark(group.properties);
  const [cluster, ...others] = group.servers;
  return {
    name: group.name ?? "",
    // Which one was asked for isn't told; that it is the only one is, and a program may write it down.
    ...(cluster === undefined || others.length > 0 ? {} : { cluster }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    deletionProtection: true,
    servers: group.servers,
    environmentId,
    ...(adopted === undefined ? {} : { __adopted: adopted }),
  };
}

export async function importExternalJwt(context: Context, id: string) {
  const [groupId = "", name = ""] = idParts(id, "groupId/name");
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const config = place?.group.externalJwts?.[name];
  return place && config && externalJwtState(place, groupId, name, config);
}

export function externalJwtState(
  { environmentId }: Place,
  groupId: string,
  name: string,
  config: ExternalJwt,
) {
  return { groupId, name, ...config, deletionProtection: true, environmentId };
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

export const bySolution = z.strictObject({
  solutionId: described(
    "Only the databases of this solution. Default: those of all.",
    chosenGroupId.optional(),
  ),
  ...byEnvironment.shape,
});

/** The group's own; not those from above. */
export async function listExternalJwts(
  context: Context,
  { groupId }: { groupId: string },
): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const group = await at.cockpit.groups.get(groupId);
  return Object.keys(group?.externalJwts ?? {}).map((name) => ({ id: `${groupId}/${name}`, name }));
}

export const byExternalJwtGroup = z.strictObject({
  groupId: described("Id of the solution or database whose external logins to list.", chosenGroupId),
});

function listedGroup({ id, name }: Group): Listed {
  return { id, name: name ?? id };
}
