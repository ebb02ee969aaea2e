import { CockpitError, withCode } from "../../errors";
import type { Group } from "../../client";
import { aliasTo, type Identity } from "../../framework/identity";
import { confirmCommand } from "../../config/settings";
import { isKeptByAnother } from "../adoption";
import type { Context } from "../context";
import { liveGroup } from "../environments";
import { describeGroup } from "../messages";
import { adoptionMark, adopterOf } from "./custom-properties";
import {
  addSolution,
  confirmationTerms,
  databasesOf,
  isConfirmed,
  protectionError,
  confirmationText,
  describeImpact,
  type GroupAtRisk,
} from "./protection";

/** The part of a group's state that decides on its deletion. */
export interface DeletableState {
  name: string;
  environmentId?: string | undefined;
  deletionProtection: boolean;
  hardDelete?: boolean | undefined;
  __adopted?: string | undefined;
}

/** Deletes a group. Throws if it is protected or its deletion is not confirmed; leaves it as it is if another resource has it. */
export async function deleteGroup(
  context: Context,
  id: string,
  parentId: string,
  state: DeletableState,
  resource: Identity,
): Promise<void> {
  let atRisk: GroupAtRisk | undefined;
  let losses: string | undefined;
  await context.refusals.decide(async () => {
    const found = await groupToDelete(context, id, parentId, state, resource);
    if (!found) {
      return undefined;
    }
    const refusal = await deletionError(context, found, state, resource);
    if (refusal === undefined) {
      atRisk = found;
      losses = isProtected(context, id, state, resource) ? await describeImpact(context, found) : undefined;
    }
    return refusal;
  });
  if (!atRisk) {
    return;
  }
  try {
    await (state.hardDelete ? context.cockpit.groups.hardDelete(id) : context.cockpit.groups.delete(id));
  } finally {
    context.groupCache.written(id);
  }
  if (losses !== undefined) {
    context.warn(
      `${describeGroup(atRisk.group)}${losses} was deleted although it was protected, because COCKPIT_CONFIRM_DELETE confirmed it.`,
    );
  }
}

/** The group to delete; undefined: it no longer exists, or another resource has it. */
async function groupToDelete(
  context: Context,
  id: string,
  parentId: string,
  state: DeletableState,
  resource: Identity,
): Promise<GroupAtRisk | undefined> {
  const group = await liveGroup(context, id, parentId, state.name);
  if (!group) {
    return undefined;
  }
  if (context.groupCache.wasCreatedHere(id)) {
    // With an id of the program's own choice a replacement has the id of its original, which was gone before this run made it again.
    return undefined;
  }
  const owner = context.idReservations.otherOwner(id, resource);
  // After an alias the state of the dynamic form still has the former name of the resource that is replaced.
  if (owner && !context.run.isReplacedBy(owner, id)) {
    context.warn(
      withCode(
        "removed-from-state",
        `${describeGroup(group)} belongs to another resource of this program now, so it is not deleted in Cockpit, only removed from the state.`,
      ),
    );
    return undefined;
  }
  if (isAdoptedElsewhere(group, state)) {
    context.warn(
      withCode(
        "removed-from-state",
        `${describeGroup(group)} was taken over (COCKPIT_ADOPT) by ${adopterOf(group)} since, so it is not deleted in Cockpit, only removed from the state.`,
      ),
    );
    return undefined;
  }
  if (isKeptByAnother(context, describeGroup(group), resource.type, id)) {
    return undefined;
  }
  return { group, stateName: state.name, databases: await databasesOf(context, group), resource };
}

async function deletionError(
  context: Context,
  atRisk: GroupAtRisk,
  state: DeletableState,
  resource: Identity,
): Promise<CockpitError | undefined> {
  const { group, databases } = atRisk;
  const needed = isProtected(context, group.id, state, resource) ? [atRisk] : [];
  const below = databases.map((database) => ({
    group: database,
    stateName: database.name,
    databases: [],
    resource,
  }));
  const missing: GroupAtRisk[] = [];
  for (const each of [...needed, ...below]) {
    if (!(await isConfirmed(context, each))) {
      missing.push(each);
    }
  }
  if (missing.length === 0) {
    return undefined;
  }
  const typed = await Promise.all(missing.map((each) => confirmationText(context, each)));
  missing.forEach((each, index) => context.refusals.add(each.group.id, typed[index] ?? ""));
  await addSolution(context, atRisk);
  if (missing.includes(atRisk)) {
    const hint = `If it was only renamed or moved in the program, give the new resource ${aliasTo(resource)}.`;
    return protectionError(context, atRisk, {
      before: "It was not deleted.",
      hint,
      aliases: aliasTo(resource),
    });
  }
  return new CockpitError({
    code: "unmanaged-contents",
    what: `${describeGroup(group)} is not deleted, because it would go${await describeImpact(context, atRisk)}, which this stack does not manage or has not deleted.`,
    remedy: `Delete or transfer them first, or type the name of each back too: ${confirmCommand(context.runVariables(), typed)} (${confirmationTerms(context)}). This cannot be undone.`,
    confirm: typed,
  });
}

/** Warns where protection is lifted, because the engine previews nothing of a later removal or destroy. */
export async function warnOfLiftedProtection(
  context: Context,
  resource: Identity,
  id: string,
  state: DeletableState,
  news: { deletionProtection?: unknown; hardDelete?: unknown },
): Promise<void> {
  const isLifted = state.deletionProtection && news.deletionProtection === false;
  const isHardened = state.hardDelete !== true && news.hardDelete === true;
  if (!isLifted && !isHardened) {
    return;
  }
  const { environments } = context;
  const here = await environments.holding(id, state.environmentId, resource.name);
  const group = await here.cockpit.groups.get(id);
  if (!group || group.deletedAt !== undefined) {
    return;
  }
  const lost = `${describeGroup(group)}${await describeImpact(here, { group, databases: await databasesOf(here, group) })}`;
  const what = `${resource.type} "${resource.name}"`;
  const how = news.hardDelete === true ? ", irreversibly (hardDelete)," : "";
  if (isLifted) {
    context.warn(
      `${what}: its protection is lifted. From now on a removal from the program, a replacement or a destroy deletes ${lost}${how} without asking.`,
    );
  } else {
    context.warn(
      `${what}: with hardDelete a deletion is irreversible from now on: it removes the storage of ${lost}.`,
    );
  }
}

function isProtected(context: Context, id: string, state: DeletableState, resource: Identity): boolean {
  return state.deletionProtection || context.declaredProtection.isProtected(resource, id);
}

/** Whether another resource, of this stack or another, has adopted it since. */
function isAdoptedElsewhere(group: Group, { __adopted }: Pick<DeletableState, "__adopted">): boolean {
  const mark = adoptionMark(group.properties);
  return mark !== undefined && mark !== __adopted;
}

/** Warns if another resource has adopted the group: the two would silently undo each other's changes. */
export function warnIfAdoptedElsewhere(
  context: Context,
  group: Group,
  state: Pick<DeletableState, "__adopted">,
): void {
  if (isAdoptedElsewhere(group, state)) {
    context.warn(
      `${describeGroup(group)} was taken over (COCKPIT_ADOPT) by ${adopterOf(group)} since, and this stack has it too: each undoes the other's changes. ` +
        `Keep it in one of the two; here, removing it from the program or \`pulumi state delete\` only removes it from the state.`,
    );
  }
}
