export type Key = string | number | readonly string[];

/** What a table did, and how to take it back. */
export interface Change {
  table: string;
  key: Key;
  /** The new value as JSON; nothing where the row was removed. */
  json: string | undefined;
  undo: () => void;
}

interface Row<K> {
  key: K;
  /** As text, so that nobody changes what is kept by changing what was read. */
  json: string;
}

/** Rows in the order of their keys, in memory. */
export class Table<Value, K extends Key> {
  readonly #rows = new Map<string, Row<K>>();
  /** Made when it is first needed: a table that is being filled doesn't pay for it. */
  #order: string[] | undefined;

  constructor(
    readonly name: string,
    private readonly changed: (change: Change) => void,
  ) {}

  get size(): number {
    return this.#rows.size;
  }

  get(key: K): Value | undefined {
    const row = this.#rows.get(sortable(key));
    return row && (JSON.parse(row.json) as Value);
  }

  has(key: K): boolean {
    return this.#rows.has(sortable(key));
  }

  put(key: K, value: Value): void {
    this.#change(key, JSON.stringify(value));
  }

  remove(key: K): void {
    if (this.has(key)) {
      this.#change(key, undefined);
    }
  }

  *entries({ start }: { start?: K } = {}): Generator<{ key: K; value: Value }> {
    for (const { key, json } of this.#range(start)) {
      yield { key, value: JSON.parse(json) as Value };
    }
  }

  *keys({ start }: { start?: K } = {}): Generator<K> {
    for (const { key } of this.#range(start)) {
      yield key;
    }
  }

  lastKey(): K | undefined {
    const last = this.#sorted().at(-1);
    return last === undefined ? undefined : this.#rows.get(last)?.key;
  }

  /** Takes over a row that was kept, without a word to anybody. */
  load(key: K, json: string | undefined): void {
    this.#set(sortable(key), json === undefined ? undefined : { key, json });
  }

  /** The rows as they are kept. */
  rows(): Iterable<Row<K>> {
    return this.#rows.values();
  }

  #change(key: K, json: string | undefined): void {
    const place = sortable(key);
    const before = this.#rows.get(place);
    this.#set(place, json === undefined ? undefined : { key, json });
    this.changed({ table: this.name, key, json, undo: () => this.#set(place, before) });
  }

  #set(place: string, row: Row<K> | undefined): void {
    const known = this.#rows.has(place);
    if (row === undefined) {
      this.#rows.delete(place);
    } else {
      this.#rows.set(place, row);
    }
    if (this.#order === undefined || known === (row !== undefined)) {
      return;
    }
    const at = firstFrom(this.#order, place);
    if (row === undefined) {
      this.#order.splice(at, 1);
    } else {
      this.#order.splice(at, 0, place);
    }
  }

  #sorted(): string[] {
    return (this.#order ??= [...this.#rows.keys()].sort());
  }

  /** Holds while rows come and go: the next one is looked up by the last. */
  *#range(start: K | undefined): Generator<Row<K>> {
    let at = start === undefined ? 0 : firstFrom(this.#sorted(), sortable(start));
    for (;;) {
      const place = this.#sorted()[at];
      const row = place === undefined ? undefined : this.#rows.get(place);
      if (place === undefined || row === undefined) {
        return;
      }
      yield row;
      const order = this.#sorted();
      at = order[at] === place ? at + 1 : firstFrom(order, `${place}\u0000`);
    }
  }
}

/** Texts whose order is that of the keys, part by part. */
function sortable(key: Key): string {
  if (typeof key === "number") {
    return String(key).padStart(16, "0");
  }
  if (typeof key === "string") {
    return key;
  }
  return key.map((part) => part.replaceAll("\u0000", "\u0000\u0001")).join("\u0000\u0000");
}

/** The index of the first text that is not before the given one. */
function firstFrom(order: readonly string[], text: string): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((order[middle] as string) < text) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low;
}
