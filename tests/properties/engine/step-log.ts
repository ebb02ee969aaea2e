import { keyOf, type ResourceKey } from "./resource-state";

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

/** A step went wrong; the failure is noted, and nothing more is begun. */
export class Stopped extends Error {}

/** What one run does, and what of it fails. */
export class StepLog {
  readonly steps: Step[] = [];
  readonly failures: Failure[] = [];

  constructor(private readonly isParallel: boolean) {}

  note(op: Step["op"], resource: ResourceKey, isUnseen = false): void {
    this.steps.push({ op, resource: keyOf(resource), isUnseen });
  }

  /** Begins nothing after a failure, and notes one. */
  async attempt<Value>(resource: ResourceKey, work: () => Promise<Value>): Promise<Value> {
    this.stopIfFailed();
    try {
      return await work();
    } catch (error) {
      if (error instanceof Stopped) {
        throw error;
      }
      return this.fail(resource, error instanceof Error ? error.message : String(error));
    }
  }

  fail(resource: ResourceKey, message: string): never {
    this.failures.push({ resource: keyOf(resource), message });
    throw new Stopped(message);
  }

  stopIfFailed(): void {
    if (this.failures.length > 0) {
      throw new Stopped();
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
