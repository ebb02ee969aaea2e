import type { Group } from "../../api";
import type { Context } from "../context";
import { severalHint, shellQuoted } from "../run-variables";
import { describeGroup, quoted } from "./words";

const mostNames = 10;
/** More than so many users are not counted: it is enough to be careful, and a refusal need not be slow. */
const mostUsers = 2000;

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
  if (!confirmDelete.some((name) => name.endsWith(`/${group.name}`))) {
    return false;
  }
  const solution = await parentNameOf(context, group);
  return (
    confirmDelete.includes(`${solution}/${group.name}`) &&
    (await isUniqueInItsSolution(context, group, solution))
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
  const renamed =
    group.name === stateName
      ? ""
      : ` It is called ${quoted(group.name ?? "")} in Cockpit but ${quoted(stateName ?? "")} in the state: run pulumi refresh, look again.`;
  return (
    `${describeGroup(group)}${await whatGoesAlong(context, atRisk)} is protected.${renamed} ${await waysPast(context, group)}` +
    (databases.length === 0 ? "" : " There is no way back.")
  );
}

export async function waysPast(context: Context, group: Group): Promise<string> {
  const canBeTyped = group.name !== undefined && !/\p{Cc}/u.test(group.name);
  const name = canBeTyped && (await isUnique(context, group)) ? (group.name ?? group.id) : group.id;
  // A name like this would be read as several.
  const typed = name.trimStart().startsWith("[") ? JSON.stringify([name]) : name;
  return (
    `To go on, either set deletionProtection: false and run pulumi up first, ` +
    `or type its name back for one run: COCKPIT_CONFIRM_DELETE=${shellQuoted(typed)} (${severalHint}).`
  );
}

/** What is lost with a group: its databases by name, how many users they hold, and all records. */
export async function whatGoesAlong(context: Context, { group, databases }: GroupAtRisk): Promise<string> {
  if (group.kind === "database") {
    return ` with ${await usersOf(context, group)} and all its records`;
  }
  if (databases.length === 0) {
    return "";
  }
  const shown = await Promise.all(
    databases
      .slice(0, mostNames)
      .map(
        async (database) => `${quoted(database.name ?? database.id)} (${await usersOf(context, database)})`,
      ),
  );
  const more = databases.length > mostNames ? ` and ${databases.length - mostNames} more` : "";
  const count = databases.length === 1 ? "its database" : `its ${databases.length} databases`;
  return ` with ${count} ${shown.join(", ")}${more} and all their records`;
}

async function usersOf(context: Context, { id }: Group): Promise<string> {
  try {
    const users = await context.cockpit.users.list(id, mostUsers);
    const count = users.filter(({ deletedAt }) => deletedAt === undefined).length;
    return users.length >= mostUsers
      ? `more than ${mostUsers} users`
      : `${count === 0 ? "no" : count} user${count === 1 ? "" : "s"}`;
  } catch {
    return "users that could not be counted";
  }
}

/** Whether no other group has its name. */
async function isUnique(context: Context, group: Group): Promise<boolean> {
  return (await namesakesOf(context, group)).length === 0;
}

/** Whether no other group has its name in a solution of the same name, as it is where a program repeats itself in each environment. */
async function isUniqueInItsSolution(context: Context, group: Group, solution: string): Promise<boolean> {
  const namesakes = await namesakesOf(context, group);
  // Where the account may not see the other's solution, nothing tells the two apart.
  return namesakes.every(({ parentName }) => parentName !== undefined && parentName !== solution);
}

/** The living groups that share its name. Its own replacement, made in this run, came after somebody looked. */
async function namesakesOf(context: Context, group: Group): Promise<{ parentName: string | undefined }[]> {
  const environments = await context.environments.all();
  const lists = await Promise.all(
    environments.map(async ({ cockpit, births }) => {
      const groups = await cockpit.groups.list();
      return groups
        .filter(
          ({ id, name, deletedAt }) =>
            id !== group.id && name === group.name && deletedAt === undefined && !births.isBornHere(id),
        )
        .map(({ parentId }) => ({ parentName: groups.find(({ id }) => id === parentId)?.name }));
    }),
  );
  return lists.flat();
}

async function parentNameOf(context: Context, { parentId }: Group): Promise<string> {
  return (parentId === undefined ? undefined : await context.cockpit.groups.get(parentId))?.name ?? "";
}
