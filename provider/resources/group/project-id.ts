import { CockpitError } from "../../errors";
import { ifVisible, type Group } from "../../client";
import type { Identity } from "../../framework/identity";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../../runtime/context";
import { describeNames, quoted } from "../../runtime/messages";

/** Users log in to a Project ID, so a solution and its databases have one. */
export function differenceToSolution(
  declared: unknown,
  solutions: string | undefined,
  solution: string,
): CockpitError | undefined {
  return typeof declared !== "string" || solutions === undefined || declared === solutions
    ? undefined
    : new CockpitError({
        code: "project-id-mismatch",
        what: `${quoted(declared)} is not the Project ID of its solution ${quoted(solution)}, which is ${quoted(solutions)}; a solution and its databases share one.`,
        remedy: "Leave it out, or change it on the Solution, which changes all of its databases.",
      });
}

export function projectIdFailures(
  { declaredProjectIds }: Pick<Context, "declaredProjectIds">,
  news: { applicationId?: unknown; solutionId?: unknown },
): CheckFailure[] {
  const { applicationId, solutionId } = news;
  const solutions = declaredProjectIds.ofSolution(solutionId);
  const difference = differenceToSolution(applicationId, solutions, String(solutionId));
  return difference === undefined ? [] : [failureOf(difference, "applicationId")];
}

/** What a change means for those who log in. */
export function warnOfOtherProjectId(
  context: Context,
  resource: Identity,
  before: unknown,
  declared: unknown,
): void {
  if (typeof before !== "string" || before === declared) {
    return;
  }
  const change =
    declared === undefined
      ? `removing applicationId ${quoted(before)} removes`
      : `changing applicationId from ${quoted(before)} changes`;
  context.warn(
    `Solution "${resource.name}": ${change} that of its databases too. An app that logs in with the old one no longer finds its users.`,
  );
}

/**
 * The Project ID of a solution and its databases: where one of them has another than the known one, that is the drift. Costs
 * a listing of the databases, which their own reads then share.
 */
export async function liveProjectId(
  context: Context,
  solution: Group,
  known: string,
): Promise<string | undefined> {
  const { applicationId } = solution;
  if (applicationId !== known) {
    return applicationId;
  }
  const databases = (await ifVisible(context.groupCache.children(solution.id))) ?? [];
  const strays = databases.filter((database) => database.applicationId !== known);
  const [stray] = strays;
  if (!stray) {
    return known;
  }
  const names = describeNames(strays.map(({ name, id }) => name ?? id));
  context.warn(
    `the solution ${quoted(solution.name ?? solution.id)} has the Project ID ${quoted(known)}, but of its databases ${names} ${strays.length === 1 ? "has" : "have"} not: an app finds only users of databases with its own. The next pulumi up sets it.`,
  );
  return stray.applicationId;
}
