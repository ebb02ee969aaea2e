import { z } from "zod";
import { CockpitError } from "../../errors";
import type { GroupKind } from "../../client";
import { described } from "../../framework/field";
import type { ResourceName } from "../../framework/identity";
import {
  defineResource,
  type CheckRequest,
  type CheckResult,
  type Resource,
  type ResourceDefinition,
} from "../../framework/resource";
import type { MaybeUnknown, Properties } from "../../framework/values";
import type { StateOf } from "../../framework/state";
import { explainTakeover, isKeptByAdoption, type Takeover } from "../adoption";
import type { Context } from "../context";
import { assertEnvironmentReadable, assertGroup, placeWithin } from "../environments";
import { describeGroup, quoted } from "../messages";
import { addSolution, isConfirmed, confirmationText, protectionRemedies } from "./protection";

/** Whatever can hold something of its own. */
export const anyGroup = ["environment", "solution", "database"] as const;

/** Which input names the group that a resource is in, and which groups that may be. */
export interface Within<Property extends string> {
  property: Property;
  /** Absent: the creation itself says so, because it depends on more than that. */
  kinds?: readonly GroupKind[];
}

type Overridden = "locateNew" | "locateExisting" | "check" | "create" | "read" | "update" | "delete";

/**
 * A resource that is in a group. It says where, and from that follow: the environment that it is worked on in and its output
 * `environmentId`, the check of its parent, when it counts as gone, the protection that it inherits, and what a takeover spares.
 */
export interface ContentDefinition<Inputs extends z.ZodObject, Outputs extends z.ZodRawShape> extends Omit<
  ResourceDefinition<Context, Inputs, Outputs>,
  Overridden
> {
  within: Within<keyof z.output<Inputs> & string>;
  /** As an error names one. Default: by its type and id. */
  describe?(state: StateOf<Inputs, Outputs>, id: string): string;
  /** Made by somebody else and only written down here: nothing is read, guarded or deleted. */
  isOnlyRecorded?(state: StateOf<Inputs, Outputs>): boolean;
  /** Its reads and updates say themselves where it is: it may have stayed where its group was. */
  tellsItsEnvironment?: true;
  /** What its creation would take over, if it is told to. A preview says so. */
  findExisting?: (
    context: Context,
    declared: MaybeUnknown<z.output<Inputs>>,
    request: CheckRequest<z.output<Inputs>>,
  ) => Promise<Takeover | undefined>;
  check?(context: Context, request: CheckRequest<z.output<Inputs>>): Promise<CheckResult> | CheckResult;
  create: ResourceDefinition<Context, Inputs, Outputs>["create"];
  /** Undefined: it is gone. "another's": somebody else has put another one in its place. */
  read(
    context: Context,
    id: string,
    state: StateOf<Inputs, Outputs>,
  ): Promise<StateOf<Inputs, Outputs> | "another's" | undefined>;
  update: ResourceDefinition<Context, Inputs, Outputs>["update"];
  /** Called once nothing is in its way. "gone": it was not there any more. */
  delete(
    ...args: Parameters<ResourceDefinition<Context, Inputs, Outputs>["delete"]>
  ): Promise<"gone" | undefined>;
}

