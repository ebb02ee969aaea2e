import { keyOf, type ResourceState } from "./resource-state";

/** The state as one run found it, and what becomes of it. */
export class Ledger {
  /** The state before, in its order. */
  #base: ResourceState[];
  /** What came in its place. */
  readonly #news: ResourceState[] = [];
  readonly #done = new Set<ResourceState>();
  /** Keys that resources were found by, and those that they have now. */
  readonly #renamed = new Map<string, string>();

  constructor(state: readonly ResourceState[]) {
    this.#base = state.map((resource) => ({ ...resource }));
  }

  get base(): readonly ResourceState[] {
    return this.#base;
  }

  /** As the engine writes it down: whatever is known by an alias gets the key of the resource that has it, one to be deleted too. */
  snapshot(): ResourceState[] {
    const written = new Map(this.#news.map((resource) => [keyOf(resource), resource]));
    const now = (key: string): ResourceState | undefined => written.get(this.#renamed.get(key) ?? "");
    const reference = (key: string | undefined) => {
      const resource = key === undefined ? undefined : now(key);
      return resource ? keyOf(resource) : key;
    };
    return [...this.#news, ...this.#base.filter((resource) => !this.#done.has(resource))].map((resource) => {
      const { name, parents } = now(keyOf(resource)) ?? resource;
      return {
        ...resource,
        name,
        parents,
        dependsOn: reference(resource.dependsOn),
        deletedWith: reference(resource.deletedWith),
      };
    });
  }

  rename(before: string, now: string): void {
    this.#renamed.set(before, now);
  }

  add(resource: ResourceState): void {
    this.#news.push(resource);
  }

  forget(old: ResourceState): void {
    this.#done.add(old);
  }

  /** After a read of everything: what was read in the place of what was known, undefined where it is gone. */
  refresh(read: ReadonlyMap<ResourceState, ResourceState | undefined>): void {
    const keys = new Set<string>();
    this.#base = this.#base.flatMap((old) => {
      const now = read.has(old) ? read.get(old) : old;
      if (!now) {
        return [];
      }
      keys.add(keyOf(now));
      const isDangling = now.dependsOn !== undefined && !keys.has(now.dependsOn);
      return [isDangling ? { ...now, dependsOn: undefined } : now];
    });
  }
}
