import { keyOf, type ResourceKey } from "./resource-state";

export interface Step {
  op: "same" | "create" | "update" | "replace" | "delete";
  resource: string;
  /** Deleted before it was registered, because what it depends on goes before its replacement comes. */
  isUnseen?: boolean;
  /** Of a deletion: nobody is asked to delete it. */
  isForgotten?: boolean;
}

export interface Failure {
  /** `Type name`. */
  resource: string;
  message: string;
}

/** A step failed and is recorded; no further step is started. */
export class Stopped extends Error {}

/** A step failed and is recorded; steps that don't depend on it go on. */
export class StepFailed extends Error {}

/** The steps of one run, and their failures. */
export class StepLog {
  readonly steps: Step[] = [];
  readonly failures: Failure[] = [];
  #isStopped = false;

  constructor(
    private readonly isParallel: boolean,
    /** `--continue-on-error`: a step that fails stops what depends on it only. */
    private readonly continuesOnError: boolean,
  ) {}

  note(op: Step["op"], resource: ResourceKey, more: Omit<Step, "op" | "resource"> = {}): void {
    this.steps.push({ op, resource: keyOf(resource), ...more });
  }

  /** A call that decides on steps: begins nothing after a failure, and notes one. */
  attempt<Value>(resource: ResourceKey, work: () => Promise<Value>): Promise<Value> {
    return this.#attempt(work, (message) => this.fail(resource, message));
  }

  /** The call that takes a step. */
  take<Value>(resource: ResourceKey, work: () => Promise<Value>): Promise<Value> {
    return this.#attempt(work, (message) => {
      if (!this.continuesOnError) {
        return this.fail(resource, message);
      }
      this.failures.push({ resource: keyOf(resource), message });
      throw new StepFailed(message);
    });
  }

  fail(resource: ResourceKey, message: string): never {
    this.failures.push({ resource: keyOf(resource), message });
    this.#isStopped = true;
    throw new Stopped(message);
  }

  stopIfFailed(): void {
    if (this.#isStopped) {
      throw new Stopped();
    }
  }

  async #attempt<Value>(work: () => Promise<Value>, fail: (message: string) => never): Promise<Value> {
    this.stopIfFailed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stopped || error instanceof StepFailed) {
        throw error;
      }
      return fail(error instanceof Error ? error.message : String(error));
    }
  }

  /** All of them, at the same time or one by one; after a failure nothing more is begun. */
  async all<Item>(items: readonly Item[], work: (item: Item) => Promise<unknown>): Promise<void> {
    if (this.isParallel) {
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
}
