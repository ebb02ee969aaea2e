import { ApiError } from "../client";
import { deleteLatest, updateLatest } from "./safe-writes";

interface Thing {
  rev?: string;
  deletedAt?: number;
  name: string;
  foreign?: string;
}

const overtaken = new ApiError({
  code: "conflict",
  operation: "update",
  problem: "old revision",
  status: 409,
});
const duplicate = new ApiError({ code: "conflict", operation: "update", problem: "taken", field: "email" });

/** Somebody else changes the thing before each of the first writes. */
function busy(changes: number) {
  const store: { thing: Thing | undefined; writes: number } = { thing: { rev: "0", name: "a" }, writes: 0 };
  const write = (changed: Thing): Promise<Thing> => {
    store.writes++;
    if (store.writes <= changes) {
      store.thing = { rev: String(store.writes), name: "b", foreign: `change ${store.writes}` };
      return Promise.reject(overtaken);
    }
    store.thing = { ...changed, rev: "last" };
    return Promise.resolve(store.thing);
  };
  return { store, write, read: () => Promise.resolve(store.thing) };
}

const toC = (live: Thing): Partial<Thing> => (live.name === "c" ? {} : { name: "c" });

test("[F25] writes what is there now, with what somebody else changed meanwhile", async () => {
  const { store, read, write } = busy(2);
  expect(await updateLatest({ read, write, changes: toC })).toEqual({
    rev: "last",
    name: "c",
    foreign: "change 2",
  });
  expect(store.writes).toBe(3);
});

test("[F25] gives up when it is overtaken again and again, and at once where a value is taken", async () => {
  const { store, read, write } = busy(99);
  await expect(updateLatest({ read, write, changes: toC })).rejects.toBe(overtaken);
  expect(store.writes).toBe(5);
  await expect(updateLatest({ read, write: () => Promise.reject(duplicate), changes: toC })).rejects.toBe(
    duplicate,
  );
});

test("sends nothing where nothing is to change, or nothing is there", async () => {
  const { store, read, write } = busy(0);
  await updateLatest({ read, write, changes: () => ({}) });
  store.thing = { name: "a", deletedAt: 1 };
  expect(await updateLatest({ read, write, changes: toC })).toBeUndefined();
  expect(await deleteLatest({ read, delete: () => Promise.reject(overtaken) })).toBe(false);
  expect(store.writes).toBe(0);
});
