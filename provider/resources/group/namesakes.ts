import { CockpitError } from "../../errors";
import type { Group } from "../../client";
import type { CheckRequest } from "../../framework/resource";
import type { Run } from "../../framework/run";
import { aliasesOf, aliasTo, describeIdentity, type Identity } from "../../framework/identity";
import type { Properties } from "../../framework/values";
import { failureOf, type CheckFailure } from "../../framework/validation";
import { announceTakeover, type Takeover, waysToHave } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { groupIdsOf, type GroupTraits } from "./ids";
import { isAlreadyTrue } from "./replacement";
import { describeGroup, kindOf } from "../../runtime/messages";
import { adoptionMark, takerOf } from "./custom-properties";

/** What a creation says of the group that it is about to make. */
export interface ToBeNamed extends GroupTraits {
  name: string;
  groupId?: string | undefined;
}

/**
 * The living group of this kind, parent and name that nobody has told apart from the one to be made: a resource that was renamed
 * or moved in the program without an alias, or a program whose state was lost, would make an empty twin of it.
 */
export async function namesakeOf(
  context: Context,
  resource: Identity,
  wanted: ToBeNamed,
): Promise<Group | undefined> {
  if (wanted.groupId !== undefined || isReplacedInPlace(context, resource, wanted.parentId)) {
    return undefined;
  }
  const before = namesakesAmong(await context.births.childrenBefore(wanted.parentId), wanted);
  if (before.length === 0) {
    return undefined;
  }
  // What was listed first may have been renamed or deleted in this run.
  const now = namesakesAmong(await context.cockpit.groups.children(wanted.parentId), wanted);
  const others = now.filter(({ id }) => !context.births.isBornHere(id));
  const computed = groupIdsOf(resource, wanted);
  // Of several its own, as an interrupted run left it, or the one that could be taken over as it is.
  return (
    others.find(({ id }) => computed.includes(id)) ??
    others.find((group) => isAlreadyTrue("cluster", wanted.cluster, group)) ??
    others[0]
  );
}

/** A replacement has the name of what it replaces; only in another solution that can be somebody else's. */
function isReplacedInPlace(context: Context, resource: Identity, parentId: string): boolean {
  return context.run.isReplaced(resource) && !context.formerParents.isAnother(resource, parentId);
}

/** Told to be taken over in place of a creation. */
export async function namesakeToAdopt(
  context: Context,
  resource: Identity,
  wanted: ToBeNamed,
): Promise<string | undefined> {
  const { adopt } = context.runVariables();
  if (
    adopt.length === 0 ||
    wanted.groupId !== undefined ||
    isReplacedInPlace(context, resource, wanted.parentId)
  ) {
    return undefined;
  }
  const children = await context.births.childrenBefore(wanted.parentId);
  return namesakesAmong(children, wanted).find(
    ({ id }) => adopt.includes(id) && !context.claims.isOthers(id, resource),
  )?.id;
}

/** Why nothing is made beside it, and the ways to go on: first the one that touches nothing. */
export function besideNamesake(context: Context, resource: Identity, group: Group): CockpitError {
  const owner = context.run.otherOwner(resource, group.id);
  const having = owner
    ? `It is ${describeIdentity(owner)} of this program or its state: if that is this resource, renamed or moved, give this one ${aliasTo(owner)}.`
    : waysToHave(context, resource, group.id);
  return new CockpitError({
    code: "name-exists",
    what: `${describeGroup(group)} already exists under this name, so nothing is created beside it.`,
    remedy: `${having} If a second one of this name is wanted, or a replacement by --replace, give this resource a groupId of your choice.`,
    aliases: owner ? aliasTo(owner) : aliasesOf(resource),
    ...(owner ? {} : { adopt: group.id }),
  });
}

/** Says in the preview what creation would refuse. Where nothing can be asked, as without a network, nothing is said. */
export async function namesakeFailures(
  context: Context,
  { resource, olds, news }: Pick<CheckRequest<object>, "resource" | "olds"> & { news: Properties },
  type: GroupTraits["type"],
  locate: () => Promise<{ at: Context; parentId: string } | undefined>,
): Promise<CheckFailure[]> {
  const { name, groupId } = news;
  const isToBeMade = olds === undefined && groupId === undefined;
  if (!isToBeMade || typeof name !== "string" || blind.has(context.run)) {
    return [];
  }
  try {
    return await soon(async () => {
      const place = await locate();
      return place && !isReplacedInPlace(place.at, resource, place.parentId)
        ? await failuresOfNamesake(place.at, resource, {
            ...(news as Partial<GroupTraits>),
            ...place,
            type,
            name,
          })
        : [];
    });
  } catch {
    // Once is enough: a preview without a network must not wait for each of its resources.
    blind.add(context.run);
    return [];
  }
}

/** Runs that could not ask. */
const blind = new WeakSet<Run>();
const patienceMs = 15_000;

async function soon<Result>(work: () => Promise<Result>): Promise<Result> {
  let limit: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    const end = () => reject(new CockpitError({ code: "timeout", what: "no answer in time" }));
    limit = setTimeout(end, patienceMs).unref();
  });
  try {
    return await Promise.race([work(), late]);
  } finally {
    clearTimeout(limit);
  }
}

async function failuresOfNamesake(
  context: Context,
  resource: Identity,
  wanted: ToBeNamed,
): Promise<CheckFailure[]> {
  const { adopt } = context.runVariables();
  const group = await namesakeOf(context, resource, wanted);
  if (!group) {
    return [];
  }
  if (adopt.includes(group.id)) {
    announceTakeover(context, resource, takeoverOf(group));
    return [];
  }
  if (groupIdsOf(resource, wanted).includes(group.id)) {
    // The check of a forced replacement is that of a creation.
    context.warn(
      `${describeIdentity(resource)}: ${describeGroup(group)} already exists, as after an interrupted run. Unless this is a replacement by --replace, pulumi up stops there. ${waysToHave(context, resource, group.id, fateOfLeftover)}`,
    );
    return [];
  }
  return [failureOf(besideNamesake(context, resource, group), "name")];
}

function namesakesAmong(groups: readonly Group[], { type, name }: ToBeNamed): Group[] {
  return groups.filter(
    (group) =>
      group.deletedAt === undefined &&
      group.name === name &&
      (group.kind === undefined || group.kind === kindOf(type)),
  );
}

/** Of what has the very id that a creation computes, so that no resource of another name has made it. */
export const fateOfLeftover = "; what exists here then stays in Cockpit, managed by nobody";

/** What is taken over, and from whom. */
export function takeoverOf(group: Group): Takeover {
  const before =
    adoptionMark(group.properties) === undefined
      ? ""
      : ` It was taken over by ${takerOf(group)} before, which from now on does not delete it: keep it in one program only, or each takes it from the other.`;
  return { what: describeGroup(group), id: group.id, outcome: `nothing is created.${before}` };
}
