import { z } from "zod";
import { textOf } from "../../errors";
import type { Group } from "../../client";
import { described, keptInputs } from "../../framework/field";
import {
  type CheckRequest,
  type CheckResult,
  defineResource,
  type Listed,
  PartialCreation,
  type Resource,
  type ResourceDefinition,
} from "../../framework/resource";
import type { StateOf } from "../../framework/state";
import { type Properties, without, withoutUndefined } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { type GroupInPlace, liveGroup, placeWithin } from "../../runtime/environments";
import {
  createGroup,
  explainCreation,
  explainGroupTakeover,
  type GroupToCreate,
} from "../../runtime/groups/creation";
import {
  adoptionMark,
  allProperties,
  declaredProperties,
  propertiesToSend,
  type PropertyValues,
  propertyValues,
  sameProperties,
} from "../../runtime/groups/custom-properties";
import { deleteGroup, warnOfLiftedProtection, warnIfAdoptedElsewhere } from "../../runtime/groups/deletion";
import { type GroupTraits, duplicateIdFailures } from "../../runtime/groups/ids";
import { nameExistsFailures } from "../../runtime/groups/namesakes";
import { replacementFailures, confirmReplacements } from "../../runtime/groups/replacement";
import { chosenGroupId } from "../../runtime/inputs";
import { deletedOutside, describeGroup, describeNames, quoted } from "../../runtime/messages";

/** What only Cockpit knows of a solution or a database. */
const groupOutputs = {
  servers: described("The clusters that hold it now.", z.array(z.string()).default([])),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
  /** See `adoptionMark`. */
  __adopted: z.string().optional(),
};
type GroupOutputs = typeof groupOutputs;

/** What of a group can be changed in place. Undefined: not declared, so not touched. */
export interface Changeable {
  name: string;
  applicationId?: string | undefined;
  properties?: PropertyValues | undefined;
}

/** What the state says of the same: what was declared before and no longer is may be taken away. */
export type ChangeableBefore = Partial<Changeable>;

/** The inputs that the rules of groups look at. */
type CommonInputs = z.ZodObject<
  ReturnType<typeof sharedInputs> & {
    name: z.ZodString;
    applicationId: z.ZodOptional<z.ZodString>;
    shards: z.ZodOptional<z.ZodNumber>;
    replicas: z.ZodOptional<z.ZodNumber>;
  }
>;
type DeclaredGroup = z.output<CommonInputs>;
type GroupState = StateOf<CommonInputs, GroupOutputs>;

type Schema<Value> = z.ZodObject & z.ZodType<Value>;

type ForAllGroups =
  | "outputs"
  | "locateNew"
  | "locateExisting"
  | "isEqual"
  | "confirmReplacements"
  | "check"
  | "create"
  | "read"
  | "update"
  | "delete";

/**
 * A Solution or a Database. It says what it is created in and what is its own; what happens to every group, and what is refused,
 * follows from that: see `defineGroup`.
 */
export interface GroupDefinition<Inputs extends Schema<DeclaredGroup>> extends Omit<
  ResourceDefinition<Context, Inputs, GroupOutputs>,
  ForAllGroups
> {
  type: GroupTraits["type"];
  /** The input that names what it is created in. */
  within: { property: keyof z.output<Inputs> & string; kind: "environment" | "solution" };
  /** `isTransferred`: what its inputs change makes no other group of it. */
  check?(
    context: Context,
    request: CheckRequest<z.output<Inputs>>,
  ): Promise<CheckResult & { isTransferred?: boolean }> | CheckResult;
  /** What its creation has to know besides what is declared, or why it is refused. */
  beforeCreate?(context: Context, declared: z.output<Inputs>): Promise<Partial<GroupToCreate>>;
  /** Refuses an update, or makes it otherwise than in place and tells what came of it. */
  beforeUpdate?(
    context: Context,
    id: string,
    state: StateOf<Inputs, GroupOutputs>,
    declared: z.output<Inputs>,
  ): Promise<{ group: Group; environmentId: string } | undefined>;
  /** Refuses a deletion by where it is. */
  beforeDelete?(state: StateOf<Inputs, GroupOutputs>, environmentId: string): void;
  /** What the state has of its own after a write. */
  ownOutputs?(environmentId: string): Partial<StateOf<Inputs, GroupOutputs>>;
  /** What the state has of its own after a read. */
  ownState(
    context: Context,
    state: StateOf<Inputs, GroupOutputs>,
    group: Group,
    environmentId: string,
  ): Promise<Partial<StateOf<Inputs, GroupOutputs>>> | Partial<StateOf<Inputs, GroupOutputs>>;
}

