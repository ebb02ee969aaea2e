import { Deployment, type StackIdentity } from "./deployment";
import { Ledger } from "./ledger";
import type { ProviderProcess } from "./provider-process";
import { refresh } from "./refresh";
import type { Declaration, ResourceKey, ResourceState } from "./resource-state";
import { StepLog, Stopped, type Failure, type Step } from "./step-log";

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
  replace?: ResourceKey | undefined;
  /** Let steps run at the same time where nothing depends on another. */
  isParallel?: boolean;
  /** `--continue-on-error`. */
  continuesOnError?: boolean;
}

/** Environment variables of one run. */
type Variables = Readonly<Record<string, string>>;

interface Work {
  /** Undefined: only read. */
  program?: readonly Declaration[];
  isRefreshed?: boolean;
  isPreview?: boolean;
}

/**
 * What Pulumi's engine does with one stack (pkg/resource/deploy of v3.276): how it turns a program and a state into calls of
 * a provider, and what of their results it keeps. The provider's host is the dynamic one: no preview of create and update,
 * no old inputs in diff, an undecided diff is decided by comparing inputs.
 */
export class ModelEngine {
  #state: ResourceState[] = [];

  constructor(
    private readonly identity: StackIdentity,
    private readonly startProcess: (variables: Variables) => ProviderProcess,
  ) {}

  get state(): readonly ResourceState[] {
    return this.#state;
  }

  preview(program: readonly Declaration[], variables: Variables = {}): Promise<Outcome> {
    return this.#operate({ program, isPreview: true }, variables, {});
  }

  up(program: readonly Declaration[], variables: Variables = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.#operate({ program, isRefreshed: options.refresh === true }, variables, options);
  }

  refresh(variables: Variables = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.#operate({ isRefreshed: true }, variables, options);
  }

  /** `pulumi stack import`. */
  import(state: readonly ResourceState[]): void {
    this.#state = [...state];
  }

  destroy(variables: Variables = {}, options: RunOptions = {}): Promise<Outcome> {
    return this.#operate({ program: [] }, variables, options);
  }

  async #operate(
    { program, isRefreshed = false, isPreview = false }: Work,
    variables: Variables,
    { replace, isParallel = false, continuesOnError = false }: RunOptions,
  ): Promise<Outcome> {
    const process = this.startProcess(variables);
    const ledger = new Ledger(this.#state);
    const log = new StepLog(isParallel, continuesOnError);
    try {
      if (isRefreshed) {
        await refresh(ledger, process, log);
      }
      if (program) {
        const deployment = new Deployment(this.identity, process, ledger, log, { isPreview, replace });
        await deployment.run(program);
      }
    } catch (error) {
      if (!(error instanceof Stopped)) {
        throw error;
      }
    } finally {
      await process.close();
    }
    if (!isPreview) {
      this.#state = ledger.snapshot();
    }
    const { steps, failures } = log;
    return { steps, failures, warnings: process.warnings, wasKilled: process.isDead };
  }
}
