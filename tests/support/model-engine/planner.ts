import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../provider/framework/values";
import type { Ledger } from "./ledger";
import type { ProviderProcess } from "./provider-process";
import { keyOf, within, type Declaration, type ResourceKey, type ResourceState } from "./resource-state";
import type { StepLog } from "./step-log";

/** How the engine writes an unknown value for dynamic providers. */
export const unknownValue = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The steps that one registration leads to. */
export type Plan = {
  inputs: Properties;
  /** What has to be deleted before a replacement is created. */
  deletions: ResourceState[];
  /** A replacement's original goes only after it has come. */
  isOldKept?: boolean;
} & ({ action: "create"; old: undefined } | { action: "same" | "update" | "replace"; old: ResourceState });

interface Verdict {
  isChanged: boolean;
  replaces: string[];
  deleteBeforeReplace: boolean;
}

/** The engine's own decisions, in its order: which steps a registration means, and what is to be deleted in the end. */
export class Planner {
  /** Deleted in this run because what they depend on is deleted before its replacement. */
  readonly #deletedEarly = new Set<string>();
  readonly #deletedHere = new Set<ResourceState>();
  /** Registered and found in the state. */
  readonly #operatedOn = new Set<string>();
  /** Keys of what is replaced, and of what is deleted. */
  readonly #replaced = new Set<string>();
  readonly #deletes = new Set<string>();
  /** By the keys that are in the state: those by which the program declares them. */
  readonly #claimed = new Map<string, string>();
  /** By their keys: found in the state by another one. */
  readonly #aliased = new Map<string, ResourceState>();
  /** The engine checks and diffs one resource at a time. */
  #generating: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly ledger: Ledger,
    private readonly process: ProviderProcess,
    private readonly log: StepLog,
    /** `--replace`: this one, whatever its diff. */
    private readonly forced: ResourceKey | undefined,
  ) {}

  plan(declaration: Declaration, goal: Properties): Promise<Plan> {
    const planned = this.#generating.then(() => this.#decide(declaration, goal));
    this.#generating = planned.catch(() => undefined);
    return planned;
  }

  async #decide(declaration: Declaration, goal: Properties): Promise<Plan> {
    this.log.stopIfFailed();
    const key = keyOf(declaration);
    const old = this.#find(declaration);
    const isRecreated = this.#deletedEarly.has(key);
    const isForced = old !== undefined && this.forced !== undefined && keyOf(this.forced) === key;
    const hasOlds = old && !isRecreated && !isForced;
    const inputs = await this.#check(declaration, hasOlds ? old.inputs : {}, goal);
    if (!old) {
      return { action: "create", inputs, old, deletions: [] };
    }
    this.#operatedOn.add(keyOf(old));
    if (isRecreated) {
      this.#deletedEarly.delete(key);
      this.#deletes.delete(key);
      this.#replaced.add(key);
      return { action: "replace", inputs, old, deletions: [] };
    }
    const { deletedWith } = declaration;
    const isForcedBy = deletedWith && this.#replaced.has(keyOf(deletedWith));
    const diff =
      isForced || isForcedBy
        ? { isChanged: true, replaces: ["id"], deleteBeforeReplace: false }
        : await this.#diff(old, inputs);
    if ((diff.isChanged && diff.replaces.length > 0) || old.isPendingReplacement) {
      // What was carried over from the old one no longer counts.
      this.#replaced.add(key);
      const again = isForced ? inputs : await this.#check(declaration, {}, goal);
      return (declaration.deleteBeforeReplace ?? diff.deleteBeforeReplace)
        ? { action: "replace", inputs: again, old, deletions: await this.#deleteBefore(old) }
        : { action: "replace", inputs: again, old, deletions: [], isOldKept: true };
    }
    const isUpdate = diff.isChanged || old.initErrors.length > 0;
    return { action: isUpdate ? "update" : "same", inputs, old, deletions: [] };
  }

  /** By its key or by one that it had before. */
  #find(declaration: Declaration): ResourceState | undefined {
    const key = keyOf(declaration);
    for (const known of [key, ...(declaration.aliases ?? []), ...this.#inheritedAliases(declaration)]) {
      const old = this.ledger.base.find(
        (resource) => keyOf(resource) === known && !resource.isMarkedForDeletion,
      );
      if (!old) {
        continue;
      }
      const claimant = this.#claimed.get(keyOf(old)) ?? key;
      this.#claimed.set(keyOf(old), key);
      if (claimant !== key) {
        this.log.fail(declaration, `Duplicate resource alias: ${known} is also ${claimant}`);
      }
      if (known !== key) {
        this.#aliased.set(key, old);
        this.ledger.rename(known, key);
      }
      return old;
    }
    return undefined;
  }

  /** What is declared in a solution is found by what that was before. */
  #inheritedAliases({ type, name, parents, solution }: Declaration): string[] {
    const before = solution && parents === within(solution) ? this.#aliased.get(keyOf(solution)) : undefined;
    if (!solution || !before) {
      return [];
    }
    const nameBefore = name.startsWith(solution.name) ? before.name + name.slice(solution.name.length) : name;
    return [keyOf({ type, name: nameBefore, parents: within(before) })];
  }

  /** What it depends on has failed, so it stays as it is. */
  skip(declaration: Declaration): void {
    const old = this.#find(declaration);
    if (old) {
      this.#operatedOn.add(keyOf(old));
    }
  }

  isForgotten({ retainOnDelete, deletedWith }: ResourceState): boolean {
    return retainOnDelete === true || (deletedWith !== undefined && this.#deletes.has(deletedWith));
  }

  async #check(declaration: Declaration, olds: Properties, news: Properties): Promise<Properties> {
    const result = await this.log.attempt(declaration, () =>
      this.process.check(declaration.type, olds, news),
    );
    const failures = result.failures ?? [];
    if (failures.length > 0) {
      this.log.fail(declaration, failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n"));
    }
    return { ...result.inputs, __provider: news["__provider"] };
  }

  async #diff(old: ResourceState, news: Properties): Promise<Verdict> {
    const { type, id, inputs, outputs } = old;
    const result = await this.log.attempt(old, () => this.process.diff(type, id, outputs, news));
    return {
      isChanged: result.changes ?? !isDeepStrictEqual(inputs, news),
      replaces: result.replaces ?? [],
      deleteBeforeReplace: result.deleteBeforeReplace ?? false,
    };
  }

  /** The old one, and before it whatever depends on it and would be replaced by the loss of it. */
  async #deleteBefore(old: ResourceState): Promise<ResourceState[]> {
    const dependents: ResourceState[] = [];
    for (const each of this.ledger.base.slice(this.ledger.base.indexOf(old) + 1)) {
      const isDeletedWith = each.deletedWith === keyOf(old);
      const isDependent = isDeletedWith || (old.type === "Solution" && each.dependsOn === keyOf(old));
      if (!isDependent || this.#operatedOn.has(keyOf(each)) || this.#deletedHere.has(each)) {
        continue;
      }
      const { replaces } = isDeletedWith
        ? { replaces: ["id"] }
        : await this.#diff(each, { ...each.inputs, solutionId: unknownValue });
      if (replaces.length > 0) {
        dependents.push(each);
      }
    }
    const deletions = [...dependents.reverse(), ...(old.isPendingReplacement ? [] : [old])];
    deletions.forEach((each) => {
      this.#deletedHere.add(each);
      this.#deletes.add(keyOf(each));
    });
    dependents.forEach((each) => this.#deletedEarly.add(keyOf(each)));
    return deletions;
  }

  /** What the program no longer declares, and what was replaced, in groups that may go at the same time: dependents first. */
  leftToDelete(): ResourceState[][] {
    const toDelete: ResourceState[] = [];
    for (const resource of this.ledger.base) {
      if (resource.isMarkedForDeletion) {
        if (!this.#deletedHere.has(resource)) {
          toDelete.push(resource);
        }
      } else if (!this.#operatedOn.has(keyOf(resource))) {
        if (resource.isPendingReplacement) {
          this.ledger.forget(resource);
        } else {
          toDelete.push(resource);
        }
      }
    }
    toDelete.forEach((each) => this.#deletes.add(keyOf(each)));
    return this.#dependentsFirst(toDelete);
  }

  #dependentsFirst(resources: readonly ResourceState[]): ResourceState[][] {
    const { base } = this.ledger;
    const left = new Set(resources);
    const chains: ResourceState[][] = [];
    while (left.size > 0) {
      const chain = [...left].filter((resource) => {
        const before = base.slice(0, base.indexOf(resource));
        return !before.some((other) => left.has(other) && keyOf(other) === resource.dependsOn);
      });
      chain.forEach((resource) => left.delete(resource));
      chains.push(chain);
    }
    return chains.reverse();
  }
}
