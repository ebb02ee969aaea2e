import { CockpitError } from "../../errors";
import type { Group } from "../../client";
import type { ResourceName } from "../../framework/identity";
import { codeUntil, type Confirmable, endOfCodes, isCodeOf, stackOf, confirmationOf } from "../confirmation";
import type { Context } from "../context";
import { severalHint, confirmCommand, type TypedConfirmation } from "../../config/settings";
import { liveChildren } from "../cockpit-cache";
import { describeGroup, quoted } from "../messages";
import { groupToImport } from "../environments";

const maxNames = 10;
/** Counting stops here: the exact number no longer matters, and an error should not take long. */
const maxUsers = 2000;

/** A group that is about to be deleted, and its name in the state. */
export interface GroupAtRisk {
  group: Group;
  stateName: string | undefined;
  /** Its live databases, which are deleted with it. */
  databases: readonly Group[];
  /** The resource that has it. */
  resource: ResourceName;
}

/** Whether somebody typed the group's name back for this change. */
export async function isConfirmed(context: Context, atRisk: GroupAtRisk): Promise<boolean> {
  const typed = await typedBackOf(context, atRisk);
  if (typed.length === 0) {
    return false;
  }
  const whats = await confirmablesOf(context, atRisk);
  const now = context.cockpit.serverTime() ?? context.now();
  return typed.some(({ code }) => whats.some((what) => isCodeOf(code, what, now)));
}

/** The states that a valid confirmation may be for: the group as it is now, or as it would be with users. */
async function confirmablesOf(context: Context, atRisk: GroupAtRisk): Promise<Confirmable[]> {
  const isInUse = await isUsed(context, atRisk);
  return (isInUse ? [true] : [false, true]).map((used) => confirmable(atRisk, used));
}

/** The entries of COCKPIT_CONFIRM_DELETE that name the group, with a valid code or not. */
async function typedBackOf(
  context: Context,
  { group, stateName }: GroupAtRisk,
): Promise<TypedConfirmation[]> {
  const { confirmDelete } = context.runVariables();
  // A name that changed since the preview, or since the last refresh, is not the one that somebody looked at.
  const name = group.name === stateName ? group.name : undefined;
  const isInSolution = name !== undefined && confirmDelete.some((typed) => typed.name.endsWith(`/${name}`));
  const withSolution = isInSolution ? `${await parentNameOf(context, group)}/${name}` : undefined;
  return confirmDelete.filter((typed) => [group.id, name, withSolution].includes(typed.name));
}

/** A confirmation of an unused group does not hold once it has users. One of a used group holds also without users. */
function confirmable({ group, resource }: GroupAtRisk, isInUse: boolean): Confirmable {
  return { stack: stackOf(resource), id: group.id, state: [group.rev, isInUse ? "in use" : "unused"] };
}

async function isUsed(context: Context, { group }: GroupAtRisk): Promise<boolean> {
  return group.kind === "database" && (await countUsers(context, group)) !== 0;
}

/** The live databases of a solution; none for a database. */
export async function databasesOf(context: Context, group: Group): Promise<Group[]> {
  if (group.kind === "database") {
    return [];
  }
  return liveChildren(context.cockpit.groups, group.id);
}

/** Details of the error: what happened before, a remedy that changes nothing, and the aliases in it. */
interface ErrorDetails {
  before?: string;
  hint?: string;
  aliases?: string;
}

/** The error for a deletion of a protected group: what would be lost, and the remedies, the one that changes nothing first. */
export async function protectionError(
  context: Context,
  atRisk: GroupAtRisk,
  { before = "", hint = "", aliases }: ErrorDetails = {},
): Promise<CockpitError> {
  const { group, stateName, databases } = atRisk;
  const renamed =
    group.name === stateName
      ? ""
      : ` It is called ${quoted(group.name ?? "")} in Cockpit but ${quoted(stateName ?? "")} in the state: run pulumi refresh, look again.`;
  const lost = `${describeGroup(group)}${await describeImpact(context, atRisk)}`;
  return new CockpitError({
    code: "protected",
    what: `${lost} is protected.${before && ` ${before}`}${renamed}`,
    remedy: `${hint && `${hint} `}${await protectionRemedies(context, atRisk)}${databases.length === 0 ? "" : " This cannot be undone."}`,
    confirm: [await confirmationText(context, atRisk)],
    aliases,
  });
}

export async function protectionRemedies(context: Context, atRisk: GroupAtRisk): Promise<string> {
  const typed = await confirmationText(context, atRisk);
  return (
    `${await explainUnconfirmed(context, atRisk)}To go on, either set deletionProtection: false and run pulumi up first, ` +
    `or type its name back for this change: ${confirmCommand(context.runVariables(), [typed])} (${confirmationTerms(context)}).`
  );
}

/** How long and for what a confirmation holds, and how several are written. */
export function confirmationTerms(context: Context): string {
  return `it holds in this stack until ${endOfCodes(context.cockpit.serverTime() ?? context.now())}, as long as nothing about it changes; ${severalHint}`;
}

/** What confirms the deletion: the group's name, or its id where the name is ambiguous, with the code for this change only. */
export async function confirmationText(context: Context, atRisk: GroupAtRisk): Promise<string> {
  const { group, stateName } = atRisk;
  const { name } = group;
  const canBeTyped = name !== undefined && name === stateName && !/\p{Cc}/u.test(name);
  const shown = canBeTyped && (await isUnique(context, group)) ? name : group.id;
  const what = confirmable(atRisk, await isUsed(context, atRisk));
  return confirmationOf(shown, what, context.cockpit.serverTime() ?? context.now());
}

