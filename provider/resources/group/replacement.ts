import type { Group } from "../../api";
import type { CheckRequest } from "../../engine/resource";
import { UNKNOWN, type Properties } from "../../engine/unknowns";
import type { CheckFailure } from "../../engine/validation";
import type { Context } from "../context";
import { groupIdOf, type GroupTraits } from "./identity";
import { databasesOf, isConfirmed, refusalOf, whatGoesAlong } from "./protection";
import { describeGroup, quoted } from "./words";

/** The inputs whose change makes another group of it. */
const replacing = ["solutionId", "cluster", "shards", "replicas", "groupId"] as const;
type Replacing = (typeof replacing)[number];

export type ReplaceableInputs = { [Key in Replacing]?: unknown } & {
  name?: unknown;
  deletionProtection?: unknown;
};

/**
 * Refuses, while the preview can still show it, a replacement that would take a protected group's data along. A throw in diff
 * would fail refresh too, so this is the place.
 */
export async function refuseReplacement(
  context: Context,
  { resource, olds, news }: CheckRequest<ReplaceableInputs>,
  type: GroupTraits["type"],
): Promise<CheckFailure[]> {
  const declared = replacing.filter((key) => replaces(olds?.[key], news[key]));
  if (!olds || declared.length === 0) {
    return [];
  }
  const isProtected = olds.deletionProtection !== false || news.deletionProtection !== false;
  const { group: old, isCertain } = await locateOld(context, resource, olds, type);
  const changes = declared.filter((key) => !old || !isCertain || !isAlreadyTrue(key, news[key], old));
  const [first] = changes;
  if (first === undefined) {
    return [];
  }
  const text = changes.map((key) => `${key} from ${shown(olds[key])} to ${shown(news[key])}`).join(" and ");
  if (!old) {
    return isProtected
      ? [
          {
            property: first,
            reason:
              `changing ${text} replaces the ${type.toLowerCase()} ${shown(olds.name)}: a new, empty one is made and the old one is deleted with all its data, ` +
              `and it is protected. Set deletionProtection: false and run pulumi up first. (It could not be found in Cockpit by its name, so it can't be confirmed by name either.)`,
          },
        ]
      : [];
  }
  const stateName = typeof olds.name === "string" ? olds.name : undefined;
  const atRisk = { group: old, stateName, databases: await databasesOf(context, old) };
  if (isProtected && !(await isConfirmed(context, atRisk))) {
    return [
      {
        property: first,
        reason: `changing ${text} replaces it: a new, empty one is made and the old one is deleted. ${await refusalOf(context, atRisk)}`,
      },
    ];
  }
  context.warn(
    `${type} "${resource.name}": changing ${text} deletes ${describeGroup(old)}${whatGoesAlong(atRisk)}, and makes a new, empty one.`,
  );
  return [];
}

/** What is no longer declared is left as it is. */
export function replaces(old: unknown, declared: unknown): boolean {
  return declared !== undefined && declared !== old;
}

/** Writing down what the server chose, or where a group was moved by hand, needs no other group. */
export function isAlreadyTrue(key: string, declared: unknown, live: Group): boolean {
  return key === "cluster"
    ? typeof declared === "string" && live.servers.includes(declared)
    : key === "groupId" && declared === live.id;
}

/** Diff knows the id: what it still replaces when the live group is looked at. */
export async function stillReplaced(
  context: Context,
  id: string,
  news: Properties,
  replaces: readonly string[],
): Promise<string[]> {
  const live = await context.cockpit.groups.get(id);
  return replaces.filter((key) => !live || !isAlreadyTrue(key, news[key], live));
}

/** Check is not told the id of what it checks: it is the one that creation would have computed, or the only one of its name. */
async function locateOld(
  context: Context,
  resource: CheckRequest<ReplaceableInputs>["resource"],
  olds: ReplaceableInputs,
  type: GroupTraits["type"],
): Promise<{ group: Group | undefined; isCertain: boolean }> {
  const parentId =
    typeof olds.solutionId === "string" ? olds.solutionId : await context.cockpit.environmentId();
  const siblings = (await context.cockpit.groups.children(parentId)).filter(
    (group) => group.deletedAt === undefined,
  );
  if (typeof olds.groupId === "string") {
    return { group: siblings.find((group) => group.id === olds.groupId), isCertain: true };
  }
  const traits = { ...olds, type, parentId } as GroupTraits;
  const generations = Array.from({ length: 10 }, (_, generation) => groupIdOf(resource, traits, generation));
  const computed = siblings.find((group) => generations.includes(group.id));
  const named = siblings.filter((group) => group.name === olds.name);
  return computed
    ? { group: computed, isCertain: true }
    : { group: named.length === 1 ? named[0] : undefined, isCertain: false };
}

function shown(value: unknown): string {
  if (value === UNKNOWN) {
    return "a value not known yet";
  }
  return value === undefined
    ? "the server's choice"
    : typeof value === "string"
      ? quoted(value)
      : String(value);
}
