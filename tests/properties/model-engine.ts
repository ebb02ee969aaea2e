import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../provider/engine/unknowns";
import { ProcessDied, type ProviderProcess, type ResourceType } from "./provider-process";

/** How the engine writes an unknown value for dynamic providers. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What a program declares: one `new Solution(…)` or `new Database(…)`. */
export interface Declaration {
  type: ResourceType;
  /** The logical name. */
  name: string;
  args: Properties;
  /** Of a database: the logical name of the solution whose `id` it is given as `solutionId`. */
  solution?: string | undefined;
  deleteBeforeReplace?: boolean | undefined;
}

/** One resource in the state. */
export interface ResourceState {
  type: ResourceType;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** The solution that its inputs came from. */
  dependsOn?: string | undefined;
  initErrors: string[];
  /** Replaced by another, to be deleted still. */
  isCondemned: boolean;
  /** Deleted already, its replacement not yet created. */
  isPendingReplacement: boolean;
}

export interface Step {
  op: "same" | "create" | "update" | "replace" | "delete";
  resource: string;
  /** Deleted before it was registered, because what it depends on goes before its replacement comes. */
  isUnseen?: boolean;
}

export interface Failure {
  /** `Type name`. */
  resource: string;
  message: string;
}

export interface Outcome {
  steps: Step[];
  failures: Failure[];
  warnings: string[];
  wasKilled: boolean;
}

export interface RunOptions {
  /** Read everything before, in the same process. */
  refresh?: boolean;
  /** `--replace`: this one, whatever its diff. */
  replace?: { type: ResourceType; name: string } | undefined;
  /** Let steps run at the same time where nothing depends on another. */
  isParallel?: boolean;
}

export const keyOf = (resource: { type: string; name: string }) => `${resource.type} ${resource.name}`;

/** A step went wrong; the failure is noted, and nothing more is begun. */
class Stopped extends Error {}

/**
 * What Pulumi's engine does with one stack (pkg/resource/deploy of v3.259): how it turns a program and a state into calls of
 * a provider, and what of their results it keeps. The provider's host is the dynamic one: no preview of create and update,
 * no old inputs in diff, an undecided diff is decided by comparing inputs.
 */
export class ModelEngine {
  #state: ResourceState[] = [];

  constructor(
    private readonly identity: { project: string; stack: string },
    private readonly startProcess: (variables: Readonly<Record<string, string>>) => ProviderProcess,
  ) {}

  get state(): readonly ResourceState[] {
    return this.#state;
  }

  preview(program: readonly Declaration[], variables: Readonly<Record<string, string>> = {}) {
    return this.#operate(variables, (run) => run.program(program, false), { isPreview: true });
  }

  up(
    program: readonly Declaration[],
    variables: Readonly<Record<string, string>> = {},
    options: RunOptions = {},
  ) {
    return this.#operate(
      variables,
      async (run) => {
        if (options.refresh) {
          await run.refresh();
        }
        await run.program(program, true);
      },
      options,
    );
  }

  refresh(variables: Readonly<Record<string, string>> = {}, options: RunOptions = {}) {
    return this.#operate(variables, (run) => run.refresh(), options);
  }

  destroy(variables: Readonly<Record<string, string>> = {}, options: RunOptions = {}) {
    return this.#operate(variables, (run) => run.program([], true), options);
  }

  async #operate(
    variables: Readonly<Record<string, string>>,
    work: (run: Deployment) => Promise<void>,
    options: RunOptions & { isPreview?: boolean },
  ): Promise<Outcome> {
    const process = this.startProcess(variables);
    const run = new Deployment(this.identity, process, this.#state, options);
    try {
      await work(run);
    } catch (error) {
      if (!(error instanceof Stopped)) {
        throw error;
      }
    } finally {
      await process.close();
    }
    if (!options.isPreview) {
      this.#state = run.snapshot();
    }
    const { steps, failures } = run;
    return { steps, failures, warnings: process.warnings, wasKilled: process.isDead };
  }
}

