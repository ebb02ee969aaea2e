import { isApiError, type Group } from "../../client";
import type { Context } from "../../resources/context";
import { quoted, type GroupKind } from "../../resources/group/words";

/** An environment that a look-up searches. */
export interface Place {
  context: Context;
  environmentId: string;
}

/** A living group, and the environment that it is in. */
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
export function kindIn({ environmentId }: Place, { kind, parentId }: Group): GroupKind | "environment" {
  return kind ?? (parentId === environmentId ? "solution" : "database");
}

export async function solutionsIn(place: Place): Promise<Found[]> {
  const groups = await groupsIn(place);
  return foundIn(place, groups, "solution");
}

/** Those of all its solutions, and those that lie in none. */
export async function databasesIn(place: Place): Promise<Found[]> {
  const groups = await groupsIn(place);
  const solutions = foundIn(place, groups, "solution");
  const below = await Promise.all(solutions.map(({ group }) => databasesOf(place, group.id)));
  return once([...foundIn(place, groups, "database"), ...below.flat()]);
}

export async function databasesOf(place: Place, solutionId: string): Promise<Found[]> {
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

function once(found: readonly Found[]): Found[] {
  return [...new Map(found.map((one) => [one.group.id, one])).values()];
}
