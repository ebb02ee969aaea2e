import type { Context } from "../../runtime/context";
import { adoptionMark, allProperties } from "../group/custom-properties";
import { groupToImport, idParts, keyOf, type GroupInPlace } from "../../runtime/places";

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
  return place && config
    ? { groupId, name, ...config, deletionProtection: true, environmentId: place.environmentId }
    : undefined;
}
