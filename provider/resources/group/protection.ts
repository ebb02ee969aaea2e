import type { Group } from "../../api";
import type { Context } from "../context";
import { severalHint, shellQuoted } from "../run-variables";
import { describeGroup, describeNames, quoted } from "./words";

/** A group that is about to be lost, and the name under which the state knows it. */
export interface GroupAtRisk {
  group: Group;
  stateName: string | undefined;
  /** Live databases below it that go with it. */
  databases: readonly Group[];
}

/** Whether somebody typed the group's name back for this run. */
export async function isConfirmed(context: Context, { group, stateName }: GroupAtRisk): Promise<boolean> {
  const { confirmDelete } = context.runVariables();
  if (confirmDelete.includes(group.id)) {
    return true;
  }
  // A name that changed since the preview, or since the last refresh, is not the one that somebody looked at.
  if (group.name === undefined || group.name !== stateName) {
    return false;
  }
  if (confirmDelete.includes(group.name) && (await isUnique(context, group))) {
    return true;
  }
  return (
    confirmDelete.some((name) => name.endsWith(`/${group.name}`)) &&
    confirmDelete.includes(await qualifiedName(context, group))
  );
}

/** Lists the live databases of a solution; a database holds none. */
export async function databasesOf(context: Context, group: Group): Promise<Group[]> {
  if (group.kind === "database") {
    return [];
  }
  const children = await context.cockpit.groups.children(group.id);
  return children.filter((child) => child.deletedAt === undefined);
}

/** What goes, and the ways past the refusal. */
export async function refusalOf(context: Context, atRisk: GroupAtRisk): Promise<string> {
  const { group, stateName, databases } = atRisk;
  const canBeTyped = group.name !== undefined && !/\p{Cc}/u.test(group.name);
  const name = canBeTyped && (await isUnique(context, group)) ? (group.name ?? group.id) : group.id;
  // A name like this would be read as several.
  const typed = name.trimStart().startsWith("[") ? JSON.stringify([name]) : name;
  const renamed =
    group.name === stateName
      ? ""
      : ` It is called ${quoted(group.name ?? "")} in Cockpit but ${quoted(stateName ?? "")} in the state: run pulumi refresh, look again.`;
  return (
    `${describeGroup(group)}${whatGoesAlong(atRisk)} is protected.${renamed} ` +
    `To go on, either set deletionProtection: false and run pulumi up first, ` +
    `or type its name back for one run: COCKPIT_CONFIRM_DELETE=${shellQuoted(typed)} (${severalHint}).` +
    (databases.length === 0 ? "" : " There is no way back.")
  );
}

export function whatGoesAlong({ group, databases }: GroupAtRisk): string {
  if (group.kind === "database") {
    return " with all its records";
  }
  return databases.length === 0
    ? ""
    : ` with ${databases.length === 1 ? "its database" : `its ${databases.length} databases`} ${describeNames(
        databases.map((database) => database.name ?? database.id),
      )} and all their records`;
}

/** Whether no other group has its name. Its own replacement, made in this run, came after somebody looked. */
async function isUnique(context: Context, group: Group): Promise<boolean> {
  const groups = await context.cockpit.groups.list();
  return !groups.some(
    (other) =>
      other.id !== group.id &&
      other.name === group.name &&
      other.deletedAt === undefined &&
      !context.births.isBornHere(other.id),
  );
}

async function qualifiedName(context: Context, group: Group): Promise<string> {
  const parent = group.parentId === undefined ? undefined : await context.cockpit.groups.get(group.parentId);
  return `${parent?.name ?? ""}/${group.name ?? ""}`;
}
