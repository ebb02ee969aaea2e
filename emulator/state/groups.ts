import { randomUUID } from "node:crypto";
import type { GroupRecord } from "../contract/model";
import type { Store } from "./store";

/** The next revision, in CouchDB's form. */
export function nextRevision(revision?: string): string {
  const generation = revision === undefined ? 0 : Number.parseInt(revision, 10);
  return `${generation + 1}-${randomUUID().replaceAll("-", "")}`;
}

/** Keeps a group under a new revision, its place among its parent's children included. */
export function saveGroup(store: Store, record: GroupRecord): GroupRecord {
  const before = store.groups.get(record.group.id);
  const saved = { ...record, group: { ...record.group, rev: nextRevision(before?.group.rev) } };
  const { id, superGroup, deletionDate } = saved.group;
  if (before?.group.superGroup !== undefined) {
    store.children.remove([before.group.superGroup, id]);
  }
  if (superGroup !== undefined && deletionDate === undefined) {
    store.children.put([superGroup, id], true);
  }
  store.groups.put(id, saved);
  return saved;
}

export function removeGroup(store: Store, { group }: GroupRecord): void {
  if (group.superGroup !== undefined) {
    store.children.remove([group.superGroup, group.id]);
  }
  store.groups.remove(group.id);
}

/** The ids of the live children in order, from `start` on. */
export function* childIds(store: Store, parent: string, start = ""): Generator<string> {
  for (const [owner, child] of store.children.keys({ start: [parent, start] })) {
    if (owner !== parent) {
      return;
    }
    yield child;
  }
}

export function* children(store: Store, parent: string, start?: string): Generator<GroupRecord> {
  for (const id of childIds(store, parent, start)) {
    yield required(store, id);
  }
}

/** Every live group below, parents before children. */
export function* descendants(store: Store, parent: string): Generator<GroupRecord> {
  for (const child of [...children(store, parent)]) {
    yield child;
    yield* descendants(store, child.group.id);
  }
}

/** Deleted ones too: those keep pointing at their parent, but no index lists them. */
export function allDescendants(store: Store, parent: string): GroupRecord[] {
  const all = [...store.groups.entries()].map(({ value }) => value);
  const below = (id: string): GroupRecord[] =>
    all.filter(({ group }) => group.superGroup === id).flatMap((child) => [child, ...below(child.group.id)]);
  return below(parent);
}

/** From the group itself up to its environment. */
export function lineage(store: Store, id: string): GroupRecord[] {
  const line: GroupRecord[] = [];
  for (let at: string | undefined = id; at !== undefined;) {
    const record = store.groups.get(at);
    if (record === undefined) {
      break;
    }
    line.push(record);
    at = record.group.superGroup;
  }
  return line;
}

function required(store: Store, id: string): GroupRecord {
  const record = store.groups.get(id);
  if (record === undefined) {
    throw new Error(`The index of children names ${id}, which isn't kept.`);
  }
  return record;
}
