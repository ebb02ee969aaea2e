import { CockpitError, textOf, withCode } from "../../errors";
import type { Group } from "../../client";
import { type Listed, PartialCreation } from "../../framework/resource";
import { aliasTo, type Identity } from "../../framework/identity";
import { isKeptByAnother } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { confirmCommand } from "../../config/settings";
import { assertEnvironmentReadable, type GroupInPlace } from "../../runtime/environments";
import { createGroup, type GroupToCreate } from "./creation";
import {
  adoptionMark,
  allProperties,
  declaredProperties,
  propertiesToSend,
  type PropertyValues,
  propertyValues,
  adopterOf,
} from "./custom-properties";
import {
  confirmationTerms,
  databasesOf,
  isConfirmed,
  protectionError,
  confirmationText,
  describeImpact,
  type GroupAtRisk,
} from "./protection";
import { deletedOutside, describeGroup, describeNames, quoted } from "../../runtime/messages";
import { z } from "zod";
import { described } from "../../framework/field";
import { chosenGroupId } from "../../runtime/inputs";

/** Inputs that Solution and Database share. */
export function sharedInputs(what: "solution" | "database") {
  return {
    cluster: described(
      `Cluster to create the ${what} on. Default: the server's choice. Cockpit has no list of clusters; those in use are in the \`servers\` of existing solutions and databases. Changing it replaces the ${what}. (Cockpit API: query parameter server)`,
      z.string().min(1, "must not be empty; leave it out for the server's choice").optional(),
      { onChange: "replace" },
    ),
    properties: described(
      "Custom properties by identifier: a boolean, a number (integer or double), a string, or an object with a type of Cockpit's (boolean, integer, double, string, date, clob, json) and a value. If omitted, existing values are kept and not reported as drift. Given, the declared ones are kept as declared; others stay as they are. (Cockpit API: PUT /group/{id}/properties)",
      propertyValues.optional(),
      { typeName: "PropertyValues" },
    ),
    deletionProtection: described(
      `If true, the ${what} cannot be deleted or replaced. To remove it, set this to false and run pulumi up first, or set COCKPIT_CONFIRM_DELETE for one change to what the refusal shows. Default: true.`,
      z.boolean().default(true),
    ),
    hardDelete: described(
      `Delete its storage too, irreversibly, instead of marking it deleted. Needs a login by password. Default: false. (Cockpit API: DELETE /group/hard/{id})`,
      // Not filled in: in a state of many databases its bytes would be time.
      z.boolean().optional(),
    ),
    groupId: described(
      `Id to create the ${what} with: letters, digits, - and _. Default: computed from project, stack and name, so that an interrupted run never creates a second one. Changing it replaces the ${what}.`,
      chosenGroupId.optional(),
      { onChange: "replace" },
    ),
  };
}

/** What only Cockpit knows of a solution or a database. */
export const groupOutputs = {
  servers: described("The clusters that hold it now.", z.array(z.string()).default([])),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
  /** See `adoptionMark`. */
  __adopted: z.string().optional(),
};

/** The state after a creation or an update: what is declared, and what only Cockpit knows. */
export function stateAfterWrite<Declared extends object>(
  declared: Declared,
  group: Group,
  environmentId: string,
  adopted: string | undefined,
): Declared & { servers: string[]; environmentId: string; __adopted?: string } {
  return {
    ...declared,
    servers: group.servers,
    environmentId,
    ...(adopted === undefined ? {} : { __adopted: adopted }),
  };
}

/** The state with what Cockpit has now of it. */
export function stateAfterRead<State extends GroupState>(state: State, group: Group): State {
  const properties = declaredProperties(group.properties, state.properties);
  return {
    ...state,
    name: group.name ?? "",
    ...(properties === undefined ? {} : { properties }),
    servers: group.servers,
  };
}

/** What the states of Solution and Database have in common. */
export interface GroupState {
  name: string;
  environmentId?: string | undefined;
  deletionProtection: boolean;
  hardDelete?: boolean | undefined;
  properties?: PropertyValues | undefined;
  cluster?: string | undefined;
  __adopted?: string | undefined;
}

/** Creates the group and gives it its custom properties. What was made before a failure is kept and finished by the next run. */
export async function createDeclared<State extends { properties?: unknown }>(
  context: Context,
  resource: Identity,
  wanted: GroupToCreate & Changeable,
  stateOf: (group: Group, adopted: string | undefined) => State,
): Promise<{ id: string; state: State }> {
  const { group, adoptionMark: adopted } = await createGroup(context, resource, wanted);
  context.reader.written(group.id);
  try {
    const finished = await reconcileGroup(context, group, wanted, { applicationId: wanted.applicationId });
    return { id: group.id, state: stateOf(finished, adopted) };
  } catch (error) {
    // The state of what is: without the properties that are still missing, the next run sees a change and goes on.
    const state = { ...stateOf(group, adopted) };
    delete state.properties;
    const what = `${describeGroup(group)} was created, but is not complete: ${textOf(error)}`;
    throw new PartialCreation(group.id, state, what);
  }
}

/** The live group, or undefined where it is truly gone: not there while its environment is. */
export async function readLive(
  context: Context,
  id: string,
  parentId: string,
  state: GroupState,
): Promise<Group | undefined> {
  const group = await context.reader.read(id, parentId);
  if (group) {
    return group;
  }
  await assertEnvironmentReadable(context, state.name, id);
  return undefined;
}

