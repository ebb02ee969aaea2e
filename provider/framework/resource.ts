import { aliasTo, describeIdentity, type Identity, type ResourceName } from "./identity";
import type { z } from "zod";
import { CockpitError } from "../errors";
import { diffProperties, type Diff, type EqualityRules } from "./diff";
import { type CheckFailure, checkVariants, checkInputs, type Variant } from "./validation";
import type { Run } from "./run";
import { type StateOf, stateSchema as stateSchemaOf } from "./state";
import { type MaybeUnknown, type Properties, without } from "./values";

export interface CheckRequest<Inputs> {
  resource: Identity;
  /** Who it was in the last run: another one where it was renamed or moved by an alias, or where this release knows more. */
  before: Identity;
  /** The inputs of the last `up`; absent on creation and on a forced replacement. */
  olds: Partial<Inputs> | undefined;
  news: MaybeUnknown<Inputs>;
}

export interface CheckResult {
  inputs: Properties;
  failures: CheckFailure[];
}

/** An existing object, managed or not. */
export interface Listed {
  /** The id that an import takes. */
  id: string;
  name: string;
}

/** How the objects of a kind are listed. */
export interface Listing<Context, Filters extends z.ZodObject = z.ZodObject> {
  filters: Filters;
  find(context: Context, filters: z.output<Filters>): Promise<Listed[]>;
}

/** Binds a list function to the schema of its filters. */
export function listing<Context, Filters extends z.ZodObject>(
  filters: Filters,
  find: (context: Context, filters: z.output<Filters>) => Promise<Listed[]>,
): Listing<Context> {
  return { filters, find: (context, given) => find(context, filters.parse(given)) };
}

/** The object was created but does not match its declaration yet: the engine keeps it and calls update on the next run. */
export class PartialCreation extends CockpitError {
  constructor(
    readonly id: string,
    readonly state: Properties,
    what: string,
  ) {
    super({ code: "incomplete", what, remedy: "The next pulumi up goes on from here." });
    this.name = "PartialCreation";
  }
}

/** The behaviour of one resource, in the types of its own schemas. */
export interface ResourceDefinition<Context, Inputs extends z.ZodObject, Outputs extends z.ZodRawShape> {
  /** The name that a program and a preview show, e.g. `Database`. */
  type: string;
  description: string;
  /** A whole TypeScript program for the reference page. */
  example: string;
  inputs: Inputs;
  /** What only the API knows. A state holds it beside every input. */
  outputs: Outputs;
  /** Mutually exclusive ways to declare it. Absent: there is only one way. */
  variants?: readonly Variant<keyof z.output<Inputs> & string>[];
  /** Its natural key is unique, so the old object must be deleted before its replacement is created. */
  deleteBeforeReplace?: true;
  /** How inputs with several equivalent representations are compared. Other inputs are compared as JSON. */
  isEqual?: EqualityRules<StateOf<Inputs, Outputs>, z.output<Inputs>>;
  /** Outputs that force a replacement although no input changed, such as an expiring token. */
  expiredOutputs?(
    context: Context,
    id: string,
    state: StateOf<Inputs, Outputs>,
  ): string[] | Promise<string[]>;
  /** Called with the id of each object that is diffed or created. Refresh diffs too, without a check. */
  onIdKnown?(context: Context, resource: Identity, id: string): void;
  /** The context of the environment that the object is to be created in. Absent: the context that the front end passes. */
  locateNew?(context: Context, inputs: z.output<Inputs>): Promise<Context>;
  /** The context of the environment that the object is in. Absent: the context that the front end passes. */
  locateExisting?(context: Context, id: string, state: StateOf<Inputs, Outputs>): Promise<Context>;
  /** Validation beyond the schema, and inputs derived from others. Called only with inputs that are valid by the schema. */
  check?(context: Context, request: CheckRequest<z.output<Inputs>>): Promise<CheckResult>;
  /** Returns those of the replacing changes that still need a replacement, given the live object. If it throws, all of them do. */
  confirmReplacements?(
    context: Context,
    id: string,
    news: Properties,
    replaces: readonly string[],
  ): Promise<string[]>;
  /** Warns of the consequences of an update that its properties don't show. If it throws, the preview goes on. */
  warnOfUpdate?(
    context: Context,
    resource: Identity,
    id: string,
    state: StateOf<Inputs, Outputs>,
    news: MaybeUnknown<z.output<Inputs>>,
  ): Promise<void>;
  create(
    context: Context,
    resource: Identity,
    inputs: z.output<Inputs>,
  ): Promise<{ id: string; state: StateOf<Inputs, Outputs> }>;
  /** Undefined: the object no longer exists. */
  read(
    context: Context,
    id: string,
    state: StateOf<Inputs, Outputs>,
  ): Promise<StateOf<Inputs, Outputs> | undefined>;
  /** Absent: objects of this kind can't be listed. */
  list?: Listing<Context>;
  /** Reads an object that is not in any state, by its id alone. Undefined: there is no such object. Warns of inputs that Cockpit doesn't return. */
  import(context: Context, id: string, resource: ResourceName): Promise<StateOf<Inputs, Outputs> | undefined>;
  update(
    context: Context,
    id: string,
    state: StateOf<Inputs, Outputs>,
    inputs: z.output<Inputs>,
    resource: Identity,
  ): Promise<StateOf<Inputs, Outputs>>;
  delete(context: Context, id: string, state: StateOf<Inputs, Outputs>, resource: Identity): Promise<void>;
}