async function explainUnconfirmed(context: Context, atRisk: GroupAtRisk): Promise<string> {
  const typed = await typedBackOf(context, atRisk);
  if (typed.length === 0) {
    return "";
  }
  return typed.some(({ code }) => code !== undefined)
    ? "COCKPIT_CONFIRM_DELETE names it with a code that is not for this change: its time is over, or it was shown for another stack, or before something about it changed. "
    : "COCKPIT_CONFIRM_DELETE names it without the code that makes the confirmation hold for this change only. ";
}

/** Describes what is lost with a group: its databases by name, their numbers of users, and all records. */
export async function describeImpact(
  context: Context,
  { group, databases }: Pick<GroupAtRisk, "group" | "databases">,
): Promise<string> {
  if (group.kind === "database") {
    return ` with ${await describeUserCount(context, group)} and all its records`;
  }
  if (databases.length === 0) {
    return "";
  }
  const shown = await Promise.all(
    databases
      .slice(0, maxNames)
      .map(
        async (database) =>
          `${quoted(database.name ?? database.id)} (${await describeUserCount(context, database)})`,
      ),
  );
  const more = databases.length > maxNames ? ` and ${databases.length - maxNames} more` : "";
  const count = databases.length === 1 ? "its database" : `its ${databases.length} databases`;
  return ` with ${count} ${shown.join(", ")}${more} and all their records`;
}

async function describeUserCount(context: Context, group: Group): Promise<string> {
  const count = await countUsers(context, group);
  if (count === undefined) {
    return "users that could not be counted";
  }
  return count >= maxUsers
    ? `more than ${maxUsers} users`
    : `${count === 0 ? "no" : count} user${count === 1 ? "" : "s"}`;
}

/** Counted once for each read of the group: an operation needs it for its message and for its code. */
const counts = new WeakMap<Group, Promise<number | undefined>>();

function countUsers({ cockpit }: Context, group: Group): Promise<number | undefined> {
  const count =
    counts.get(group) ??
    cockpit.users.list(group.id, maxUsers).then(
      (users) =>
        users.length >= maxUsers
          ? users.length
          : users.filter(({ deletedAt }) => deletedAt === undefined).length,
      () => undefined,
    );
  counts.set(group, count);
  return count;
}

/** A solution that the program does not declare any more comes after its databases, and would be refused only once they are gone. */
export async function addSolution(context: Context, { group, resource }: GroupAtRisk): Promise<void> {
  const { parentId } = group;
  if (group.kind !== "database" || parentId === undefined) {
    return;
  }
  const solution =
    context.declaredProtection.ofGroup(parentId) === undefined
      ? await context.cockpit.groups.get(parentId).catch(() => undefined)
      : undefined;
  if (solution && solution.deletedAt === undefined) {
    const atRisk = { group: solution, stateName: solution.name, databases: [], resource };
    if (!(await isConfirmed(context, atRisk))) {
      context.refusals.add(solution.id, await confirmationText(context, atRisk));
    }
  }
}

/** Whether no other live group has its name, except for its own replacement that this run created. */
async function isUnique(context: Context, group: Group): Promise<boolean> {
  const environments = await context.environments.all();
  const lists = await Promise.all(
    environments.map(async ({ cockpit, groupCache }) => {
      const groups = await cockpit.groups.list();
      return groups.filter(
        ({ id, name, deletedAt }) =>
          id !== group.id && name === group.name && deletedAt === undefined && !groupCache.wasCreatedHere(id),
      );
    }),
  );
  return lists.flat().length === 0;
}

async function parentNameOf(context: Context, { parentId }: Group): Promise<string> {
  return (parentId === undefined ? undefined : await context.cockpit.groups.get(parentId))?.name ?? "";
}

/** A solution or database whose deletion somebody confirms in a review, some days before the run. */
export interface GroupInReview {
  group: Group;
  /** In words, with what is lost with it. */
  description: string;
  /** The code that a file keeps until the end of that day (`YYYY-MM-DD`, UTC). */
  codeUntil(until: string): string;
  /** Whether a code that a file has kept is for the group as it is now. */
  isCode(code: string, until: string): boolean;
  /** For COCKPIT_CONFIRM_DELETE, of this day. */
  typed: string;
  /** Epoch milliseconds, by the server's clock. */
  now: number;
}

/** Reads a group for a review. Undefined: it does not exist, or the account can't see it. */
export async function groupInReview(
  context: Context,
  { project, stack }: Pick<ResourceName, "project" | "stack">,
  id: string,
): Promise<GroupInReview | undefined> {
  const found = await groupToImport(context, id, ["solution", "database"]);
  if (!found) {
    return undefined;
  }
  const { at, group } = found;
  const databases = await databasesOf(at, group);
  const resource = { project, stack, name: "" };
  const atRisk = { group, stateName: group.name, databases, resource };
  const whats = await confirmablesOf(at, atRisk);
  const [asItIs] = whats;
  if (!asItIs) {
    return undefined;
  }
  const now = at.cockpit.serverTime() ?? at.now();
  return {
    group,
    description: `${describeGroup(group)}${await describeImpact(at, { group, databases })}`,
    codeUntil: (until) => codeUntil(asItIs, until),
    isCode: (code, until) => whats.some((what) => codeUntil(what, until) === code),
    typed: confirmationOf(group.id, asItIs, now),
    now,
  };
}
