import { isDeepStrictEqual } from "node:util";
import { CockpitError } from "../../errors";
import { isApiError, type Group } from "../../client";
import { type Properties, unknownValue, without } from "../../framework/values";
import type { CheckRequest } from "../../framework/resource";
import type { Identity } from "../../framework/identity";
import type { CheckFailure } from "../../framework/validation";
import type { Context } from "../context";
import { idOf, findInAnyEnvironment } from "../environments";
import { isAdoptedBy } from "./custom-properties";
import { groupIdsOf, type GroupTraits } from "./ids";
import { databasesOf, isConfirmed, protectionError, describeImpact } from "./protection";
import { liveChildren } from "../cockpit-cache";
import { describeGroup, quoted, restoreConfiguration } from "../messages";

/** The inputs whose change needs another group. */
const replacing = ["solutionId", "cluster", "shards", "replicas", "groupId"] as const;
type Replacing = (typeof replacing)[number];

export type ReplaceableInputs = { [Key in Replacing]?: unknown } & {
  name?: unknown;
  deletionProtection?: unknown;
  hardDelete?: unknown;
  /** Of a solution: the environment that it was created in. */
  specId?: unknown;
};

/**
 * Refuses already in the preview a replacement that would delete the data of a protected group. This is part of check, because an
 * error in diff would fail refresh too.
 */
export async function replacementFailures(
  context: Context,
  { resource, before, olds, news }: CheckRequest<ReplaceableInputs>,
  type: GroupTraits["type"],
): Promise<CheckFailure[]> {
  const declared = replacing.filter((key) => replaces(olds?.[key], news[key]));
  if (!olds || declared.length === 0) {
    return [];
  }
  const here = await findOldEnvironment(context, olds);
  if (!here) {
    // Its solution was deleted for good, and took it along.
    return [];
  }
  const isProtected = olds.deletionProtection !== false || news.deletionProtection !== false;
  const {
    group: old,
    isCertain,
    isGone,
  } = await findOldGroup(here, identitiesOf(resource, before), olds, type);
  const changes = declared.filter((key) => !old || !isCertain || !matchesLive(key, news[key], old));
  const [first] = changes;
  if (first === undefined) {
    return [];
  }
  const text = changes
    .map((key) => `${key} from ${formatValue(olds[key])} to ${formatValue(news[key])}`)
    .join(" and ");
  if (!old) {
    if (!isProtected && !isGone) {
      context.warn(
        `${type} "${resource.name}": changing ${text} deletes the ${type.toLowerCase()} ${formatValue(olds.name)} with all its data, and makes a new, empty one. (It could not be told from others of its name in Cockpit, so nothing in it was counted.)`,
      );
    }
    return isProtected && !isGone
      ? [
          {
            property: first,
            code: "protected",
            reason:
              `changing ${text} replaces the ${type.toLowerCase()} ${formatValue(olds.name)}: a new, empty one is created and the old one is deleted with all its data, ` +
              `and it is protected. Set deletionProtection: false and run pulumi up first. (It could not be found in Cockpit by its name, so it can't be confirmed by name either. Look for it there: if it is deleted already, as by a run that was cut off, \`pulumi state delete\` of this resource lets the next pulumi up create it again.)`,
          },
        ]
      : [];
  }
  if (typeof news.groupId === "string" && news.groupId === old.id && olds.hardDelete !== true) {
    return [
      {
        property: "groupId",
        code: "replaced-under-same-id",
        reason:
          `changing ${text} replaces it, and the replacement can't have the id ${old.id}: ${describeGroup(old)} has it, and Cockpit gives the id of what was deleted to nothing else. Nothing was changed. ` +
          `Choose a different groupId, or leave it out.`,
      },
    ];
  }
  const stateName = typeof olds.name === "string" ? olds.name : undefined;
  const atRisk = { group: old, stateName, databases: await databasesOf(here, old), resource };
  if (isProtected && !(await isConfirmed(here, atRisk))) {
    const { code, text: why } = await protectionError(here, atRisk);
    return [
      {
        property: first,
        code,
        reason: `changing ${text} replaces it: a new, empty one is created and the old one is deleted. ${why}`,
      },
    ];
  }
  context.warn(
    `${type} "${resource.name}": changing ${text} deletes ${describeGroup(old)}${await describeImpact(here, atRisk)}${olds.hardDelete === true ? ", irreversibly" : ""}, and creates a new, empty one.`,
  );
  return [];
}

/** Undefined: its solution was deleted permanently. */
async function findOldEnvironment(
  context: Context,
  { name, solutionId, specId }: ReplaceableInputs,
): Promise<Context | undefined> {
  const { environments } = context;
  if (typeof solutionId !== "string") {
    return environments.recorded(typeof specId === "string" ? specId : undefined, String(name));
  }
  const found = await environments.find(solutionId);
  return (
    found ??
    ((await findInAnyEnvironment(context, solutionId))
      ? environments.holding(solutionId, undefined, String(name))
      : undefined)
  );
}

