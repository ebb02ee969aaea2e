import { unknownValue } from "../framework/values";
import { detailedDiff, pathText } from "./resource-calls";

const diff = (inputs: object, news: object, more: { state?: object; replaces?: string[] } = {}) =>
  detailedDiff(
    {
      updates: Object.keys({ ...inputs, ...news }).filter((key) => !more.replaces?.includes(key)),
      replaces: more.replaces ?? [],
    },
    { inputs: { ...inputs }, news: { ...news }, state: { ...(more.state ?? inputs) } },
  ).map(({ path, change, replaces, isOfInputs }) => [path, change, replaces, isOfInputs]);

test("goes as deep as the difference does, and shows nothing that stays", () => {
  const before = { email: { host: "a", port: 25 }, tags: ["x", "y"], properties: { "a b": 1, kept: 2 } };
  const after = { email: { host: "a", port: 587 }, tags: ["x", "z", "w"], properties: { kept: 2, more: 3 } };
  expect(diff(before, after)).toEqual([
    ["email.port", "update", false, true],
    ["tags[1]", "update", false, true],
    ["tags[2]", "add", false, true],
    ['properties["a b"]', "delete", false, true],
    ["properties.more", "add", false, true],
  ]);
});

test("marks what replaces as such, and only that", () => {
  expect(diff({ cluster: "a", name: "x" }, { cluster: "b", name: "y" }, { replaces: ["cluster"] })).toEqual([
    ["name", "update", false, true],
    ["cluster", "update", true, true],
  ]);
});

test("compares with what is there where the program has not changed", () => {
  expect(diff({ name: "x" }, { name: "x" }, { state: { name: "by hand" } })).toEqual([
    ["name", "update", false, false],
  ]);
});

test("shows an output whose time has come, and what is not known yet", () => {
  const expired = { updates: [], replaces: ["expiresAt"] };
  expect(detailedDiff(expired, { inputs: {}, news: {}, state: { expiresAt: "soon" } })).toMatchObject([
    { path: "expiresAt", replaces: true },
  ]);
  expect(diff({ name: "x" }, { name: unknownValue })).toEqual([["name", "update", false, true]]);
});

test("writes paths as the engine reads them", () => {
  expect(pathText(["a", "b.c", 0, 'd"e'])).toBe('a["b.c"][0]["d\\"e"]');
});
