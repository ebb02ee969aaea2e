import { defaultPageSize, maximumPageSize } from "../contract/assumptions";
import { badRequest } from "../contract/errors";

export interface Page<T> {
  rows: T[];
  nextKeyPair?: { startKey: string; startKeyDocId: string };
}

/** Takes one page off an ordered run of things; `nextKeyPair` names the first of the next page and is absent on the last. */
export function pageOf<T, R>(
  items: Iterable<T>,
  limit: number | undefined,
  idOf: (item: T) => string,
  present: (item: T) => R,
): Page<R> {
  if (limit !== undefined && limit < 1) {
    throw badRequest("limit has to be at least 1.");
  }
  const size = Math.min(limit ?? defaultPageSize, maximumPageSize);
  const rows: R[] = [];
  for (const item of items) {
    if (rows.length === size) {
      return { rows, nextKeyPair: { startKey: idOf(item), startKeyDocId: idOf(item) } };
    }
    rows.push(present(item));
  }
  return { rows };
}
