import fc from "fast-check";

/** One of what is there, modulo how many there are. */
export const at = fc.nat({ max: 7 });

export function nth<Item>(items: readonly Item[], index: number): Item | undefined {
  return items.length === 0 ? undefined : items[index % items.length];
}
