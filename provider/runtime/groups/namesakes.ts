import { CockpitError } from "../../errors";
import type { Group } from "../../client";
import type { CheckRequest } from "../../framework/resource";
import type { Run } from "../../framework/run";
import { aliasesOf, aliasTo, describeIdentity, type Identity } from "../../framework/identity";
import type { Properties } from "../../framework/values";
import { failureOf, type CheckFailure } from "../../framework/validation";
import { announceTakeover, type Takeover, adoptionRemedies } from "../adoption";
import type { Context } from "../context";
import { groupIdsOf, type GroupTraits } from "./ids";
import { matchesLive } from "./replacement";
import { describeGroup, kindOf } from "../messages";
import { adoptionMark, adopterOf } from "./custom-properties";

/** The group that a creation is about to create. */
export interface WantedGroup extends GroupTraits {
  name: string;
  groupId?: string | undefined;
}

/**
 * Finds an existing group of this kind, parent and name, unless a groupId tells the two apart. Without this, a resource that was
 * renamed or moved without an alias, or a program whose state was lost, would create an empty duplicate.
 */
export async function findGroupOfSameName(
  context: Context,
  resource: Identity,
  wanted: WantedGroup,
): Promise<Group | undefined> {
  if (wanted.groupId !== undefined || isReplacedInPlace(context, resource, wanted)) {
    return undefined;
  }
  const before = groupsOfSameName(await context.groupCache.childrenBefore(wanted.parentId), wanted);
  if (before.length === 0) {
    return undefined;
  }
  // What was listed first may have been renamed or deleted in this run.
  const now = groupsOfSameName(await context.cockpit.groups.children(wanted.parentId), wanted);
  const others = now.filter(({ id }) => !context.groupCache.wasCreatedHere(id));
  const computed = groupIdsOf(resource, wanted);
  // Prefer its own, left by an interrupted run, then one that can be adopted as it is.
  return (
    others.find(({ id }) => computed.includes(id)) ??
    others.find((group) => matchesLive("cluster", wanted.cluster, group)) ??
    others[0]
  );
}

/** Whether the resource is replaced under its name and parent, where the group of this name is the one that it replaces. */
function isReplacedInPlace(
  context: Context,
  resource: Identity,
  wanted: { name: string; parentId: string },
): boolean {
  return context.run.isReplaced(resource) && !context.formerPlaces.isElsewhere(resource, wanted);
}

/** The group of this name that COCKPIT_ADOPT names. */
export async function groupOfSameNameToAdopt(
  context: Context,
  resource: Identity,
  wanted: WantedGroup,
): Promise<string | undefined> {
  const { adopt } = context.runVariables();
  if (adopt.length === 0 || wanted.groupId !== undefined || isReplacedInPlace(context, resource, wanted)) {
    return undefined;
  }
  const children = await context.groupCache.childrenBefore(wanted.parentId);
  return groupsOfSameName(children, wanted).find(
    ({ id }) => adopt.includes(id) && context.idReservations.otherOwner(id, resource) === undefined,
  )?.id;
}

/** The error for a group of this name that already exists, with its remedies, the one that changes nothing first. */
export function nameExistsError(context: Context, resource: Identity, group: Group): CockpitError {
  const owner = context.run.otherOwner(resource, group.id);
  const having = owner
    ? `It is ${describeIdentity(owner)} of this program or its state: if that is this resource, renamed or moved, give this one ${aliasTo(owner)}.`
    : adoptionRemedies(context, resource, group.id);
  return new CockpitError({
    code: "name-exists",
    what: `${describeGroup(group)} already exists under this name, so nothing is created beside it.`,
    remedy: `${having} If a second one of this name is wanted, or a replacement by --replace, give this resource a groupId of your choice.`,
    aliases: owner ? aliasTo(owner) : aliasesOf(resource),
    ...(owner ? {} : { adopt: group.id }),
  });
}

/** Refuses in the preview what creation would refuse. Without a network, nothing is refused. */
export async function nameExistsFailures(
  context: Context,
  { resource, olds, news }: Pick<CheckRequest<object>, "resource" | "olds"> & { news: Properties },
  type: GroupTraits["type"],
  locate: () => Promise<{ at: Context; parentId: string } | undefined>,
): Promise<CheckFailure[]> {
  const { name, groupId } = news;
  const isToBeCreated = olds === undefined && groupId === undefined;
  if (!isToBeCreated || typeof name !== "string" || unreachable.has(context.run)) {
    return [];
  }
  try {
    return await withTimeout(async () => {
      const place = await locate();
      return place && !isReplacedInPlace(place.at, resource, { name, parentId: place.parentId })
        ? await checkNameExists(place.at, resource, {
            ...(news as Partial<GroupTraits>),
            ...place,
            type,
            name,
          })
        : [];
    });
  } catch {
    // Once is enough: a preview without a network must not wait for each of its resources.
    unreachable.add(context.run);
    return [];
  }
}

/** Runs in which Cockpit was unreachable. */
const unreachable = new WeakSet<Run>();
const timeoutMs = 15_000;

async function withTimeout<Result>(work: () => Promise<Result>): Promise<Result> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const end = () => reject(new CockpitError({ code: "timeout", what: "no answer in time" }));
    limit = setTimeout(end, timeoutMs).unref();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(limit);
  }
}

async function checkNameExists(
  context: Context,
  resource: Identity,
  wanted: WantedGroup,
): Promise<CheckFailure[]> {
  const { adopt } = context.runVariables();
  const group = await findGroupOfSameName(context, resource, wanted);
  if (!group) {
    return [];
  }
  if (adopt.includes(group.id)) {
    announceTakeover(context, resource, groupTakeover(group));
    return [];
  }
  if (groupIdsOf(resource, wanted).includes(group.id)) {
    // The check of a forced replacement is that of a creation.
    context.warn(
      `${describeIdentity(resource)}: ${describeGroup(group)} already exists, as after an interrupted run. Unless this is a replacement by --replace, pulumi up stops there. ${adoptionRemedies(context, resource, group.id, leftoverOutcome)}`,
    );
    return [];
  }
  return [failureOf(nameExistsError(context, resource, group), "name")];
}

function groupsOfSameName(groups: readonly Group[], { type, name }: WantedGroup): Group[] {
  return groups.filter(
    (group) =>
      group.deletedAt === undefined &&
      group.name === name &&
      (group.kind === undefined || group.kind === kindOf(type)),
  );
}

/** For a group with the id that this creation computes, which only a resource of the same name can have created. */
export const leftoverOutcome = "; what exists here then stays in Cockpit, managed by nobody";

/** What is adopted, and from whom. */
export function groupTakeover(group: Group): Takeover {
  const before =
    adoptionMark(group.properties) === undefined
      ? ""
      : ` It was taken over by ${adopterOf(group)} before, which from now on does not delete it: keep it in one program only, or each takes it from the other.`;
  return { what: describeGroup(group), id: group.id, outcome: `nothing is created.${before}` };
}
