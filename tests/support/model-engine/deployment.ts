import { log, type Resource } from "@pulumi/pulumi";
import { assertNotForgotten, warnOfRetaining } from "../../../sdk/forgetting";
import type { Properties } from "../../../provider/framework/values";
import type { Ledger } from "./ledger";
import { Planner, unknownValue, type Plan } from "./planner";
import { ProcessDied, type ProviderProcess } from "./provider-process";
import {
  dependencyOf,
  keyOf,
  type Declaration,
  type ResourceKey,
  type ResourceState,
} from "./resource-state";
import { StepFailed, type StepLog } from "./step-log";

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
  /** In the state before, of steps that failed without stopping the run. */
  readonly #failed: ResourceState[] = [];

  constructor(
    private readonly identity: StackIdentity,
    private readonly process: ProviderProcess,
    private readonly ledger: Ledger,
    private readonly log: StepLog,
    private readonly options: {
      isPreview: boolean;
      replace: ResourceKey | undefined;
    },
  ) {
    this.#planner = new Planner(ledger, process, log, options.replace);
  }

  async run(program: readonly Declaration[]): Promise<void> {
    program.forEach((declaration) => this.#construct(declaration));
    const registered = new Map<string, Promise<Registered | undefined>>();
    const register = (declaration: Declaration): Promise<Registered | undefined> => {
      const known = registered.get(keyOf(declaration));
      const now = known ?? this.#register(declaration, outputsOf);
      registered.set(keyOf(declaration), now);
      return now;
    };
    const outputsOf = (key: string): Promise<Registered | undefined> => {
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

  /** What its class does before the engine hears of it; an error there ends the program. */
  #construct(declaration: Declaration): void {
    const { type, name, deletedWith, retainOnDelete = false } = declaration;
    // What a program says in its own process the engine shows like the rest.
    const said = jest.spyOn(log, "warn").mockImplementation((message) => {
      this.process.warnings.push(message);
      return Promise.resolve();
    });
    try {
      assertNotForgotten(`${type} "${name}"`, deletedWith ? { deletedWith: someResource } : {});
      warnOfRetaining(type, name, { retainOnDelete });
    } catch (error) {
      this.log.fail(declaration, (error as Error).message);
    } finally {
      said.mockRestore();
    }
  }

  /** Undefined: it failed, or was skipped because of what did. */
  async #register(
    declaration: Declaration,
    outputsOf: (key: string) => Promise<Registered | undefined>,
  ): Promise<Registered | undefined> {
    const goal = await this.#goalOf(declaration, outputsOf);
    if (!goal) {
      this.#planner.skip(declaration);
      return undefined;
    }
    const plan = await this.#planner.plan(declaration, goal);
    try {
      return await this.#follow(declaration, plan);
    } catch (error) {
      if (!(error instanceof StepFailed)) {
        throw error;
      }
      if (plan.old) {
        this.#failed.push(plan.old);
      }
      return undefined;
    }
  }

  async #follow(
    declaration: Declaration,
    { inputs, old, action, deletions, isOldKept = false }: Plan,
  ): Promise<Registered> {
    const { isPreview } = this.options;
    const { type } = declaration;
    const fresh = { ...declared(declaration), isCondemned: false, isPendingReplacement: false };

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
          const { outs } = await this.log.take(declaration, () =>
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
        for (const deleted of deletions) {
          await this.#deleteBefore(deleted, deleted !== old);
        }
        this.log.note(action, declaration);
        if (!isPreview) {
          return this.#create(declaration, inputs, old, isOldKept);
        }
        if (old && isOldKept) {
          old.isMarkedForDeletion = true;
        }
        return { id: unknownValue, outputs: { token: unknownValue } };
      }
    }
  }

  async #goalOf(
    declaration: Declaration,
    outputsOf: (key: string) => Promise<Registered | undefined>,
  ): Promise<Properties | undefined> {
    const { type, name, args } = declaration;
    const dependency = dependencyOf(declaration);
    const source = dependency === undefined ? undefined : await outputsOf(dependency);
    if (dependency !== undefined && !source) {
      return undefined;
    }
    const { id, outputs } = source ?? {};
    const { project, stack } = this.identity;
    return {
      ...(type === "TransferToken" ? {} : { name }),
      ...args,
      ...(declaration.solution === undefined ? {} : { solutionId: id }),
      ...(declaration.token === undefined ? {} : { transferToken: outputs?.["token"] }),
      __provider: `exports.handler=()=>require("pulumi-cockpit/dynamic").${type}`,
      __identity: [project, stack, name].join("/"),
      ...(declaration.parents === undefined ? {} : { __parents: declaration.parents }),
    };
  }

  /** One that fails leaves the registration without an answer, so that somebody has to cancel the run. */
  async #deleteBefore(resource: ResourceState, isUnseen: boolean): Promise<void> {
    const isForgotten = this.#planner.isForgotten(resource);
    this.log.note("delete", resource, { isUnseen, isForgotten });
    if (!this.options.isPreview && !isForgotten) {
      await this.log.attempt(resource, () => this.#delete(resource));
    }
    if (resource.isMarkedForDeletion) {
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
    const { type } = declaration;
    const keep = (id: string, outputs: Properties, initErrors: string[]): void => {
      const state = { ...declared(declaration), id, inputs, outputs, initErrors };
      this.ledger.add({ ...state, isMarkedForDeletion: false, isPendingReplacement: false });
      if (old?.isPendingReplacement) {
        this.ledger.forget(old);
      }
      if (old && isOldKept) {
        old.isMarkedForDeletion = true;
      }
    };
    return this.log.take(declaration, async () => {
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
      const spared = this.#dependenciesOfFailed();
      const left = resources.filter((resource) => !spared.has(keyOf(resource)));
      await this.log.all(left, async (resource) => {
        this.log.stopIfFailed();
        const isForgotten = this.#planner.isForgotten(resource);
        this.log.note("delete", resource, { isForgotten });
        if (!this.options.isPreview) {
          await this.#deleteAtLast(resource, isForgotten);
        }
      });
    }
  }

  async #deleteAtLast(resource: ResourceState, isForgotten: boolean): Promise<void> {
    try {
      if (!isForgotten) {
        await this.log.take(resource, () => this.#delete(resource));
      }
      this.ledger.forget(resource);
    } catch (error) {
      if (!(error instanceof StepFailed)) {
        throw error;
      }
      this.#failed.push(resource);
    }
  }

  /** What a step that failed depends on is not deleted. */
  #dependenciesOfFailed(): Set<string> {
    const keys = new Set(this.#failed.flatMap(({ dependsOn }) => dependsOn ?? []));
    for (const key of keys) {
      const { dependsOn } = this.ledger.base.find((each) => keyOf(each) === key) ?? {};
      if (dependsOn !== undefined) {
        keys.add(dependsOn);
      }
    }
    return keys;
  }

  #delete({ type, id, outputs }: ResourceState): Promise<void> {
    return this.process.delete(type, id, outputs);
  }

  #take(old: ResourceState, now: ResourceState): void {
    this.ledger.forget(old);
    this.ledger.add(now);
  }
}

/** Only its presence matters. */
const someResource = {} as Resource;

/** What the state keeps of a declaration, besides its inputs. */
function declared(declaration: Declaration) {
  const { type, name, parents, deletedWith, retainOnDelete } = declaration;
  return {
    type,
    name,
    parents,
    dependsOn: dependencyOf(declaration),
    deletedWith: deletedWith && keyOf(deletedWith),
    retainOnDelete,
  };
}