/**
 * What Solution and Database have in common, in the order in which it happens. The rules are those of `runtime/groups`: none is
 * made twice, taken over unasked, replaced or deleted with what is in it before somebody has said so.
 */
export function defineGroup<Inputs extends Schema<DeclaredGroup>>(
  definition: GroupDefinition<Inputs>,
): Resource<Context> {
  return groupResource(definition as unknown as GroupDefinition<CommonInputs>);
}

function groupResource(definition: GroupDefinition<CommonInputs>): Resource<Context> {
  const { type, inputs, within } = definition;
  const parentIn = (properties: object): unknown => (properties as Properties)[within.property];
  const parentOf = (state: GroupState, environmentId: string): string =>
    within.kind === "environment" ? environmentId : String(parentIn(state));
  const placeOfNew = (context: Context, declared: { name?: unknown }): Promise<Context> =>
    within.kind === "environment"
      ? context.environments.recorded(parentIn(declared) as string | undefined, String(declared.name))
      : placeWithin(within.property, context, declared);
  const written = (
    declared: DeclaredGroup,
    group: Group,
    environmentId: string,
    adopted: string | undefined,
  ) =>
    ({
      ...declared,
      ...definition.ownOutputs?.(environmentId),
      servers: group.servers,
      environmentId,
      ...(adopted === undefined ? {} : { __adopted: adopted }),
    }) as GroupState;

  return defineResource<Context, CommonInputs, GroupOutputs>({
    ...definition,
    outputs: groupOutputs,
    isEqual: {
      hardDelete: (declared, { hardDelete }) => (declared ?? false) === (hardDelete ?? false),
      properties: (declared, { properties }) => sameProperties(declared, properties),
    },
    locateNew: placeOfNew,
    // A solution may have been moved to another environment, and takes its databases along.
    locateExisting: (context, id, state) =>
      within.kind === "environment"
        ? context.environments.holding(id, state.environmentId, state.name)
        : placeWithin(within.property, context, state),
    onIdKnown(context, resource, id) {
      context.declaredProtection.recordId(resource, id);
      definition.onIdKnown?.(context, resource, id);
    },
    confirmReplacements,

    async check(context, request) {
      const { resource, before, olds } = request;
      const own = (await definition.check?.(context, request)) ?? { inputs: request.news, failures: [] };
      const news = own.inputs as Partial<DeclaredGroup>;
      const parentId = parentIn(news);
      context.declaredProtection.declare(resource, news.deletionProtection !== false, before);
      if (olds) {
        context.formerPlaces.record(resource, { name: olds.name, parentId: parentIn(olds) });
      }
      const isTransferred = "isTransferred" in own && own.isTransferred === true;
      const ownIds = duplicateIdFailures(context, resource, news.groupId);
      const refusals = isTransferred
        ? []
        : await replacementFailures(context, { resource, before, olds, news }, type);
      if (!olds) {
        const place = within.kind === "environment" ? { environmentId: parentId } : { solutionId: parentId };
        await explainCreation(context, resource, place, news.cluster);
        await explainGroupTakeover(context, resource, { ...news, type, parentId } as GroupTraits);
      }
      const sameName = await nameExistsFailures(context, { resource, olds, news }, type, async () =>
        typeof parentId === "string" ? { at: await placeOfNew(context, news), parentId } : undefined,
      );
      return {
        inputs: own.inputs,
        failures: [...own.failures, ...ownIds, ...refusals, ...sameName],
      };
    },

    async warnOfUpdate(context, resource, id, state, news) {
      await definition.warnOfUpdate?.(context, resource, id, state, news);
      await warnOfLiftedProtection(context, resource, id, state, news);
    },

    async create(context, resource, declared) {
      const environmentId = await context.cockpit.environmentId();
      const more = await definition.beforeCreate?.(context, declared);
      const parentId = within.kind === "environment" ? environmentId : String(parentIn(declared));
      const wanted: GroupToCreate & Changeable = { ...declared, ...more, type, parentId };
      const { group, adoptionMark: adopted } = await createGroup(context, resource, wanted);
      context.groupCache.written(group.id);
      try {
        const finished = await reconcileGroup(context, group, wanted, {
          applicationId: wanted.applicationId,
        });
        return { id: group.id, state: written(declared, finished, environmentId, adopted) };
      } catch (error) {
        // The state of what is: without the properties that are still missing, the next run sees a change and goes on.
        const { properties, ...state } = written(declared, group, environmentId, adopted);
        void properties;
        const what = `${describeGroup(group)} was created, but is not complete: ${textOf(error)}`;
        throw new PartialCreation(group.id, state, what);
      }
    },

    async read(context, id, state) {
      const environmentId = await context.cockpit.environmentId();
      const group = await liveGroup(context, id, parentOf(state, environmentId), state.name);
      if (!group) {
        return undefined;
      }
      warnIfMoved(context, group, state.cluster);
      warnIfAdoptedElsewhere(context, group, state);
      const properties = declaredProperties(group.properties, state.properties);
      return withoutUndefined({
        ...state,
        name: group.name ?? "",
        properties,
        servers: group.servers,
        environmentId,
        ...(await definition.ownState(context, state, group, environmentId)),
      }) as GroupState;
    },

    async update(context, id, state, declared) {
      const moved = await definition.beforeUpdate?.(context, id, state, declared);
      if (moved) {
        return written(declared, moved.group, moved.environmentId, state.__adopted);
      }
      const live = await context.cockpit.groups.get(id);
      if (!live || live.deletedAt !== undefined) {
        throw deletedOutside(`${quoted(state.name)} (id ${id})`);
      }
      warnIfAdoptedElsewhere(context, live, state);
      const group = await reconcileGroup(
        context,
        live,
        declared,
        without(state, ...keptInputs(inputs, declared)),
      );
      return written(declared, group, await context.cockpit.environmentId(), state.__adopted);
    },

    async delete(context, id, state, resource) {
      const environmentId = await context.cockpit.environmentId();
      definition.beforeDelete?.(state, environmentId);
      await deleteGroup(context, id, parentOf(state, environmentId), state, resource);
    },
  });
}

