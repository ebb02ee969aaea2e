import type { Group, Groups } from "../../client";

/**
 * What this process knows of how groups came to be. It tells a group that this process made, whose answer was lost, from one
 * that was there before: of the former there is one request without an answer, the latter must never be taken over.
 */
export class GroupBirths {
  /** Sent, and no answer came: if the group is there later, it is the one of that request. */
  readonly #unanswered = new Set<string>();
  readonly #bornHere = new Map<string, Group>();
  readonly #childrenBefore = new Map<string, Promise<readonly Group[]>>();
  readonly #parents = new Map<string, Promise<Group | undefined>>();

  constructor(private readonly groups: Pick<Groups, "children" | "get">) {}

  /** Whether the group was there before this process began to create under this parent. */
  async existedBefore(id: string, parentId: string): Promise<boolean> {
    const children = await this.childrenBefore(parentId);
    return children.some((child) => child.id === id);
  }

  /**
   * What was there before this process began to create under this parent. Costs one listing for each parent, and none for a
   * parent that this process made itself.
   */
  async childrenBefore(parentId: string): Promise<readonly Group[]> {
    return this.#bornHere.has(parentId)
      ? []
      : remembered(this.#childrenBefore, parentId, () => this.groups.children(parentId));
  }

  isBornHere(id: string): boolean {
    return this.#bornHere.has(id);
  }

  /** The group as it was when this process made it. */
  bornHere(id: string): Group | undefined {
    return this.#bornHere.get(id);
  }

  /** The parent of what is about to be created, read once for all its children. */
  parent(id: string): Promise<Group | undefined> {
    return remembered(this.#parents, id, () => this.groups.get(id));
  }

  /** What was remembered of it as a parent is no longer so. */
  changed(group: Group): void {
    this.#parents.delete(group.id);
    if (this.#bornHere.has(group.id)) {
      this.#bornHere.set(group.id, group);
    }
  }

  /** It has gone to another parent. */
  forget(id: string): void {
    this.#parents.delete(id);
    this.#childrenBefore.delete(id);
  }

  /** The outcome of a creation is unknown, even after looking. */
  lost(id: string): void {
    this.#unanswered.add(id);
  }

  isLost(id: string): boolean {
    return this.#unanswered.has(id);
  }

  /** This process made it and knows so. */
  born(group: Group): void {
    this.#unanswered.delete(group.id);
    this.#bornHere.set(group.id, group);
  }
}

/** One request for all that ask; a failure is not remembered. */
function remembered<Value>(
  memory: Map<string, Promise<Value>>,
  key: string,
  ask: () => Promise<Value>,
): Promise<Value> {
  let value = memory.get(key);
  if (!value) {
    value = ask();
    memory.set(key, value);
    value.catch(() => memory.delete(key));
  }
  return value;
}
