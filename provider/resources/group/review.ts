import type { Group } from "../../client";
import type { ResourceName } from "../../framework/identity";
import { codeUntil, toTypeBack } from "../../runtime/confirmation";
import type { Context } from "../../runtime/context";
import { groupToImport } from "../../runtime/places";
import { confirmablesOf, databasesOf, whatGoesAlong } from "./protection";
import { describeGroup } from "../../runtime/messages";

/** A solution or database whose loss somebody confirms in a review, some days before the run. */
export interface GroupInReview {
  group: Group;
  /** In words, with what would go along. */
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

/** Looks at a group that a review is about. Undefined: it is gone, or the account can't see it. */
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
    description: `${describeGroup(group)}${await whatGoesAlong(at, { group, databases })}`,
    codeUntil: (until) => codeUntil(asItIs, until),
    isCode: (code, until) => whats.some((what) => codeUntil(what, until) === code),
    typed: toTypeBack(group.id, asItIs, now),
    now,
  };
}
