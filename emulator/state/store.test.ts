import {
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  chmodSync,
  mkdirSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Store } from "./store";
import { Table } from "./table";

const parts = mkdtempSync(join(tmpdir(), "emulator-store-"));
afterAll(() => rmSync(parts, { recursive: true, force: true }));

let folders = 0;
const newFolder = () => join(parts, `folder-${++folders}`);
const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);
const note = (store: Store, name: string, value: unknown) => store.write(() => store.meta.put(name, value));
const notes = (store: Store) =>
  Object.fromEntries([...store.meta.entries()].map(({ key, value }) => [key, value]));

describe("a table", () => {
  test("has its rows in the order of their keys, part by part, while others come and go", () => {
    const table = new Table<number, [string, string]>("pairs", () => {});
    const keys: [string, string][] = [
      ["b", "1"],
      ["a", "2"],
      ["a!", "1"],
      ["a", "10"],
      ["a", "1"],
    ];
    for (const [at, key] of keys.entries()) {
      table.put(key, at);
    }
    expect([...table.keys()]).toEqual([
      ["a", "1"],
      ["a", "10"],
      ["a", "2"],
      ["a!", "1"],
      ["b", "1"],
    ]);
    expect([...table.keys({ start: ["a", "2"] })]).toEqual([
      ["a", "2"],
      ["a!", "1"],
      ["b", "1"],
    ]);
    const seen: string[] = [];
    for (const key of table.keys()) {
      seen.push(key.join());
      table.remove(key);
      if (seen.length === 1) {
        table.put(["a", "11"], 0);
      }
    }
    expect(seen).toEqual(["a,1", "a,10", "a,11", "a,2", "a!,1", "b,1"]);
    expect(table.size).toBe(0);
  });

  test("tells keys apart whatever characters their parts have, and numbers by their size", () => {
    const pairs = new Table<number, [string, string]>("pairs", () => {});
    pairs.put(["a\u0000", "b"], 1);
    pairs.put(["a", "\u0000b"], 2);
    expect([pairs.get(["a\u0000", "b"]), pairs.get(["a", "\u0000b"])]).toEqual([1, 2]);
    const numbers = new Table<true, number>("numbers", () => {});
    for (const number of [10, 9, 100]) {
      numbers.put(number, true);
    }
    expect([...numbers.keys()]).toEqual([9, 10, 100]);
    expect(numbers.lastKey()).toBe(100);
  });

  test("isn't changed by who changes what was read", () => {
    const table = new Table<{ tags: string[] }, string>("things", () => {});
    table.put("one", { tags: [] });
    table.get("one")?.tags.push("mine");
    expect(table.get("one")).toEqual({ tags: [] });
  });
});

describe("the store", () => {
  test("keeps what was committed, and of a transaction that fails nothing, also within another one", async () => {
    const folder = newFolder();
    const first = Store.open(folder);
    note(first, "kept", 1);
    const failing = () =>
      first.write(() => {
        first.meta.put("kept", 2);
        first.meta.remove("kept");
        throw new Error("no");
      });
    expect(failing).toThrow("no");
    first.write(() => {
      first.meta.put("outer", 1);
      expect(failing).toThrow("no");
    });
    expect(notes(first)).toEqual({ kept: 1, outer: 1 });
    await first.close();
    const second = Store.open(folder);
    expect(notes(second)).toEqual({ kept: 1, outer: 1 });
    expect(() => second.meta.put("outside", 1)).toThrow("outside of a transaction");
    await second.close();
  });

  test("is for its owner's eyes only, and makes a folder so that was not", async () => {
    const folder = newFolder();
    mkdirSync(folder, { mode: 0o755 });
    const store = Store.open(folder);
    expect([modeOf(folder), modeOf(join(folder, "journal")), modeOf(join(folder, "lock"))]).toEqual([
      "700",
      "600",
      "600",
    ]);
    await store.close();
    chmodSync(join(folder, "journal"), 0o644);
    await Store.open(folder).close();
    expect(modeOf(join(folder, "journal"))).toBe("600");
  });

  test("leaves the access to a folder alone that holds other things", async () => {
    const folder = newFolder();
    mkdirSync(folder, { mode: 0o755 });
    writeFileSync(join(folder, "program.ts"), "");
    await Store.open(folder).close();
    expect([modeOf(folder), modeOf(join(folder, "journal"))]).toEqual(["755", "600"]);
  });

  test("begins a shorter journal once most of it is history", async () => {
    const folder = newFolder();
    const journal = join(folder, "journal");
    const first = Store.open(folder);
    for (let at = 0; at <= 1100; at++) {
      note(first, "counter", at);
    }
    await first.close();
    const before = statSync(journal).size;
    const second = Store.open(folder);
    expect(notes(second)).toEqual({ counter: 1100 });
    expect(statSync(journal).size).toBeLessThan(before / 100);
    note(second, "more", true);
    await second.close();
    const third = Store.open(folder);
    expect(notes(third)).toEqual({ counter: 1100, more: true });
    await third.close();
  });

  test("goes on after a kill in the middle of a line, which nobody was told is kept", async () => {
    const folder = newFolder();
    const journal = join(folder, "journal");
    const first = Store.open(folder);
    note(first, "first", 1);
    note(first, "second", 2);
    await first.close();
    writeFileSync(join(folder, "lock"), JSON.stringify({ pid: process.pid, started: "another time" }));
    truncateSync(journal, statSync(journal).size - 20);
    const second = Store.open(folder);
    expect(notes(second)).toEqual({ first: 1 });
    note(second, "third", 3);
    await second.close();
    const third = Store.open(folder);
    expect(notes(third)).toEqual({ first: 1, third: 3 });
    await third.close();
  });

  test.each<[string, (journal: string) => void, RegExp]>([
    ["empty", (journal) => truncateSync(journal), /is damaged: it is empty/],
    [
      "of something else",
      (journal) => writeFileSync(journal, "SQLite format 3\u0000"),
      /doesn't begin as one/,
    ],
    ["cut in a line", (journal) => truncateSync(journal, statSync(journal).size - 20), /its end is missing/],
    [
      "cut between lines",
      (journal) => truncateSync(journal, readFileSync(journal).lastIndexOf("\n", -2) + 1),
      /its end is missing/,
    ],
    [
      "changed",
      (journal) => writeFileSync(journal, readFileSync(journal, "utf8").replace("first", "fir5t")),
      /line 2 is not as it was written/,
    ],
    [
      "of an older emulator",
      (journal) => writeFileSync(join(journal, "../data.mdb"), ""),
      /written by an older emulator/,
    ],
  ])("refuses a data file that is %s in one sentence that names it", async (_how, spoil, sentence) => {
    const folder = newFolder();
    const store = Store.open(folder);
    note(store, "first", 1);
    note(store, "second", 2);
    await store.close();
    spoil(join(folder, "journal"));
    expect(() => Store.open(folder)).toThrow(sentence);
    expect(() => Store.open(folder)).toThrow(/another folder with --data/);
  });
});
