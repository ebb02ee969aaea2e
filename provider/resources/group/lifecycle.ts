import type { Group } from "../../api";
import { PartialCreation, type ResourceName } from "../../engine/resource";
import type { Context } from "../context";
import { assertGone } from "../environments/absence";
import { createGroup, type GroupToCreate } from "./creation";
import { adoptionMark, type PropertyValues } from "./custom-properties";
import type { TypedName } from "./declared-protection";
import { databasesOf, isConfirmed, refusalOf, whatGoesAlong } from "./protection";
import { reconcileGroup, type Changeable, type ChangeableBefore } from "./reconciliation";
import { describeGroup, quoted } from "./words";

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
  resource: ResourceName,
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
    const reason = `${describeGroup(group)} was created, but is not complete: ${messageOf(error).replace(/[.\s]*$/, ".")} The next pulumi up goes on from here.`;
    throw new PartialCreation(group.id, state, reason);
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
  await assertGone(context, state.name, id);
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
    throw new Error(
      `${quoted(state.name)} (id ${id}) was deleted outside of this program. Run pulumi refresh, then pulumi up creates it anew.`,
    );
  }
  return reconcileGroup(context, live, declared, state);
}

export async function deleteLive(
  context: Context,
  id: string,
  parentId: string,
  state: GroupState,
  resource: TypedName,
): Promise<void> {
  const group = await readLive(context, id, parentId, state);
  if (!group) {
    return;
  }
  if (context.births.isBornHere(id)) {
    // With an id of the program's own choice a replacement has the id of its original, which was gone before this run made it anew.
    return;
  }
  if (context.claims.isOthers(id, `${resource.type} ${resource.name}`)) {
    context.warn(
      `${describeGroup(group)} is another resource's of this program since, so it is left alone and only forgotten here.`,
    );
    return;
  }
  const mark = adoptionMark(group.properties);
  const { adopt, confirmDelete } = context.runVariables();
  // A run that takes a group over never deletes it, whatever else was typed.
  const isConfirmedById = confirmDelete.includes(id) && !adopt.includes(id);
  if (mark !== undefined && mark !== state.__adopted && !isConfirmedById) {
    context.warn(
      `${describeGroup(group)} was taken over (COCKPIT_ADOPT) by another resource since, so it is left alone and only forgotten here.`,
    );
    return;
  }
  const databases = await databasesOf(context, group);
  const atRisk = { group, stateName: state.name, databases };
  const isProtected = state.deletionProtection || context.declaredProtection.isProtected(resource);
  if (isProtected && !(await isConfirmed(context, atRisk))) {
    throw new Error(`${await refusalOf(context, atRisk)} It was not deleted.`);
  }
  for (const database of databases) {
    const confirmed = await isConfirmed(context, {
      group: database,
      stateName: database.name,
      databases: [],
    });
    if (!confirmed) {
      throw new Error(
        `${describeGroup(group)} is not deleted, because it would go${await whatGoesAlong(context, atRisk)}, which this stack does not manage or has not deleted. ` +
          `Delete or transfer them first, or type the name of each back in COCKPIT_CONFIRM_DELETE too.`,
      );
    }
  }
  try {
    await (state.hardDelete ? context.cockpit.groups.hardDelete(id) : context.cockpit.groups.delete(id));
  } finally {
    context.reader.written(id);
  }
}

/** Says so where the group is no longer on the cluster that was asked for; it is no drift, because only a replacement could mend it. */
export function warnOfMove(context: Context, group: Group, cluster: string | undefined): void {
  if (cluster !== undefined && group.servers.length > 0 && !group.servers.includes(cluster)) {
    context.warn(
      `${describeGroup(group)} was asked to be on ${quoted(cluster)} and has been moved. Nothing is changed; write its new cluster into the program once its replacement is not wanted.`,
    );
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
