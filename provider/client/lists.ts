import { ApiError } from "./errors";
import type { Budget, Retries } from "./retry";
import { setImmediate as nextTurn } from "node:timers/promises";

/** Rows that a page asks for. */
export const pageSize = 200;
const maxPages = 1000;
const maxRows = 100_000;

export interface Page<Row> {
  rows: Row[];
  nextKeyPair?: { startKey?: unknown; startKeyDocId?: string | null | undefined } | null | undefined;
}

/** Where a page begins: nowhere for the first one. */
export interface Cursor {
  startKey?: string;
  startDocumentId?: string;
}

/** Follows all pages, or as many as hold so many rows, within what one operation may take. A server whose pages never end, repeat or lead nowhere is an error: half a list would show what is missing from it as deleted. */
export async function allPages<Row extends { id: string }>(
  operation: string,
  retries: Retries,
  read: (cursor: Cursor, budget: Budget) => Promise<Page<Row>>,
  most = Infinity,
): Promise<Row[]> {
  const found = new Map<string, Row>();
  const seen = new Set<string>();
  const budget = retries.budget();
  let cursor: Cursor = {};
  for (let pages = 1; ; pages++) {
    const { rows, nextKeyPair } = await read(cursor, budget);
    for (const row of rows) {
      found.set(row.id, row);
    }
    if (found.size > maxRows) {
      throw endless(operation, `it has more than ${maxRows} rows`);
    }
    if (!nextKeyPair || found.size >= most) {
      return [...found.values()];
    }

    const { startKey, startKeyDocId } = nextKeyPair;
    const position = JSON.stringify([startKey, startKeyDocId]);
    if (!startKeyDocId) {
      throw endless(operation, "a page says that more follow, but not where");
    }
    if (seen.has(position)) {
      throw endless(operation, "its pages lead in a circle");
    }
    if (pages >= maxPages) {
      throw endless(operation, `there are more than ${maxPages} pages`);
    }
    seen.add(position);
    cursor = { ...keyText(startKey), startDocumentId: startKeyDocId };
  }
}

function keyText(startKey: unknown): Cursor {
  if (startKey === undefined || startKey === null) {
    return {};
  }
  return { startKey: typeof startKey === "string" ? startKey : JSON.stringify(startKey) };
}

function endless(operation: string, problem: string): ApiError {
  return new ApiError({
    code: "malformed-answer",
    operation,
    problem: `the server's list can't be right: ${problem}`,
  });
}

interface Batch<Item> {
  ids: Set<string>;
  found: Promise<readonly Item[]>;
}

/** Batches reads by id: one request for all ids of a group that are read in the same turn of the event loop, as in a refresh. */
export class RequestBatcher<Item extends { id: string }> {
  readonly #batches = new Map<string, Batch<Item>>();

  constructor(
    private readonly several: (groupId: string, ids: readonly string[]) => Promise<readonly Item[]>,
    /** Reads one item that the batch did not return. */
    private readonly one: (groupId: string, id: string) => Promise<Item | undefined>,
  ) {}

  async get(groupId: string, id: string): Promise<Item | undefined> {
    const asking = this.#batches.get(groupId) ?? this.#begin(groupId);
    asking.ids.add(id);
    const found = await asking.found;
    return found.find((item) => item.id === id) ?? this.one(groupId, id);
  }

  #begin(groupId: string): Batch<Item> {
    const ids = new Set<string>();
    const found = nextTurn().then(() => {
      this.#batches.delete(groupId);
      return this.several(groupId, [...ids]);
    });
    const asking = { ids, found };
    this.#batches.set(groupId, asking);
    return asking;
  }
}
