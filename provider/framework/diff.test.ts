import { z } from "zod";
import { diffProperties } from "./diff";
import { described } from "./field";
import { unknownValue } from "./values";

const schema = z.object({
  name: described("Its name.", z.string()),
  cluster: described("Where it is.", z.string().optional(), { onChange: "replace" }),
  tags: described("A list.", z.array(z.object({ key: z.string() })).optional()),
  note: described("Read by nobody.", z.string().optional(), { onChange: "nothing" }),
  plain: z.string().optional(),
  kept: described("Stays.", z.string().optional(), { onChange: "replace", isKeptWhenOmitted: true }),
});
const state = { name: "a", cluster: "c1", tags: [{ key: "x" }], note: "n", plain: "p", kept: "k", id: "i1" };
const nothing = { updates: [], replaces: [] };

test("finds no change between a state and the inputs that it was made of, in any order of keys", () => {
  const { name, cluster, note, plain, kept } = state;
  expect(diffProperties(schema, state, { plain, note, tags: [{ key: "x" }], cluster, name, kept })).toEqual(
    nothing,
  );
});

test.each([
  ["name", "b", { updates: ["name"], replaces: [] }],
  ["cluster", "c2", { updates: [], replaces: ["cluster"] }],
  ["tags", [{ key: "y" }], { updates: ["tags"], replaces: [] }],
  ["tags", [{ key: "x" }, { key: "x" }], { updates: ["tags"], replaces: [] }],
  ["note", "other", nothing],
  ["plain", "q", { updates: ["plain"], replaces: [] }],
  ["name", unknownValue, { updates: ["name"], replaces: [] }],
  ["cluster", unknownValue, { updates: [], replaces: ["cluster"] }],
  ["tags", [{ key: unknownValue }], { updates: ["tags"], replaces: [] }],
  ["note", unknownValue, nothing],
  // What is no longer declared is a change unless the resource or the property says otherwise.
  ["cluster", undefined, { updates: [], replaces: ["cluster"] }],
  ["kept", undefined, nothing],
  ["kept", "other", { updates: [], replaces: ["kept"] }],
  ["kept", unknownValue, { updates: [], replaces: ["kept"] }],
])("takes %s: %p for what its declaration says", (key, value, expected) => {
  expect(diffProperties(schema, state, { ...state, [key]: value })).toEqual(expected);
});

test("is blind to what is not an input, as an output that a new release has added", () => {
  expect(diffProperties(schema, state, { ...state, id: "i2", added: true })).toEqual(nothing);
});

test("lets a resource say what means the same, and asks it only about known values", () => {
  const asked: unknown[] = [];
  const same = {
    cluster: (declared: unknown, { cluster }: Record<string, unknown>) => {
      asked.push(declared);
      return declared === undefined || declared === cluster;
    },
  };
  expect(diffProperties(schema, state, { ...state, cluster: undefined }, same)).toEqual(nothing);
  expect(diffProperties(schema, state, { ...state, cluster: "c2" }, same).replaces).toEqual(["cluster"]);
  expect(diffProperties(schema, state, { ...state, cluster: unknownValue }, same).replaces).toEqual([
    "cluster",
  ]);
  expect(asked).toEqual([undefined, "c2"]);
});
