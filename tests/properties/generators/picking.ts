import fc from "fast-check";

/** The index of an existing item, modulo their number. */
export const at = fc.nat({ max: 7 });

export function nth<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
