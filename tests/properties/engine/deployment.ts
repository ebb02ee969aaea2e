import type { Properties } from "../../../provider/engine/unknowns";
import type { Ledger } from "./ledger";
import { Planner, unknownValue } from "./planner";
import { ProcessDied, type ProviderProcess } from "./provider-process";
import { keyOf, type Declaration, type ResourceKey, type ResourceState } from "./resource-state";
import type { StepLog } from "./step-log";

export interface StackIdentity {
  project: string;
  stack: string;
}

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
    const ids = new Map<string, Promise<string>>();
    const register = (declaration: Declaration): Promise<string> => {
      const known = ids.get(keyOf(declaration));
      const id = known ?? this.#register(declaration, idOf);
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
    await this.log.all(inOrder, register);
    await this.#deleteTheRest();
  }

  async #register(declaration: Declaration, idOf: (solution: string) => Promise<string>): Promise<string> {
    const { isPreview } = this.options;
    const { type, name, solution } = declaration;
    const goal = await this.#goalOf(declaration, idOf);
    const { inputs, old, action, deletions, isOldKept = false } = await this.#planner.plan(declaration, goal);
    const fresh = { type, name, dependsOn: solution, isCondemned: false, isPendingReplacement: false };

    switch (action) {
      case "same":
        this.log.note("same", declaration);
        if (!isPreview) {
          this.#take(old, { ...old, ...fresh, inputs });
        }
        return old.id;
      case "update": {
        this.log.note("update", declaration);
        if (!isPreview) {
          const { outs } = await this.log.attempt(declaration, () =>
            this.process.update(type, old.id, old.outputs, inputs),
          );
          this.#take(old, { ...old, ...fresh, inputs, outputs: outs ?? {}, initErrors: [] });
        }
        return old.id;
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
        return unknownValue;
      }
    }
  }

  async #goalOf(
    { type, name, args, solution }: Declaration,
    idOf: (solution: string) => Promise<string>,
  ): Promise<Properties> {
    const { project, stack } = this.identity;
    return {
      name,
      ...args,
      ...(solution === undefined ? {} : { solutionId: await idOf(solution) }),
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
  ): Promise<string> {
    const { type, name, solution } = declaration;
    const keep = (id: string, outputs: Properties, initErrors: string[]): void => {
      const state = { type, name, id, inputs, outputs, dependsOn: solution, initErrors };
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
        return id;
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
