import { z } from "zod";
import { described } from "../framework/field";
import { defineFunction, type FunctionDefinition, type LookUp } from "../framework/function";
import { unchangedRecord } from "../framework/state";
import { allProperties, type PropertyValue } from "../runtime/groups/custom-properties";
import { chosenGroupId, environmentInput } from "../runtime/inputs";
import { CockpitError } from "../errors";
import { type Group, isApiError } from "../client";
import type { Context } from "../runtime/context";
import { describeGroup, describeNames, type GroupKind, quoted } from "../runtime/messages";

/** {@link defineFunction} for the context of this provider. */
export function defineLookUp<Args extends z.ZodObject, Result extends z.ZodObject>(
  definition: FunctionDefinition<Context, Args, Result>,
): LookUp<Context> {
  return defineFunction(definition);
}

const shared = {
  id: described("Its id in Cockpit.", z.string()),
  name: described("Its name on Cockpit's screens.", z.string()),
  applicationId: described(
    'The project ID, a reverse domain such as "com.petra.app"; absent where none is set.',
    z.string().optional(),
  ),
  environmentId: described("Id of the environment it is in.", z.string()),
  servers: described("The clusters that hold it.", z.array(z.string())),
  properties: described(
    "Its custom properties by identifier, as the resource's `properties` take them. Those that Cockpit keeps for itself are left out.",
    unchangedRecord(z.custom<PropertyValue>()),
    { typeName: "PropertyValues" },
  ),
};

const status = described(
  'Whether its owner pays for it: "PAYING" or "FREE"; absent on servers of before autumn 2026.',
  z.string().optional(),
);

export const solutionResult = z.object({
  ...shared,
  status,
  defaultSchemaVersion: described(
    "The version of the solution's own index schema that new databases of it get; absent where there is none.",
    z.number().optional(),
  ),
  specId: described(
    "Id of the environment's external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID.",
    z.string(),
  ),
});

export const databaseResult = z.object({
  ...shared,
  status,
  schemaVersions: described(
    "The versions of the solution's own index schema that it has.",
    z.array(z.number()),
  ),
  solutionId: described(
    "Id of the solution it belongs to; of the environment, if it is in no solution.",
    z.string(),
  ),
});

export const idArgument = (what: string) =>
  described(`Id of the ${what} in Cockpit.`, chosenGroupId.optional());

export const nameArgument = (what: string) =>
  described(
    `Name of the ${what} as shown in Cockpit (exact match).`,
    z.string("must be a string").min(1, "must not be empty").optional(),
  );

export function solutionFrom({ group, environmentId }: Found): z.output<typeof solutionResult> {
  const { defaultSchemaVersion } = group;
  return {
    ...sharedFrom(group, environmentId),
    specId: environmentId,
    ...(defaultSchemaVersion === undefined ? {} : { defaultSchemaVersion }),
  };
}

export function databaseFrom({ group, environmentId }: Found): z.output<typeof databaseResult> {
  return {
    ...sharedFrom(group, environmentId),
    solutionId: group.parentId ?? environmentId,
    schemaVersions: group.schemaVersions ?? [],
  };
}

