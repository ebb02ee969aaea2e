import { ApiError } from "../client";
import { deleteLatest, issueOnce, underFirstFreeId, updateLatest } from "./safe-writes";

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

describe("a secret that is shown once", () => {
  const lost = new ApiError({ code: "unknown-outcome", operation: "issue", problem: "no answer" });
  /** The first answers are lost. */
  function issuer(losses: number, error = lost) {
    const log: string[] = [];
    const issue = () => {
      log.push("issued");
      return log.filter((one) => one === "issued").length > losses
        ? Promise.resolve("secret")
        : Promise.reject(error);
    };
    const removeLost = () => Promise.resolve(log.push("removed"));
    return { log, issued: issueOnce(issue, removeLost) };
  }

  test("is issued again once what a lost answer left is removed", async () => {
    const { log, issued } = issuer(2);
    expect(await issued).toBe("secret");
    expect(log).toEqual(["issued", "removed", "issued", "removed", "issued"]);
  });

  test("is given up after the third loss, and at once where it was refused", async () => {
    const losing = issuer(3);
    await expect(losing.issued).rejects.toBe(lost);
    expect(losing.log.at(-1)).toBe("issued");
    const refused = issuer(1, overtaken);
    await expect(refused.issued).rejects.toBe(overtaken);
    expect(refused.log).toEqual(["issued"]);
  });
});

test("of computed ids the first free one is taken, and a hundred that are taken are an error in words", async () => {
  const exhausted = { what: "all are taken", remedy: "choose one" };
  const attempt = (free: number) => (generation: number) =>
    Promise.resolve(generation < free ? ("unavailable" as const) : generation);
  expect(await underFirstFreeId(exhausted, attempt(2))).toBe(2);
  await expect(underFirstFreeId(exhausted, attempt(100))).rejects.toMatchObject({ code: "ids-exhausted" });
});