/** Inputs that Solution and Database share. */
export function sharedInputs(what: "solution" | "database") {
  return {
    cluster: described(
      `Cluster to create the ${what} on. Default: the server's choice. Cockpit has no list of clusters; those in use are in the \`servers\` of existing solutions and databases. Changing it replaces the ${what}. (Cockpit API: query parameter server)`,
      z.string().min(1, "must not be empty; leave it out for the server's choice").optional(),
      { onChange: "replace", isKeptWhenOmitted: true },
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
      { onChange: "replace", isKeptWhenOmitted: true },
    ),
  };
}

/** Says so where the group is no longer on the cluster that was asked for; it is not drift, because only a replacement could fix it. */
export function warnIfMoved(context: Context, group: Group, cluster: string | undefined): void {
  if (cluster !== undefined && group.servers.length > 0 && !group.servers.includes(cluster)) {
    context.warn(
      `${describeGroup(group)} was declared on cluster ${quoted(cluster)} but now runs on ${describeNames(group.servers)}. Nothing is changed. Set cluster to ${quoted(group.servers[0] ?? "")} to accept the move.`,
    );
  }
}

/**
 * Takes a live group to what is declared by the fewest requests, starting from what it is now: so an update that was interrupted,
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
      context.groupCache.written(live.id, group);
    }
  };
  if (live.name !== declared.name) {
    await step(groups.rename(live.id, declared.name));
  }
  // Sent where only the state difference, too: then it is the groups below that have another one.
  const isAsked = declared.applicationId !== undefined || before.applicationId !== undefined;
  const isThere = [live.applicationId, before.applicationId].every((id) => id === declared.applicationId);
  if (isAsked && !isThere) {
    await step(groups.setApplicationId(live.id, declared.applicationId));
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
