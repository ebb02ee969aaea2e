import { setImmediate as nextTurn } from "node:timers/promises";

interface Asking<Item> {
  ids: Set<string>;
  found: Promise<readonly Item[]>;
}

/** Asks once for all ids of a group that are asked for in one turn of the process, as where a refresh reads many at a time. */
export class Together<Item extends { id: string }> {
  readonly #asking = new Map<string, Asking<Item>>();

  constructor(
    private readonly several: (groupId: string, ids: readonly string[]) => Promise<readonly Item[]>,
    /** What the answer for several leaves out. */
    private readonly one: (groupId: string, id: string) => Promise<Item | undefined>,
  ) {}

  async get(groupId: string, id: string): Promise<Item | undefined> {
    const asking = this.#asking.get(groupId) ?? this.#begin(groupId);
    asking.ids.add(id);
    const found = await asking.found;
    return found.find((item) => item.id === id) ?? this.one(groupId, id);
  }

  #begin(groupId: string): Asking<Item> {
    const ids = new Set<string>();
    const found = nextTurn().then(() => {
      this.#asking.delete(groupId);
      return this.several(groupId, [...ids]);
    });
    const asking = { ids, found };
    this.#asking.set(groupId, asking);
    return asking;
  }
}
