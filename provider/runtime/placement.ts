import { CockpitError } from "../errors";
import { ifVisible, type Group, type GroupKind } from "../client";
import type { Context } from "./context";
import { describeGroup, quoted } from "./messages";
import { unknownValue, type Unknown } from "../framework/values";
import { failureOf, type CheckFailure } from "../framework/validation";

/** An environment holds solutions, which hold databases. */
const deepestNesting = 3;

/** A database goes into a live solution of the configured environment and nowhere else. */
export async function solutionOf(context: Context, solutionId: string): Promise<Group | undefined> {
  await assertGroup(context, "solutionId", solutionId, ["solution"]);
  return context.births.bornHere(solutionId) ?? context.births.parent(solutionId);
}

/** What lies in a group lies in a live one of the configured environment and nowhere else. */
export async function assertGroup(
  context: Context,
  property: string,
  id: string,
  kinds: readonly GroupKind[],
): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  const born = context.births.bornHere(id);
  if (id === environmentId ? kinds.includes("environment") : born?.kind && kinds.includes(born.kind)) {
    return;
  }
  const wanted = kinds.join(" or ");
  const group = born ?? (await ifVisible(context.births.parent(id)));
  if (!group || group.deletedAt !== undefined) {
    throw new CockpitError({
      code: "parent-not-found",
      what: `${property}: there is no ${wanted} ${quoted(id)} in the environment ${quoted(environmentId)}${group ? "; it was deleted" : ", or this account may not see it"}.`,
      remedy: `Give the id of a ${wanted} of this environment.`,
    });
  }
  if (group.kind !== undefined && !kinds.includes(group.kind)) {
    throw new CockpitError({
      code: "wrong-kind",
      what: `${property}: ${describeGroup(group)} is not a ${wanted}.`,
      remedy: `Give the id of a ${wanted}, such as the \`id\` of a ${kinds.map(resourceOf).join(" or ")} resource.`,
    });
  }
  const actual = await environmentOf(context, group, environmentId);
  if (actual !== environmentId) {
    throw new CockpitError({
      code: "other-environment",
      what: `${property}: ${describeGroup(group)} is in the environment ${quoted(actual)}, but the configuration points to ${quoted(environmentId)}.`,
      remedy: `Give the id of a ${wanted} of this environment, or configure the other one.`,
    });
  }
}

/** As far up as the account may see; what it may not see is not held against it. */
export async function environmentOf(context: Context, group: Group, environmentId: string): Promise<string> {
  let current = group;
  for (let depth = 0; depth < deepestNesting; depth++) {
    if (current.parentId === undefined) {
      return current.kind === "environment" ? current.id : environmentId;
    }
    if (current.parentId === environmentId || context.births.isBornHere(current.parentId)) {
      return environmentId;
    }
    const parent = await ifVisible(context.births.parent(current.parentId));
    if (!parent) {
      return current.kind === "database" ? environmentId : current.parentId;
    }
    current = parent;
  }
  return current.id;
}

function resourceOf(kind: GroupKind): string {
  return kind === "database" ? "Database" : "Solution";
}

/** What the inputs of the last run say of an environment: the key by the program, the id as check had found it. */
export interface EnvironmentBefore {
  key: string | undefined;
  id: string | undefined;
}

/** The environment that a resource names, and the one it named before where that is another. */
export interface DeclaredEnvironment {
  id: string | Unknown;
  /** Id of the environment that the program has taken it away from. */
  before?: string;
  failures: CheckFailure[];
}

/**
 * Finds the environment that a program names, compared by id: renaming a key, or naming an environment for the first time,
 * changes nothing. A key that leads elsewhere than before is a mistake in the configuration and never a wish to move.
 */
export async function declaredEnvironment(
  context: Context,
  before: EnvironmentBefore,
  key: string | Unknown | undefined,
): Promise<DeclaredEnvironment> {
  if (key === unknownValue) {
    return { id: unknownValue, failures: [] };
  }
  if (key === undefined && before.key === undefined && before.id !== undefined) {
    // Nothing is said of it now as before, so a preview need not ask.
    return { id: before.id, failures: [] };
  }
  const named = context.environments.named(key);
  if (before.id !== undefined && before.id === named.configuredId) {
    return { id: before.id, failures: [] };
  }
  // Something is to be made or moved there, so the login has to be good for it: better to know in the preview.
  const id = await named.cockpit.environmentId();
  if (before.id === undefined || before.id === id) {
    return { id, failures: [] };
  }
  if (before.key === key) {
    const refusal = new CockpitError({
      code: "environment-key-changed",
      what: `environment: ${quoted(key ?? "")} was the environment ${quoted(before.id)} in the last run, and the configuration now says that it is ${quoted(id)}. Nothing was changed.`,
      remedy: `Restore cockpit:environments.${key}.id; a resource is moved by naming another key.`,
    });
    return { id, failures: [failureOf(refusal)] };
  }
  return { id, before: before.id, failures: [] };
}

interface Located {
  name?: unknown;
  environmentId?: unknown;
}

/** The environment that holds the group which a property names: what lies in a group is where that is. */
export function locateBy<Property extends string>(property: Property) {
  return (
    context: Context,
    properties: Located & { [Key in Property]?: string | undefined },
  ): Promise<Context> => {
    const { environmentId, name } = properties;
    const recorded = typeof environmentId === "string" ? environmentId : undefined;
    const groupId = properties[property];
    return groupId === undefined
      ? context.environments.recorded(recorded, String(name))
      : context.environments.holding(groupId, recorded, String(name));
  };
}
