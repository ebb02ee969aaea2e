import { CockpitError } from "../errors";
import type { Group, GroupKind } from "../client";
import type { Context } from "./context";
import { idOf } from "./environments";
import { environmentOf } from "./placement";
import { describeGroup, quoted } from "./messages";

/** Where something that is to be imported lies. */
export interface Place {
  at: Context;
  environmentId: string;
}

export interface GroupInPlace extends Place {
  group: Group;
}

/** Each environment of the configuration. */
export async function places(context: Context): Promise<Place[]> {
  const all = await context.environments.all();
  return Promise.all(all.map(async (at) => ({ at, environmentId: await idOf(at) })));
}

/** The living group of an id, of the kind that is asked for. Undefined: none of these accounts can see one. */
export async function groupToImport(
  context: Context,
  id: string,
  kinds: readonly GroupKind[],
): Promise<GroupInPlace | undefined> {
  for (const place of await places(context)) {
    const group = await place.at.cockpit.groups.getIfVisible(id);
    if (!group || group.deletedAt !== undefined) {
      continue;
    }
    if (group.kind !== undefined && !kinds.includes(group.kind)) {
      throw new CockpitError({
        code: "wrong-kind",
        what: `${describeGroup(group)} is not a ${kinds.join(" or ")}, so nothing was imported.`,
        remedy: remedyFor(group.kind),
      });
    }
    const actual = await environmentOf(place.at, group, place.environmentId);
    const home = (await places(context)).find(({ environmentId }) => environmentId === actual);
    if (!home) {
      throw new CockpitError({
        code: "other-environment",
        what: `${describeGroup(group)} is in the environment ${quoted(actual)}, which this provider does not work in, so nothing was imported.`,
        remedy: "Configure that environment, or use a provider that is configured with it.",
      });
    }
    return { ...home, group };
  }
  return undefined;
}

/** The key by which a program names the environment; none where it is the default one. */
export function keyOf(context: Context, { at }: Place): { environment?: string } {
  const { key } = at;
  return key === undefined || key === defaultKey(context) ? {} : { environment: key };
}

/** All living solutions of an environment. */
export async function solutionsIn({ at, environmentId }: Place): Promise<Group[]> {
  const children = await at.cockpit.groups.children(environmentId);
  return children.filter((group) => isAlive(group) && group.kind !== "database");
}

/** All living databases of an environment. */
export async function databasesIn(place: Place): Promise<Group[]> {
  const solutions = await solutionsIn(place);
  const lists = await Promise.all(solutions.map(({ id }) => databasesOf(place, id)));
  return lists.flat();
}

/** All living databases of a solution. */
export async function databasesOf({ at }: Place, solutionId: string): Promise<Group[]> {
  return (await at.cockpit.groups.children(solutionId)).filter(isAlive);
}

/** What lies in a group is found by a path of ids. */
export function idParts(id: string, form: string): string[] {
  const names = form.split("/");
  const parts = id.split("/");
  if (parts.length !== names.length || parts.includes("")) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import has the form ${form}, like the resource's own id; ${quoted(id)} has not.`,
    });
  }
  return parts;
}

function isAlive({ deletedAt }: Group): boolean {
  return deletedAt === undefined;
}

function defaultKey(context: Context): string | undefined {
  try {
    return context.key;
  } catch {
    return undefined;
  }
}

function remedyFor(kind: GroupKind): string {
  return kind === "environment"
    ? "Environments are not created by this provider: name it in the configuration."
    : `Import it as a ${kind === "database" ? "Database" : "Solution"}.`;
}