/** One run of the engine over one state. */
class Deployment {
  readonly steps: Step[] = [];
  readonly failures: Failure[] = [];
  /** The state before, in its order; what is done with is in `done`, what came in its place in `news`. */
  #base: ResourceState[];
  readonly #news: ResourceState[] = [];
  readonly #done = new Set<ResourceState>();
  /** Deleted in this run because what they depend on is deleted before its replacement. */
  readonly #deletedEarly = new Set<string>();
  readonly #deletedHere = new Set<ResourceState>();
  /** Registered and found in the state. */
  readonly #operatedOn = new Set<string>();
  /** The engine checks and diffs one resource at a time. */
  #generating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly identity: { project: string; stack: string },
    private readonly process: ProviderProcess,
    state: readonly ResourceState[],
    private readonly options: RunOptions & { isPreview?: boolean },
  ) {
    this.#base = state.map((resource) => ({ ...resource }));
  }

  snapshot(): ResourceState[] {
    return [...this.#news, ...this.#base.filter((resource) => !this.#done.has(resource))];
  }

  async refresh(): Promise<void> {
    const refreshed = new Map<ResourceState, ResourceState | undefined>();
    const readable = this.#base.filter((resource) => !resource.isPendingReplacement);
    try {
      await this.#all(readable, async (old) => {
        const { type, id } = old;
        await this.#step(old, async () => {
          const result = await this.process.read(type, id, old.outputs);
          if (!result.id) {
            refreshed.set(old, undefined);
            return;
          }
          const outputs = { ...result.props, __provider: old.outputs["__provider"] };
          const inputs = result.inputs ?? old.inputs;
          // The engine shows what the next `up` would undo.
          await this.process.diff(type, result.id, outputs, old.inputs);
          refreshed.set(old, { ...old, id: result.id, inputs, outputs, initErrors: [] });
        });
      });
    } finally {
      const known = new Set<string>();
      this.#base = this.#base.flatMap((old) => {
        const now = refreshed.has(old) ? refreshed.get(old) : old;
        if (!now) {
          return [];
        }
        known.add(keyOf(now));
        const isDangling = now.dependsOn !== undefined && !known.has(`Solution ${now.dependsOn}`);
        return [isDangling ? { ...now, dependsOn: undefined } : now];
      });
    }
  }

  async program(program: readonly Declaration[], isReal: boolean): Promise<void> {
    const ids = new Map<string, Promise<string>>();
    const register = (declaration: Declaration): Promise<string> => {
      const known = ids.get(keyOf(declaration));
      const id = known ?? this.#register(declaration, (solution) => idOf(solution), isReal);
      ids.set(keyOf(declaration), id);
      return id;
    };
    const idOf = (solution: string): Promise<string> => {
      const declaration = program.find(({ type, name }) => type === "Solution" && name === solution);
      if (!declaration) {
        throw new Error(`the program declares no solution ${solution}`);
      }
      return register(declaration);
    };
    const isSolution = ({ type }: Declaration) => type === "Solution";
    const inOrder = [
      ...program.filter(isSolution),
      ...program.filter((declaration) => !isSolution(declaration)),
    ];
    await this.#all(inOrder, register);
    await this.#deleteTheRest(isReal);
  }

  /** All of them, at the same time or one by one; after a failure nothing more is begun. */
  async #all<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
    if (this.options.isParallel) {
      const results = await Promise.allSettled(items.map(work));
      for (const result of results) {
        if (result.status === "rejected") {
          throw result.reason;
        }
      }
      return;
    }
    for (const item of items) {
      await work(item);
    }
  }

  async #register(
    declaration: Declaration,
    idOf: (solution: string) => Promise<string>,
    isReal: boolean,
  ): Promise<string> {
    const { type, name, args, solution } = declaration;
    const { project, stack } = this.identity;
    const goal: Properties = {
      name,
      ...args,
      ...(solution === undefined ? {} : { solutionId: await idOf(solution) }),
      __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${type}`,
      __identity: [project, stack, name].join("/"),
    };
    const planned = this.#generating.then(() => this.#plan(declaration, goal));
    this.#generating = planned.catch(() => undefined);
    const { inputs, old, action, deletions, isOldKept = false } = await planned;
    const fresh = { type, name, dependsOn: solution, isCondemned: false, isPendingReplacement: false };

    switch (action) {
      case "same":
        this.#note("same", declaration);
        if (isReal) {
          this.#take(old, { ...old, ...fresh, inputs });
        }
        return old.id;
      case "update": {
        this.#note("update", declaration);
        if (!isReal) {
          return old.id;
        }
        const { outs } = await this.#step(declaration, () =>
          this.process.update(type, old.id, old.outputs, inputs),
        );
        this.#take(old, { ...old, ...fresh, inputs, outputs: outs ?? {}, initErrors: [] });
        return old.id;
      }
      case "create":
      case "replace": {
        for (const condemned of deletions) {
          await this.#deleteBefore(condemned, condemned !== old, isReal);
        }
        this.#note(action, declaration);
        if (isReal) {
          return this.#create(declaration, inputs, old, isOldKept);
        }
        if (old && isOldKept) {
          old.isCondemned = true;
        }
        return unknownValue;
      }
    }
  }

  /** Which steps a registration means: the engine's own decisions, in its order. */
  async #plan(declaration: Declaration, goal: Properties): Promise<Plan> {
    this.#stopIfFailed();
    const key = keyOf(declaration);
    const old = this.#base.find((resource) => keyOf(resource) === key && !resource.isCondemned);
    const isRecreated = this.#deletedEarly.has(key);
    const { replace } = this.options;
    const isForced = old !== undefined && replace !== undefined && keyOf(replace) === key;
    const hasOlds = old && !isRecreated && !isForced;
    const inputs = await this.#check(declaration, hasOlds ? old.inputs : {}, goal);
    if (!old) {
      return { action: "create", inputs, old, deletions: [] };
    }
    this.#operatedOn.add(key);
    if (isRecreated) {
      this.#deletedEarly.delete(key);
      return { action: "replace", inputs, old, deletions: [] };
    }
    const { id, outputs } = old;
    const diff = isForced
      ? { isChanged: true, replaces: ["id"], deleteBeforeReplace: false }
      : await this.#diff(declaration, id, outputs, old.inputs, inputs);
    if ((diff.isChanged && diff.replaces.length > 0) || old.isPendingReplacement) {
      // What was carried over from the old one no longer counts.
      const again = isForced ? inputs : await this.#check(declaration, {}, goal);
      const deletions =
        (declaration.deleteBeforeReplace ?? diff.deleteBeforeReplace)
          ? await this.#toDeleteBefore(old)
          : undefined;
      if (deletions === undefined) {
        return { action: "replace", inputs: again, old, deletions: [], isOldKept: true };
      }
      deletions.forEach((each) => {
        this.#deletedHere.add(each);
        if (each !== old) {
          this.#deletedEarly.add(keyOf(each));
        }
      });
      return { action: "replace", inputs: again, old, deletions };
    }
    return {
      action: diff.isChanged || old.initErrors.length > 0 ? "update" : "same",
      inputs,
      old,
      deletions: [],
    };
  }

  async #check(declaration: Declaration, olds: Properties, news: Properties): Promise<Properties> {
    const result = await this.#step(declaration, () => this.process.check(declaration.type, olds, news));
    const failures = result.failures ?? [];
    if (failures.length > 0) {
      this.#fail(declaration, failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    }
    return { ...result.inputs, __provider: news["__provider"] };
  }

  async #diff(
    resource: { type: ResourceType; name: string },
    id: string,
    outputs: Properties,
    olds: Properties,
    news: Properties,
  ): Promise<{ isChanged: boolean; replaces: string[]; deleteBeforeReplace: boolean }> {
    const result = await this.#step(resource, () => this.process.diff(resource.type, id, outputs, news));
    return {
      isChanged: result.changes ?? !isDeepStrictEqual(olds, news),
      replaces: result.replaces ?? [],
      deleteBeforeReplace: result.deleteBeforeReplace ?? false,
    };
  }

  /** The old one, and before it whatever depends on it and would be replaced by the loss of it. */
  async #toDeleteBefore(old: ResourceState): Promise<ResourceState[]> {
    const dependents: ResourceState[] = [];
    for (const each of this.#base.slice(this.#base.indexOf(old) + 1)) {
      const isDependent = old.type === "Solution" && each.dependsOn === old.name;
      if (!isDependent || this.#operatedOn.has(keyOf(each)) || this.#deletedHere.has(each)) {
        continue;
      }
      const inputs = { ...each.inputs, solutionId: unknownValue };
      const { replaces } = await this.#diff(each, each.id, each.outputs, each.inputs, inputs);
      if (replaces.length > 0) {
        dependents.push(each);
      }
    }
    return [...dependents.reverse(), ...(old.isPendingReplacement ? [] : [old])];
  }

  async #deleteBefore(resource: ResourceState, isUnseen: boolean, isReal: boolean): Promise<void> {
    this.steps.push({ op: "delete", resource: keyOf(resource), isUnseen });
    if (!isReal) {
      return;
    }
    await this.#step(resource, () => this.process.delete(resource.type, resource.id, resource.outputs));
    if (resource.isCondemned) {
      this.#done.add(resource);
    } else {
      resource.isPendingReplacement = true;
    }
  }

  async #create(
    declaration: Declaration,
    inputs: Properties,
    old: ResourceState | undefined,
    isOldKept: boolean,
  ): Promise<string> {
    const { type, name, solution } = declaration;
    const keep = (id: string, outputs: Properties, initErrors: string[]): void => {
      const state = { type, name, id, inputs, outputs, dependsOn: solution, initErrors };
      this.#news.push({ ...state, isCondemned: false, isPendingReplacement: false });
      if (old?.isPendingReplacement) {
        this.#done.add(old);
      }
      if (old && isOldKept) {
        old.isCondemned = true;
      }
    };
    return this.#step(declaration, async () => {
      try {
        const { id, outs } = await this.process.create(type, inputs);
        if (!id) {
          throw new Error("provider did not return an ID from Create");
        }
        keep(id, outs ?? {}, []);
        return id;
      } catch (error) {
        const { id, properties, reasons } = error as {
          id?: string;
          properties?: Properties;
          reasons?: string[];
        };
        if (id && !(error instanceof ProcessDied)) {
          keep(id, { ...properties }, reasons ?? []);
        }
        throw error;
      }
    });
  }

  /** What the program no longer declares, and what was replaced: dependents first. */
  async #deleteTheRest(isReal: boolean): Promise<void> {
    this.#stopIfFailed();
    const condemned: ResourceState[] = [];
    for (const resource of this.#base) {
      if (resource.isCondemned) {
        if (!this.#deletedHere.has(resource)) {
          condemned.push(resource);
        }
      } else if (!this.#operatedOn.has(keyOf(resource))) {
        if (resource.isPendingReplacement) {
          this.#done.add(resource);
        } else {
          condemned.push(resource);
        }
      }
    }
    for (const chain of this.#chainsOf(condemned)) {
      await this.#all(chain, async (resource) => {
        this.#stopIfFailed();
        this.#note("delete", resource);
        if (isReal) {
          await this.#step(resource, () => this.process.delete(resource.type, resource.id, resource.outputs));
          this.#done.add(resource);
        }
      });
    }
  }

  /** Groups of deletions that may go at the same time, in the order in which they have to go. */
  #chainsOf(resources: readonly ResourceState[]): ResourceState[][] {
    const left = new Set(resources);
    const chains: ResourceState[][] = [];
    while (left.size > 0) {
      const chain = [...left].filter((resource) => {
        const before = this.#base.slice(0, this.#base.indexOf(resource));
        return !before.some(
          (other) => left.has(other) && other.type === "Solution" && other.name === resource.dependsOn,
        );
      });
      chain.forEach((resource) => left.delete(resource));
      chains.push(chain);
    }
    return chains.reverse();
  }

  #take(old: ResourceState, now: ResourceState): void {
    this.#done.add(old);
    this.#news.push(now);
  }

  #note(op: Step["op"], resource: { type: string; name: string }): void {
    this.steps.push({ op, resource: keyOf(resource) });
  }

  async #step<Value>(resource: { type: string; name: string }, work: () => Promise<Value>): Promise<Value> {
    this.#stopIfFailed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stopped) {
        throw error;
      }
      return this.#fail(resource, error instanceof Error ? error.message : String(error));
    }
  }

  #fail(resource: { type: string; name: string }, message: string): never {
    this.failures.push({ resource: keyOf(resource), message });
    throw new Stopped(message);
  }

  #stopIfFailed(): void {
    if (this.failures.length > 0) {
      throw new Stopped();
    }
  }
}

type Plan = {
  inputs: Properties;
  /** What has to be deleted before a replacement is created. */
  deletions: ResourceState[];
  /** A replacement's original goes only after it has come. */
  isOldKept?: boolean;
} & ({ action: "create"; old: undefined } | { action: "same" | "update" | "replace"; old: ResourceState });
