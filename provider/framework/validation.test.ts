import { z } from "zod";
import { described } from "./field";
import { unknownValue } from "./values";
import { checkVariants, checkInputs, isVariant, type Variant } from "./validation";

const schema = z.strictObject({
  name: described("A name.", z.string().min(1, "must not be empty")),
  size: described("A size.", z.int("must be a whole number").optional()),
  key: described("A key.", z.string().min(20, "is too short").optional(), { secret: true }),
  mail: described("A mail.", z.strictObject({ subject: z.string(), tags: z.array(z.string()) }).optional()),
  isOn: described("A switch.", z.boolean().default(true)),
  specId: described("Computed.", z.string().optional(), { isComputed: true }),
});

const failuresOf = (news: Record<string, unknown>) => checkInputs(schema, news).failures;

test("fills in defaults and keeps everything else as it was written", () => {
  expect(checkInputs(schema, { name: "a" })).toEqual({ inputs: { name: "a", isOn: true }, failures: [] });
});

test("names the property of a wrong value", () => {
  expect(failuresOf({ name: "" })).toEqual([
    { property: "name", code: "invalid-value", reason: "must not be empty" },
  ]);
});

test("names what is missing without a property, because there is no value to print", () => {
  expect(failuresOf({})).toEqual([{ property: "", code: "required", reason: "name: is required" }]);
});

test("gives the whole path of a nested value", () => {
  expect(failuresOf({ name: "a", mail: { subject: "s", tags: ["x", 3] } })).toEqual([
    { property: "", code: "wrong-type", reason: expect.stringMatching(/^mail\.tags\[1\]: /) as string },
  ]);
});

test("never names a secret as the property, because the engine would print its value", () => {
  expect(failuresOf({ name: "a", key: "short" })).toEqual([
    { property: "", code: "invalid-value", reason: "key: is too short" },
  ]);
});

test("names a property that does not exist, and those that do", () => {
  expect(failuresOf({ name: "a", nmae: "b" })[0]?.reason).toMatch(
    /nmae: there is no such property.*name, size/,
  );
});

test("refuses an output as an input, and does not offer it", () => {
  expect(failuresOf({ name: "a", specId: "b" })).toEqual([
    { property: "specId", code: "output-given", reason: "is an output, not an input; leave it out" },
  ]);
  expect(failuresOf({ name: "a", specId: unknownValue })).toHaveLength(1);
  expect(failuresOf({ name: "a", nmae: "b" })[0]?.reason).not.toContain("specId");
});

test("takes back what check computed, as the engine hands it on where changes are ignored", () => {
  const news = { name: "a", specId: "b" };
  expect(checkInputs(schema, news, { specId: "b" }).failures).toEqual([]);
  expect(checkInputs(schema, news, { specId: "c" }).failures).toHaveLength(1);
});

test.each([
  [
    "text that YAML has read as a number",
    { name: 32470123456 },
    "must be a string, not a number; in YAML, write it between quotes, or a + or a 0 in front is lost",
  ],
  ["string", { name: ["a"] }, "must be a string"],
  ["switch", { name: "a", isOn: "yes" }, "must be true or false"],
  ["object", { name: "a", mail: "b" }, "must be an object"],
  ["list", { name: "a", mail: { subject: "s", tags: "x" } }, "mail.tags: must be a list"],
])("says in plain words that a %s was expected", (_what, news, reason) => {
  expect(failuresOf(news)[0]?.reason).toBe(reason);
});

test.each([
  ["at the top", { name: unknownValue }],
  ["in an array", { name: "a", mail: { subject: "s", tags: [unknownValue] } }],
  ["in place of an object", { name: "a", mail: unknownValue }],
])("never judges an unknown value %s", (_where, news) => {
  expect(failuresOf(news)).toEqual([]);
});

test("still judges what is known beside an unknown value", () => {
  expect(failuresOf({ name: unknownValue, size: 1.5, mail: { subject: 3, tags: [unknownValue] } })).toEqual([
    { property: "size", code: "wrong-type", reason: "must be a whole number" },
    { property: "", code: "wrong-type", reason: expect.stringMatching(/^mail\.subject: /) as string },
  ]);
});

test("names what is unknown within an object beside that object's own properties, and shows no secret written in its place", () => {
  const provider = z.discriminatedUnion("type", [
    z.strictObject({ type: z.literal("a"), key: described("A key.", z.string(), { secret: true }) }),
    z.strictObject({ type: z.literal("b"), port: z.number().optional() }),
  ]);
  const withProvider = z.strictObject({ provider: described("A provider.", provider.optional()) });
  const reasons = (news: Record<string, unknown>) => checkInputs(withProvider, news).failures;
  expect(reasons({ provider: { type: "b", key: "k" } })).toEqual([
    {
      property: "",
      code: "unknown-property",
      reason: "provider: key: there is no such property; the properties are type, port",
    },
  ]);
  expect(reasons({ provider: "k" })[0]?.property).toBe("");
});

describe("properties that go together or not", () => {
  const schema = z.strictObject({
    isBig: described("A size.", z.boolean().default(false)),
    key: described("A key.", z.string().optional(), { secret: true }),
    color: described("A color.", z.string().optional()),
  });
  const forms: Variant[] = [
    {
      name: "Small",
      description: "A small one.",
      when: { isBig: false },
      requires: ["key"],
      excludes: ["color"],
    },
    { name: "Big", description: "A big one.", when: { isBig: true }, excludes: ["key"] },
  ];
  const check = (inputs: Record<string, unknown>) => checkVariants(schema, forms, inputs);

  test("accepts what goes together", () => {
    expect(check({ isBig: false, key: "k" })).toEqual([]);
    expect(check({ isBig: true, color: "red" })).toEqual([]);
    expect(check({ isBig: true })).toEqual([]);
  });

  test("refuses what does not, and never names a secret as the property", () => {
    expect(check({ isBig: true, key: "k" })).toEqual([
      { property: "", code: "excluded-property", reason: "key: can't be given together with isBig: true" },
    ]);
    expect(check({ isBig: false, color: "red" })).toEqual([
      { property: "color", code: "excluded-property", reason: "can't be given together with isBig: false" },
      { property: "", code: "required", reason: "key: is required" },
    ]);
  });

  test("leaves open what a switch decides that is not known yet", () => {
    expect(check({ isBig: unknownValue, key: "k", color: "red" })).toEqual([]);
  });
});

test("inputs are of a variant once they have what switches to it and what it requires", () => {
  const managed = { when: { managed: true }, requires: ["groupId"] } as const;
  const inputs = (given: { managed: boolean; groupId?: string }) => given;
  expect(isVariant(inputs({ managed: true, groupId: "ic-petra" }), managed)).toBe(true);
  expect(isVariant(inputs({ managed: true }), managed)).toBe(false);
  expect(isVariant(inputs({ managed: false, groupId: "ic-petra" }), managed)).toBe(false);
});