/** An input that is no longer declared changes nothing. */
export function replaces(old: unknown, declared: unknown): boolean {
  return declared !== undefined && declared !== old;
}

/** Declaring what the server chose, or the cluster that a group was moved to, needs no other group. */
export function matchesLive(key: string, declared: unknown, live: Group): boolean {
  return key === "cluster"
    ? typeof declared === "string" && live.servers.includes(declared)
    : key === "groupId" && declared === live.id;
}

/** Those of the changes that the live group does not already match. */
export async function confirmReplacements(
  context: Context,
  id: string,
  news: Properties,
  replaces: readonly string[],
): Promise<string[]> {
  const live = await context.cockpit.groups.get(id);
  return replaces.filter((key) => !live || !matchesLive(key, news[key], live));
}

function identitiesOf(resource: Identity, before: Identity): Identity[] {
  return isDeepStrictEqual(resource, before) ? [resource] : [before, resource];
}

/** Check gets no id, so this takes the group with an id that creation would have computed, or the only one of that name. */
async function findOldGroup(
  context: Context,
  names: readonly Identity[],
  olds: ReplaceableInputs,
  type: GroupTraits["type"],
): Promise<{ group: Group | undefined; isCertain: boolean; isGone: boolean }> {
  const environmentId = await context.cockpit.environmentId();
  const parentId = typeof olds.solutionId === "string" ? olds.solutionId : environmentId;
  const siblings = await liveChildren(context.cockpit.groups, parentId).catch((error: unknown) => {
    if (isApiError(error) && error.code === "forbidden") {
      throw new CockpitError({
        code: "other-environment",
        what:
          `${quoted(String(olds.name))} belongs to the solution ${quoted(parentId)}, which this account may not see in the environment ${quoted(environmentId)} ` +
          `that the configuration points to (${context.cockpit.url}). Nothing was changed.`,
        remedy: restoreConfiguration,
      });
    }
    if (isApiError(error) && error.code === "not-found" && parentId !== environmentId) {
      return undefined;
    }
    throw error;
  });
  if (!siblings) {
    // Its solution was deleted for good, and took it along.
    return { group: undefined, isCertain: true, isGone: true };
  }
  if (typeof olds.groupId === "string") {
    const group = siblings.find(({ id }) => id === olds.groupId);
    return { group, isCertain: true, isGone: !group };
  }
  const traits = { ...olds, type, parentId } as GroupTraits;
  const generations = names.map((each) => groupIdsOf(each, traits));
  const elsewhere = type === "Solution" ? await idsOfOtherEnvironments(context, names, traits) : [];
  // Earlier releases computed ids without parents, so that such an id may be another resource's too.
  const withoutParents = names.flatMap((each) => groupIdsOf(without(each, "parents"), traits));
  const computed =
    siblings.find((group) => generations.flat().includes(group.id)) ??
    siblings.find((group) => elsewhere.includes(group.id)) ??
    siblings.find((group) => withoutParents.includes(group.id) && group.name === olds.name);
  if (computed) {
    return { group: computed, isCertain: true, isGone: false };
  }
  const named = siblings.filter((group) => group.name === olds.name);
  const taken = named.filter((group) => names.some((each) => isAdoptedBy(group, each)));
  const [group, another] = named.length === 1 ? named : taken;
  if (another) {
    return { group: undefined, isCertain: false, isGone: false };
  }
  const isGone =
    !group && ((await isDeleted(context, olds.solutionId)) || (await wasDeleted(context, generations, olds)));
  return { group, isCertain: false, isGone };
}

/** A database is deleted with its solution. */
async function isDeleted(context: Context, solutionId: unknown): Promise<boolean> {
  const solution = typeof solutionId === "string" ? await context.cockpit.groups.get(solutionId) : undefined;
  return solution?.deletedAt !== undefined;
}

/** A transferred solution keeps its id, which was computed for another environment. */
async function idsOfOtherEnvironments(
  context: Context,
  names: readonly Identity[],
  traits: GroupTraits,
): Promise<string[]> {
  const parents = await Promise.all((await context.environments.all()).map(idOf));
  return parents.flatMap((parentId) => names.flatMap((each) => groupIdsOf(each, { ...traits, parentId })));
}

/**
 * Whether the group is already deleted, for example after an interrupted run with deleteBeforeReplace: the last group that creation
 * would have created is deleted. This only avoids an error without a remedy; deletion checks again.
 */
async function wasDeleted(
  context: Context,
  generations: readonly (readonly string[])[],
  { hardDelete }: ReplaceableInputs,
): Promise<boolean> {
  let last: Group | undefined;
  for (const ids of generations) {
    for (const id of ids) {
      const group = await context.cockpit.groups.get(id);
      if (!group) {
        break;
      }
      last = group;
    }
  }
  return last ? last.deletedAt !== undefined : hardDelete === true;
}

function formatValue(value: unknown): string {
  if (value === unknownValue) {
    return "a value not known yet";
  }
  return value === undefined ? "the server's choice" : JSON.stringify(value);
}