export async function updateLive(
  context: Context,
  id: string,
  state: GroupState & ChangeableBefore,
  declared: Changeable,
): Promise<Group> {
  const live = await context.cockpit.groups.get(id);
  if (!live || live.deletedAt !== undefined) {
    throw deletedOutside(`${quoted(state.name)} (id ${id})`);
  }
  warnIfAdoptedElsewhere(context, live, state);
  return reconcileGroup(context, live, declared, state);
}

export async function deleteLive(
  context: Context,
  id: string,
  parentId: string,
  state: GroupState,
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
    context.reader.written(id);
  }
  if (losses !== undefined) {
    context.warn(
      `${describeGroup(atRisk.group)}${losses} was deleted although it was protected, because COCKPIT_CONFIRM_DELETE confirmed it.`,
    );
  }
}

/** What there is to lose; undefined: it is gone, or another resource's, which leaves it alone. */
async function groupToDelete(
  context: Context,
  id: string,
  parentId: string,
  state: GroupState,
  resource: Identity,
): Promise<GroupAtRisk | undefined> {
  const group = await readLive(context, id, parentId, state);
  if (!group) {
    return undefined;
  }
  if (context.createdGroups.wasCreatedHere(id)) {
    // With an id of the program's own choice a replacement has the id of its original, which was gone before this run made it again.
    return undefined;
  }
  if (context.idReservations.isReservedByOther(id, resource)) {
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
  state: GroupState,
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

/** Lifts nothing by itself, and yet it is the last moment to be told: of a later removal or destroy the engine previews nothing more. */
export async function warnOfLiftedProtection(
  context: Context,
  resource: Identity,
  id: string,
  state: GroupState,
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

function isProtected(context: Context, id: string, state: GroupState, resource: Identity): boolean {
  return state.deletionProtection || context.declaredProtection.isProtected(resource, id);
}

/** Whether another resource, of this stack or another, has taken it over since. */
function isAdoptedElsewhere(group: Group, { __adopted }: Pick<GroupState, "__adopted">): boolean {
  const mark = adoptionMark(group.properties);
  return mark !== undefined && mark !== __adopted;
}

/** Two that have one group would undo each other's changes without a word. */
export function warnIfAdoptedElsewhere(
  context: Context,
  group: Group,
  state: Pick<GroupState, "__adopted">,
): void {
  if (isAdoptedElsewhere(group, state)) {
    context.warn(
      `${describeGroup(group)} was taken over (COCKPIT_ADOPT) by ${adopterOf(group)} since, and this stack has it too: each undoes the other's changes. ` +
        `Keep it in one of the two; here, removing it from the program or \`pulumi state delete\` only removes it from the state.`,
    );
  }
}

/** Says so where the group is no longer on the cluster that was asked for; it is not drift, because only a replacement could mend it. */
export function warnIfMoved(context: Context, group: Group, cluster: string | undefined): void {
  if (cluster !== undefined && group.servers.length > 0 && !group.servers.includes(cluster)) {
    context.warn(
      `${describeGroup(group)} was declared on cluster ${quoted(cluster)} but now runs on ${describeNames(group.servers)}. Nothing is changed. Set cluster to ${quoted(group.servers[0] ?? "")} to accept the move.`,
    );
  }
}

/** What of a group can be changed in place. Undefined: not declared, so not touched. */
export interface Changeable {
  name: string;
  applicationId?: string | undefined;
  properties?: PropertyValues | undefined;
}

/** What the state says of the same: what was declared before and no longer is may be taken away. */
export type ChangeableBefore = Partial<Changeable>;

/**
 * Takes a live group to what is declared by the fewest requests, starting from what it is now: so an update that was cut off,
 * a creation that stopped half-way and a manual rename all end at the same place.
 */
export async function reconcileGroup(
  context: Context,
  live: Group,
  declared: Changeable,
  before: ChangeableBefore = {},
): Promise<Group> {
  const { groups } = context.cockpit;
  let group = live;
  const step = async (change: Promise<Group>): Promise<void> => {
    try {
      group = await change;
    } finally {
      context.reader.written(live.id);
    }
  };
  if (live.name !== declared.name) {
    await step(groups.rename(live.id, declared.name));
  }
  // Sent where only the state differs, too: then it is the groups below that have another one.
  const isAsked = declared.applicationId !== undefined || before.applicationId !== undefined;
  const isThere = [live.applicationId, before.applicationId].every((id) => id === declared.applicationId);
  if (isAsked && !isThere) {
    await step(groups.setApplicationId(live.id, declared.applicationId));
    context.createdGroups.changed(group);
  }
  const properties = propertiesToSend(live.properties, declared.properties, before.properties);
  if (properties !== undefined) {
    await step(groups.setProperties(live.id, properties));
  }
  return group;
}

export function existingState({ group, environmentId }: GroupInPlace) {
  const properties = allProperties(group.properties);
  const adopted = adoptionMark(group.properties);
  const [cluster, ...others] = group.servers;
  return {
    name: group.name ?? "",
    // Which one was asked for isn't told; that it is the only one is, and a program may write it down.
    ...(cluster === undefined || others.length > 0 ? {} : { cluster }),
    ...(Object.keys(properties).length === 0 ? {} : { properties }),
    deletionProtection: true,
    servers: group.servers,
    environmentId,
    ...(adopted === undefined ? {} : { __adopted: adopted }),
  };
}

export function listedGroup({ id, name }: Group): Listed {
  return { id, name: name ?? id };
}
