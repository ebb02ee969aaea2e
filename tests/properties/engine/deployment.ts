import type { Properties } from "../../../provider/engine/unknowns";
import type { Ledger } from "./ledger";
import { Planner, unknownValue } from "./planner";
import { ProcessDied, type ProviderProcess } from "./provider-process";
import {
  dependencyOf,
  keyOf,
  type Declaration,
  type ResourceKey,
  type ResourceState,
} from "./resource-state";
import type { StepLog } from "./step-log";

export interface StackIdentity {
  project: string;
  stack: string;
}

/** What others may take their inputs from. */
type Registered = Pick<ResourceState, "id" | "outputs">;

const inOrderOfUse = ["TransferToken", "Solution", "Database"] as const;

/** One run of a program over one state: takes the steps that the planner decides on. */
export class Deployment {
  readonly #planner: Planner;

  constructor(
    private readonly identity: StackIdentity,
    private readonly process: ProviderProcess,
    private readonly ledger: Ledger,
    private readonly log: StepLog,
    private readonly options: { isPreview: boolean; replace: ResourceKey | undefined },
  ) {
    this.#planner = new Planner(ledger, process, log, options.replace);
  }

  async run(program: readonly Declaration[]): Promise<void> {
    const registered = new Map<string, Promise<Registered>>();
    const register = (declaration: Declaration): Promise<Registered> => {
      const known = registered.get(keyOf(declaration));
      const now = known ?? this.#register(declaration, outputsOf);
      registered.set(keyOf(declaration), now);
      return now;
    };
    const outputsOf = (key: string): Promise<Registered> => {
      const declaration = program.find((each) => keyOf(each) === key);
      if (!declaration) {
        throw new Error(`the program declares no ${key}`);
      }
      return register(declaration);
    };
    const inOrder = inOrderOfUse.flatMap((type) => program.filter((each) => each.type === type));
    await this.log.all(inOrder, register);
    await this.#deleteTheRest();
  }

  async #register(
    declaration: Declaration,
    outputsOf: (key: string) => Promise<Registered>,
  ): Promise<Registered> {
    const { isPreview } = this.options;
    const { type, name } = declaration;
    const goal = await this.#goalOf(declaration, outputsOf);
    const { inputs, old, action, deletions, isOldKept = false } = await this.#planner.plan(declaration, goal);
    const fresh = {
      type,
      name,
      dependsOn: dependencyOf(declaration),
      isCondemned: false,
      isPendingReplacement: false,
    };

    switch (action) {
      case "same":
        this.log.note("same", declaration);
        if (!isPreview) {
          this.#take(old, { ...old, ...fresh, inputs });
        }
        return old;
      case "update": {
        this.log.note("update", declaration);
        if (!isPreview) {
          const { outs } = await this.log.attempt(declaration, () =>
            this.process.update(type, old.id, old.outputs, inputs),
          );
          const now = { ...old, ...fresh, inputs, outputs: outs ?? {}, initErrors: [] };
          this.#take(old, now);
          return now;
        }
        return old;
      }
      case "create":
      case "replace": {
        for (const condemned of deletions) {
          await this.#deleteBefore(condemned, condemned !== old);
        }
        this.log.note(action, declaration);
        if (!isPreview) {
          return this.#create(declaration, inputs, old, isOldKept);
        }
        if (old && isOldKept) {
          old.isCondemned = true;
        }
        return { id: unknownValue, outputs: { token: unknownValue } };
      }
    }
  }

  async #goalOf(
    declaration: Declaration,
    outputsOf: (key: string) => Promise<Registered>,
  ): Promise<Properties> {
    const { type, name, args } = declaration;
    const dependency = dependencyOf(declaration);
    const { id, outputs } = dependency === undefined ? {} : await outputsOf(dependency);
    const { project, stack } = this.identity;
    return {
      ...(type === "TransferToken" ? {} : { name }),
      ...args,
      ...(declaration.solution === undefined ? {} : { solutionId: id }),
      ...(declaration.token === undefined ? {} : { transferToken: outputs?.["token"] }),
      __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${type}`,
      __identity: [project, stack, name].join("/"),
    };
  }

  async #deleteBefore(resource: ResourceState, isUnseen: boolean): Promise<void> {
    this.log.note("delete", resource, isUnseen);
    if (!this.options.isPreview) {
      await this.#delete(resource);
    }
    if (resource.isCondemned) {
      this.ledger.forget(resource);
    } else {
      resource.isPendingReplacement = true;
    }
  }

  #create(
    declaration: Declaration,
    inputs: Properties,
    old: ResourceState | undefined,
    isOldKept: boolean,
  ): Promise<Registered> {
    const { type, name } = declaration;
    const keep = (id: string, outputs: Properties, initErrors: string[]): void => {
      const state = { type, name, id, inputs, outputs, dependsOn: dependencyOf(declaration), initErrors };
      this.ledger.add({ ...state, isCondemned: false, isPendingReplacement: false });
      if (old?.isPendingReplacement) {
        this.ledger.forget(old);
      }
      if (old && isOldKept) {
        old.isCondemned = true;
      }
    };
    return this.log.attempt(declaration, async () => {
      try {
        const { id, outs } = await this.process.create(type, inputs);
        if (!id) {
          throw new Error("provider did not return an ID from Create");
        }
        keep(id, outs ?? {}, []);
        return { id, outputs: outs ?? {} };
      } catch (error) {
        // The form in which a provider says that the object is there, but incomplete.
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

  async #deleteTheRest(): Promise<void> {
    this.log.stopIfFailed();
    for (const resources of this.#planner.leftToDelete()) {
      await this.log.all(resources, async (resource) => {
        this.log.stopIfFailed();
        this.log.note("delete", resource);
        if (!this.options.isPreview) {
          await this.#delete(resource);
          this.ledger.forget(resource);
        }
      });
    }
  }

  #delete(resource: ResourceState): Promise<void> {
    const { type, id, outputs } = resource;
    return this.log.attempt(resource, () => this.process.delete(type, id, outputs));
  }

  #take(old: ResourceState, now: ResourceState): void {
    this.ledger.forget(old);
    this.ledger.add(now);
  }
}
