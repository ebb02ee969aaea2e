import { computedUuid, type Identity, type ResourceName } from "../../framework/identity";
import { CockpitError } from "../../errors";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../../runtime/context";
import { ifVisible, type Group } from "../../client";
import { describeNames, quoted } from "../../runtime/messages";

/** Cockpit's own ids carry about this much of the name. */
const maxSlugLength = 28;

/** What makes a group the one that was declared, besides its resource's name: a change of any of it is a replacement. */
export interface GroupTraits {
  type: "Solution" | "Database";
  parentId: string;
  cluster?: string | undefined;
  shards?: number | undefined;
  replicas?: number | undefined;
}

/** Nobody creates and destroys one resource more often before anyone looks. */
const likelyGenerations = 10;

/** The ids that creation would have chosen so far. */
export function groupIdsOf(resource: ResourceName, traits: GroupTraits): string[] {
  return Array.from({ length: likelyGenerations }, (_, generation) =>
    groupIdOf(resource, traits, generation),
  );
}

/** The id of the group to create: a slug of its name and a computed UUID. */
export function groupIdOf(resource: ResourceName, traits: GroupTraits, generation: number): string {
  const { type, parentId, cluster, shards, replicas } = traits;
  const uuid = computedUuid(
    type,
    resource,
    [parentId, cluster ?? null, shards ?? null, replicas ?? null],
    generation,
  );
  const slug = resource.name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^a-z0-9]/g, "")
    .slice(0, maxSlugLength);
  return ["ic", ...(slug === "" ? [] : [slug]), uuid].join("-");
}

export function duplicateIdError(id: string): CockpitError {
  return new CockpitError({
    code: "id-declared-twice",
    what: `another resource of this program has the id ${id} too.`,
    remedy: "Choose a different groupId.",
  });
}

/**
 * Refuses an id that the program gives twice. Creation would notice only while the other one's group is there: what was deleted
 * for good by hand is still in the state, and the second resource would get its id.
 */
export function duplicateIdFailures(
  { idReservations }: Pick<Context, "idReservations">,
  resource: Identity,
  groupId: unknown,
): CheckFailure[] {
  return typeof groupId !== "string" || idReservations.reserve(groupId, resource)
    ? []
    : [failureOf(duplicateIdError(groupId), "groupId")];
}

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
  const databases = (await ifVisible(context.reader.children(solution.id))) ?? [];
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
