import * as pulumi from "@pulumi/pulumi";
import { faithful } from "./values";

const half = "\u{1F642}".slice(0, 1);
const loop: Record<string, unknown> = { a: 1 };
loop.self = { again: [loop] };
class Version {
  constructor(readonly major: number) {}
}

test.each<[what: string, value: unknown, problem: RegExp]>([
  ["a cycle", { loop }, /^triggers: loop: self: again\[0\]: holds itself/],
  ["a Date", { at: new Date(0) }, /^triggers: at: is a Date object.*toISOString\(\)/],
  ["a Map", [new Map()], /^triggers\[0\]: is a Map object.*Object\.fromEntries/],
  ["a Set", { s: new Set([1]) }, /^triggers: s: is a Set object.*\[\.\.\.set\]/],
  ["an instance", { v: new Version(1) }, /^triggers: v: is a Version object.*\{ \.\.\.value \}/],
  ["a bigint", { n: 1n }, /^triggers: n: is a bigint/],
  ["NaN", { n: NaN }, /^triggers: n: is NaN/],
  ["infinity", { n: -Infinity }, /^triggers: n: is -Infinity/],
  ["a function", { f: () => 1 }, /^triggers: f: is a function/],
  ["a symbol", { s: Symbol("x") }, /^triggers: s: is a symbol/],
  // eslint-disable-next-line no-sparse-arrays
  ["a hole", { list: [1, , 3] }, /^triggers: list\[1\]: is undefined/],
  ["half a character", { t: half }, /^triggers: t: contains an unpaired surrogate/],
  ["half a character in a key", { [half]: 1 }, /^triggers: contains an unpaired surrogate/],
])("%s is refused by name, in plain text and in a promise", async (_what, value, problem) => {
  expect(() => faithful("triggers", value)).toThrow(problem);
  expect(() => faithful("triggers", value)).toThrow(pulumi.RunError);
  await expect(faithful("triggers", Promise.resolve(value))).rejects.toThrow(problem);
});

test("what comes through an output stays a secret, and what it is", async () => {
  const kept = faithful("triggers", pulumi.secret({ n: 1 }));
  expect(await pulumi.isSecret(kept)).toBe(true);
  expect(await (kept as unknown as { promise(): Promise<unknown> }).promise()).toEqual({ n: 1 });
});

test("everything that JSON can say stays as it is, and what lies at two places is not a cycle", () => {
  const shared = { a: null };
  const value = {
    none: null,
    list: [1, null, { deep: null }, shared],
    shared,
    text: "\u{1F642}",
    left: undefined,
    bare: Object.assign(Object.create(null) as object, { a: 1 }),
  };
  expect(faithful("x", value)).toEqual(value);
  expect("left" in faithful("x", value)).toBe(true);
});