export function defineContent<Inputs extends z.ZodObject, Outputs extends z.ZodRawShape>(
  definition: ContentDefinition<Inputs, Outputs>,
): Resource<Context> {
  const { type, inputs, within, findExisting } = definition;
  const groupIn = (properties: object): string | undefined => {
    const id = (properties as Properties)[within.property];
    return typeof id === "string" ? id : undefined;
  };
  const nameOf = (state: object): string => {
    const { name } = state as Properties;
    return typeof name === "string" ? name : (groupIn(state) ?? type);
  };
  const isOnlyRecorded = (state: StateOf<Inputs, Outputs>): boolean =>
    definition.isOnlyRecorded?.(state) === true;
  const isGuarded = Object.hasOwn(inputs.shape, "deletionProtection");
  const placed = async (
    context: Context,
    state: StateOf<Inputs, Outputs>,
  ): Promise<StateOf<Inputs, Outputs>> =>
    definition.tellsItsEnvironment
      ? state
      : { ...state, environmentId: await context.cockpit.environmentId() };
  return defineResource<Context, Inputs, Outputs>({
    ...definition,

    locateNew: (context, declared) => placeWithin(within.property, context, declared),
    locateExisting: (context, _id, state) => placeWithin(within.property, context, state),

    async check(context, request) {
      const { olds } = request;
      const groupId = groupIn(request.news);
      const news = { ...request.news, ...(isGuarded && protectionOf(context, groupId, olds)) };
      const checked = await (definition.check?.(context, { ...request, news }) ?? {
        inputs: news,
        failures: [],
      });
      if (findExisting && olds === undefined && groupId !== undefined) {
        await explainTakeover(context, request.resource, groupId, (here) =>
          findExisting(here, checked.inputs as typeof news, request),
        );
      }
      return checked;
    },

    async create(context, resource, declared) {
      const environmentId = await context.cockpit.environmentId();
      if (within.kinds) {
        await assertGroup(context, within.property, groupIn(declared) ?? "", within.kinds);
      }
      const { id, state } = await definition.create(context, resource, declared);
      return { id, state: { ...state, environmentId } };
    },

    async read(context, id, state) {
      if (isOnlyRecorded(state)) {
        return state;
      }
      const live = await definition.read(context, id, state);
      if (live === undefined) {
        await assertEnvironmentReadable(context, nameOf(state), id);
      }
      return live === undefined || live === "another's" ? undefined : placed(context, live);
    },

    async update(context, id, state, declared, resource) {
      return placed(context, await definition.update(context, id, state, declared, resource));
    },

    async delete(context, id, state, resource) {
      if (isOnlyRecorded(state)) {
        return;
      }
      if (isGuarded) {
        const what = definition.describe?.(state, id) ?? `the ${type} ${quoted(id)}`;
        if (isKeptByAdoption(context, what, type, id)) {
          return;
        }
        await assertDeletable(context, what, groupIn(state), state, resource);
      }
      if ((await definition.delete(context, id, state, resource)) === "gone") {
        await assertEnvironmentReadable(context, nameOf(state), id);
      }
    },
  });
}

/**
 * What is in a group is deleted before it: a destroy that the group's protection refuses would come too late for it. So each of
 * them keeps that protection in its own state, which is all that a deletion gets to see.
 */
export const inheritedProtection = described(
  "Whether the solution or database that contains it is protected, as far as the same program declares that. Then it is not deleted unless the other stays, or its name is typed back. (Not part of the Cockpit API)",
  z.boolean().optional(),
  { isComputed: true },
);

/** The protection that this run declares for the group or, if it doesn't, an earlier run did. */
function protectionOf(
  context: Context,
  groupId: unknown,
  olds: { deletionProtection?: boolean | undefined } | undefined,
): { deletionProtection?: true } {
  const declared = typeof groupId === "string" ? context.declaredProtection.ofGroup(groupId) : undefined;
  return (declared ?? olds?.deletionProtection) ? { deletionProtection: true } : {};
}

/** Refuses to delete an object in a protected group that this run doesn't declare, because the group is being deleted too. */
export function assertDeletable(
  context: Context,
  what: string,
  groupId: string | undefined,
  { deletionProtection }: { deletionProtection?: boolean | undefined },
  resource: ResourceName,
): Promise<void> {
  return context.refusals.decide(async () => {
    if (!deletionProtection || groupId === undefined) {
      return undefined;
    }
    if (context.declaredProtection.ofGroup(groupId) !== undefined) {
      return undefined;
    }
    const group = await context.cockpit.groups.get(groupId);
    if (!group || group.deletedAt !== undefined) {
      return undefined;
    }
    const atRisk = { group, stateName: group.name, databases: [], resource };
    if (await isConfirmed(context, atRisk)) {
      return undefined;
    }
    context.refusals.add(groupId, await confirmationText(context, atRisk));
    await addSolution(context, atRisk);
    return new CockpitError({
      code: "inside-protected",
      what: `${what} was not deleted, because it is inside ${describeGroup(group)}, which is protected and is also being deleted in this run.`,
      remedy: `${await protectionRemedies(context, atRisk)} To delete this alone, remove it from the program and run pulumi up.`,
      confirm: [await confirmationText(context, atRisk)],
    });
  });
}