/** In an order that does not change from run to run. */
export function inOrder<Item extends { id: string; name?: string | undefined }>(
  items: readonly Item[],
): Item[] {
  const key = ({ id, name = id }: Item): string => `${name}\u0000${id}`;
  return [...items].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function sharedFrom(
  { id, name, applicationId, servers, properties, status }: Found["group"],
  environmentId: string,
) {
  return {
    id,
    name: name ?? "",
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(status === undefined ? {} : { status }),
    environmentId,
    servers,
    properties: allProperties(properties),
  };
}

/** The argument that narrows a look-up down to one environment. */
export const searchedEnvironment = environmentInput(
  "Key of the one environment to search. Default: all environments of the configuration.",
);

/** An environment that a look-up searches. */
export interface Place {
  context: Context;
  environmentId: string;
}

/** A live group, and the environment that it is in. */
export interface Found extends Place {
  group: Group;
}

/** The environment that a look-up names, or all of the configuration. */
export async function placesOf({ environments }: Context, key: string | undefined): Promise<Place[]> {
  const contexts = key === undefined ? await environments.all() : [environments.named(key)];
  return Promise.all(
    contexts.map(async (context) => ({ context, environmentId: await context.cockpit.environmentId() })),
  );
}

/** Its kind, by its tag or else by where it lies. */
function kindIn({ environmentId }: Place, { kind, parentId }: Group): GroupKind | "environment" {
  return kind ?? (parentId === environmentId ? "solution" : "database");
}

export async function findSolutions(place: Place): Promise<Found[]> {
  const groups = await groupsIn(place);
  return foundIn(place, groups, "solution");
}

/** Those of all its solutions, and those that are in none. */
export async function findDatabases(place: Place): Promise<Found[]> {
  const groups = await groupsIn(place);
  const solutions = foundIn(place, groups, "solution");
  const below = await Promise.all(solutions.map(({ group }) => findDatabasesOf(place, group.id)));
  return distinctById([...foundIn(place, groups, "database"), ...below.flat()]);
}

export async function findDatabasesOf(place: Place, solutionId: string): Promise<Found[]> {
  const groups = await place.context.cockpit.groups.children(solutionId).catch((error: unknown) => {
    // Deleted since it was listed.
    if (isApiError(error) && error.code === "not-found") {
      return [];
    }
    throw error;
  });
  return foundIn(place, groups, "database");
}

/** The places as an error names them. */
export function describePlaces(places: readonly Place[]): string {
  const names = [...places].map(nameOfPlace);
  return names.length === 1
    ? `in the environment ${names[0]}`
    : `in the environments ${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

function nameOfPlace({ context: { key }, environmentId }: Place): string {
  return key === undefined ? quoted(environmentId) : `${quoted(key)} (${environmentId})`;
}

/** What lies directly in the environment. An administrator of a single solution may not list that, and gets what it can see. */
async function groupsIn({ context, environmentId }: Place): Promise<Group[]> {
  const { groups } = context.cockpit;
  try {
    return await groups.children(environmentId);
  } catch (error) {
    if (isApiError(error) && (error.code === "forbidden" || error.code === "not-found")) {
      return groups.list();
    }
    throw error;
  }
}

function foundIn(place: Place, groups: readonly Group[], kind: GroupKind): Found[] {
  return groups
    .filter((group) => group.deletedAt === undefined && kindIn(place, group) === kind)
    .map((group) => ({ ...place, group }));
}

function distinctById(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [one.group.id, one])).values()];
}

/** The one group of an id. */
export async function findById(places: readonly Place[], id: string, kind: GroupKind): Promise<Found> {
  const seen = (await Promise.all(places.map((place) => lookIn(place, id)))).flat();
  const found = seen.filter(
    ({ group, context, environmentId, actualId }) =>
      actualId === environmentId &&
      group.deletedAt === undefined &&
      kindIn({ context, environmentId }, group) === kind,
  );
  const [only] = found;
  if (!only) {
    throw new NotFoundError(
      `there is no ${kind} ${quoted(id)} ${describePlaces(places)}${notFoundHint(seen)}`,
    );
  }
  return single(found, `${found.length} ${kind}s have the id ${quoted(id)}`, kind);
}

/** The one group of a name, among all that were searched. */
export function findByName(all: readonly Found[], name: string, kind: GroupKind, searched: string): Found {
  const found = all.filter(({ group }) => group.name === name);
  if (found.length > 0) {
    return single(found, `${found.length} ${kind}s are called ${quoted(name)}`, kind);
  }
  const names = [...new Set(all.map(({ group }) => group.name ?? group.id))].sort();
  const others =
    names.length === 0
      ? `There is no ${kind} at all that this account may see: check which environment and account the configuration names.`
      : `There ${names.length === 1 ? "is" : "are"} ${describeNames(names)}. Give one of these names, or an id; of what this program itself makes or renames, use the resource's outputs.`;
  throw new NotFoundError(`there is no ${kind} called ${quoted(name)} ${searched}. ${others}`);
}

interface Seen extends Found {
  /** Where it is, as far as the account may see. */
  actualId: string;
}

/** What an account may not see in one environment is not held against it: it may be in another. */
async function lookIn(place: Place, id: string): Promise<Seen[]> {
  const group = await place.context.cockpit.groups.getIfVisible(id);
  return group ? [{ ...place, group, actualId: await environmentIdAbove(place, group) }] : [];
}

async function environmentIdAbove(place: Place, group: Group): Promise<string> {
  const { environmentId } = place;
  if (group.parentId === undefined) {
    return group.kind === "environment" ? group.id : environmentId;
  }
  if (group.parentId === environmentId || group.kind === "solution") {
    return group.parentId;
  }
  const solution = await place.context.cockpit.groups.getIfVisible(group.parentId);
  return solution ? environmentIdAbove(place, solution) : environmentId;
}

function notFoundHint([seen]: readonly Seen[]): string {
  if (!seen) {
    return `, or this account may not see it. Give an id as Cockpit shows it, or a name.`;
  }
  const { group, environmentId, actualId } = seen;
  if (group.deletedAt !== undefined) {
    return `: it was deleted.`;
  }
  if (actualId !== environmentId) {
    return `: it is in the environment ${quoted(actualId)}. Name that one with \`environment\`, after adding it to cockpit:environments where it is not among them.`;
  }
  const kind = kindIn(seen, group);
  const remedy = kind === "solution" ? " Use getSolution." : kind === "database" ? " Use getDatabase." : "";
  return `: it is ${describeGroup({ ...group, kind })}.${remedy}`;
}

const maxShown = 20;

function single(found: readonly Found[], problem: string, kind: GroupKind): Found {
  const [only, ...others] = found;
  if (only && others.length === 0) {
    return only;
  }
  const shown = found.slice(0, maxShown).map((one) => describeMatch(one, kind));
  const more = found.length > maxShown ? `; and ${found.length - maxShown} more` : "";
  const ways = [
    ...(new Set(found.map(({ group }) => group.id)).size > 1 ? ["ask by `id`"] : []),
    ...(kind === "database" && new Set(found.map(({ group }) => group.parentId)).size > 1
      ? ["give `solutionId`"]
      : []),
    ...(new Set(found.map(({ context }) => context)).size > 1 ? ["give `environment`"] : []),
  ];
  throw new AmbiguousError(
    `${problem}: ${shown.join("; ")}${more}. To get one of them, ${ways.join(" or ")}.`,
  );
}

function describeMatch({ group, ...place }: Found, kind: GroupKind): string {
  const solution =
    kind === "database" && group.parentId !== undefined ? ` of the solution ${quoted(group.parentId)}` : "";
  return `${quoted(group.id)}${solution} ${describePlaces([place])}`;
}

/** What was asked for is not there, or the accounts of the configuration may not see it. */
export class NotFoundError extends CockpitError {
  constructor(what: string) {
    super({ code: "no-match", what });
    this.name = "NotFoundError";
  }
}

/** More than one fits what was asked for. */
export class AmbiguousError extends CockpitError {
  constructor(what: string) {
    super({ code: "ambiguous", what });
    this.name = "AmbiguousError";
  }
}