/** The part of a context that every resource needs. */
export interface RunContext {
  readonly run: Run;
}

/** A resource as the front ends see it: the same behaviour with untyped properties. */
export interface Resource<Context> {
  readonly type: string;
  readonly description: string;
  readonly example: string;
  readonly inputs: z.ZodObject;
  readonly state: z.ZodObject;
  readonly variants: readonly Variant[];
  readonly deleteBeforeReplace: boolean;
  readonly list: Listing<Context> | undefined;
  check(
    context: Context,
    resource: ResourceName,
    olds: Properties | undefined,
    news: Properties,
    before?: ResourceName,
  ): Promise<CheckResult>;
  /** Never throws because of an answer of Cockpit: refresh calls it too, and an error here would hide the plan. */
  diff(
    context: Context,
    id: string,
    state: Properties,
    news: Properties,
    resource: ResourceName,
  ): Promise<Diff>;
  create(
    context: Context,
    resource: ResourceName,
    inputs: Properties,
  ): Promise<{ id: string; state: Properties }>;
  read(
    context: Context,
    id: string,
    state: Properties,
    resource: ResourceName,
  ): Promise<Properties | undefined>;
  /** The state of an existing object, read by its id. Undefined: there is no such object. */
  import(context: Context, id: string, resource: ResourceName): Promise<Properties | undefined>;
  update(
    context: Context,
    id: string,
    state: Properties,
    inputs: Properties,
    resource: ResourceName,
  ): Promise<Properties>;
  delete(context: Context, id: string, state: Properties, resource: ResourceName): Promise<void>;
  /** The inputs that a state holds. */
  inputsOf(state: Properties): Properties;
}

export function defineResource<
  Context extends RunContext,
  Inputs extends z.ZodObject,
  Outputs extends z.ZodRawShape,
