import { includesSent } from "./write-once";

test.each<[unknown, unknown, boolean]>([
  [{ a: 1, added: 2 }, { a: 1 }, true],
  [{ a: 2 }, { a: 1 }, false],
  [{}, { a: 1 }, false],
  [{ a: 1 }, { a: undefined }, false],
  [{ a: null }, { a: undefined }, true],
  [{ a: [] }, { a: undefined }, true],
  [{}, { a: {} }, true],
  [{}, { a: false }, true],
  [{ a: 0 }, {}, false],
  [{ a: 0 }, { b: null }, true],
  [{ a: 0 }, { a: null }, false],
  [{ a: [1, 2] }, { a: [1] }, false],
  [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }] }, true],
  [{ a: "x" }, { a: ["x"] }, false],
  [{ a: "x" }, { a: { b: 1 } }, false],
  [{ rev: "2-b", modified: 2 }, { rev: "1-a", modified: 1 }, true],
])("%j carries %j: %j", (stored, sent, expected) => {
  expect(includesSent(stored, sent)).toBe(expected);
});
