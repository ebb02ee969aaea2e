import type { Table } from "./table";

import { nextRevision } from "./groups";

interface Document {
  id: string;
  rev: string;
  deletionDate?: number | undefined;
}

/** Keeps a document of a group under a new revision. */
export function saveDocument<D extends Document>(
  table: Table<D, [string, string]>,
  groupId: string,
  document: Omit<D, "rev"> & { id: string },
): D {
  const rev = nextRevision(table.get([groupId, document.id])?.rev);
  const saved = { ...document, rev } as unknown as D;
  table.put([groupId, saved.id], saved);
  return saved;
}

/** The documents of a group in the order of their ids, deleted ones included. */
export function* documentsOf<D extends Document>(
  table: Table<D, [string, string]>,
  groupId: string,
  start = "",
): Generator<D> {
  for (const { key, value } of table.entries({ start: [groupId, start] })) {
    if (key[0] !== groupId) {
      return;
    }
    yield value;
  }
}

/** All of a group's, for good. */
export function removeDocuments<D extends Document>(
  table: Table<D, [string, string]>,
  groupId: string,
): void {
  for (const { id } of [...documentsOf(table, groupId)]) {
    table.remove([groupId, id]);
  }
}