>(definition: ResourceDefinition<Context, Inputs, Outputs>): Resource<Context> {
  const { inputs: inputSchema, outputs, variants = [] } = definition;
  const stateSchema = stateSchemaOf(inputSchema, outputs);
  type State = StateOf<Inputs, Outputs>;
  const placeOf = async (context: Context, id: string, state: State): Promise<Context> =>
    definition.locateExisting ? definition.locateExisting(context, id, state) : context;
  const confirmReplacements = async (
    context: Context,
    id: string,
    state: State,
    news: Properties,
    replaces: readonly string[],
  ): Promise<string[]> =>
    definition.confirmReplacements
      ? definition.confirmReplacements(await placeOf(context, id, state), id, news, replaces)
      : [...replaces];
  const identityOf = (resource: ResourceName): Identity => ({ ...resource, type: definition.type });
  const readState = (state: Properties, resource: ResourceName, id: string): State => {
    const { data, error } = stateSchema.safeParse(state);
    if (error) {
      const places = error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`).join("; ");
      throw new CockpitError({
        code: "unreadable-state",
        what: `the state of ${describeIdentity(identityOf(resource))} (id ${id}) can't be used, because another version of this provider wrote it, or somebody changed it (${places}). Nothing was sent.`,
        remedy: "pulumi refresh completes it; then run this again.",
      });
    }
    return data;
  };
  /** Reads properties that the state lacks, or that this release can't read, as an import does. */
  const completeState = async (
    context: Context,
    id: string,
    state: Properties,
    resource: ResourceName,
  ): Promise<State> => {
    const { error } = stateSchema.safeParse(state);
    if (!error) {
      return readState(state, resource, id);
    }
    const found: Properties = (await definition.import(context, id, resource)) ?? {};
    const unreadable = error.issues.map(({ path }) => String(path[0])).filter((key) => key in found);
    return readState({ ...found, ...without(state, ...unreadable) }, resource, id);
  };
  const recordingOutcome = async <Result>(
    context: Context,
    resource: Identity,
    work: () => Promise<Result>,
  ): Promise<Result> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof PartialCreation) {
        context.run.created(resource, error.id);
      }
      context.run.failed(resource);
      throw error;
    }
  };
  return {
    type: definition.type,
    description: definition.description,
    example: definition.example,
    inputs: inputSchema,
    state: stateSchema,
    variants: variants,
    deleteBeforeReplace: definition.deleteBeforeReplace === true,
    list: definition.list,
    async check(context, resource, olds, news, before = resource) {
      context.run.checked(identityOf(resource), olds !== undefined);
      const checked = checkInputs(inputSchema, news, olds);
      if (checked.failures.length === 0 && variants.length > 0) {
        checked.failures.push(...checkVariants(inputSchema, variants, checked.inputs));
      }
      if (checked.failures.length > 0 || !definition.check) {
        return checked;
      }
      return definition.check(context, {
        resource: identityOf(resource),
        before: identityOf(before),
        // Old inputs were checked by the release that stored them; they are read, never judged again.
        olds: olds as Partial<z.output<Inputs>> | undefined,
        news: checked.inputs as MaybeUnknown<z.output<Inputs>>,
      });
    },
    async diff(context, id, state, news, resource) {
      const known = readState(state, resource, id);
      context.run.diffed(identityOf(resource), id);
      definition.onIdKnown?.(context, identityOf(resource), id);
      const diff = diffProperties(
        inputSchema,
        known,
        news,
        definition.isEqual as EqualityRules<Properties, Properties> | undefined,
      );
      const expired = (await definition.expiredOutputs?.(context, id, known)) ?? [];
      if (diff.replaces.length > 0) {
        context.run.toBeReplaced(definition.type, id);
      }
      if (diff.updates.length > 0 && definition.warnOfUpdate) {
        await definition
          .warnOfUpdate(context, identityOf(resource), id, known, news as MaybeUnknown<z.output<Inputs>>)
          .catch(() => undefined);
      }
      if (diff.replaces.length === 0 || !definition.confirmReplacements) {
        return { updates: diff.updates, replaces: [...diff.replaces, ...expired] };
      }
      const replaces = await confirmReplacements(context, id, known, news, diff.replaces).catch(
        () => diff.replaces,
      );
      return {
        updates: [...diff.updates, ...diff.replaces.filter((key) => !replaces.includes(key))],
        replaces: [...replaces, ...expired],
      };
    },
    async create(context, resource, inputs) {
      const identity = identityOf(resource);
      return recordingOutcome(context, identity, async () => {
        const declared = inputSchema.parse(inputs);
        const here = definition.locateNew ? await definition.locateNew(context, declared) : context;
        const created = await definition.create(here, identity, declared);
        context.run.created(identity, created.id);
        definition.onIdKnown?.(context, identity, created.id);
        return created;
      });
    },
    async read(context, id, state, resource) {
      const known = await completeState(context, id, state, resource);
      context.run.read(identityOf(resource), id);
      return definition.read(await placeOf(context, id, known), id, known);
    },
    import: (context, id, resource) => definition.import(context, id, resource),
    async update(context, id, state, inputs, resource) {
      const identity = identityOf(resource);
      return recordingOutcome(context, identity, async () => {
        const known = readState(state, resource, id);
        const here = await placeOf(context, id, known);
        return definition.update(here, id, known, inputSchema.parse(inputs), identity);
      });
    },
    async delete(context, id, state, resource) {
      const known = readState(state, resource, id);
      const identity = identityOf(resource);
      const reason = context.run.reasonNotToDelete(identity, id);
      if (reason !== undefined) {
        throw new CockpitError({
          code: "kept-after-failure",
          what: `${describeIdentity(identity)} (id ${id}) was not deleted: ${reason}, and what the program declares now may be the same under another name or parent.`,
          remedy: `Correct that and run again. If this was renamed or moved in the program, give the new resource ${aliasTo(resource)}, and nothing is created or deleted.`,
          aliases: aliasTo(resource),
        });
      }
      return definition.delete(await placeOf(context, id, known), id, known, identity);
    },
    inputsOf: (state) =>
      Object.fromEntries(Object.entries(state).filter(([key]) => Object.hasOwn(inputSchema.shape, key))),
  };
}
