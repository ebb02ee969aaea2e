import { z } from "zod";
import { described } from "./field";
import { stateSchema } from "./state";

const inputs = z.strictObject({
  name: z.string().min(1, "must not be empty"),
  shards: z.int().max(64).optional(),
  keeps: z.boolean().default(true),
  userId: described("", z.string().optional(), { isComputed: true, state: z.string() }),
  roles: z.array(z.string().regex(/^[A-Z]+$/)).refine((all) => new Set(all).size === all.length),
  delegations: z.record(z.string().min(1), z.array(z.string().min(1))).optional(),
  texts: z.strictObject({ subject: z.string().regex(/^.+$/) }).optional(),
  template: z.union([z.enum(["login"]), z.guid()]).optional(),
  service: z
    .discriminatedUnion("type", [
      z.strictObject({ type: z.literal("none") }),
      z.strictObject({
        type: z.literal("smtp"),
        port: z.int().min(1),
        password: described("", z.string().min(8), { secret: true, state: z.string().optional() }),
      }),
    ])
    .optional(),
});
const state = stateSchema(inputs, { servers: z.array(z.string()).default([]) });
const valid = { name: "Petra", userId: "u-1", roles: ["USER"] };

test("a state holds every input, and the outputs", () => {
  expect(Object.keys(state.shape)).toEqual([...Object.keys(inputs.shape), "servers"]);
  expect(state.parse(valid)).toEqual({ ...valid, keeps: true, servers: [] });
});

test("a record of a state is kept as it is, whatever its keys are", () => {
  const delegations: unknown = JSON.parse('{"__proto__":["a"],"constructor":["b"]}');
  expect(JSON.stringify(state.parse({ ...valid, delegations }).delegations)).toBe(
    JSON.stringify(delegations),
  );
  expect(state.safeParse({ ...valid, delegations: [] }).success).toBe(false);
  expect(state.safeParse({ ...valid, delegations: { a: "b" } }).success).toBe(false);
});

test("rules for inputs hold for no state, at no depth", () => {
  const broken = {
    name: "",
    shards: 1000.5,
    userId: "",
    roles: ["user", "user"],
    delegations: { "": [""] },
    texts: { subject: "" },
    template: "no template",
    service: { type: "smtp", port: 0, password: "short" },
  };
  expect(inputs.safeParse(broken).error?.issues.length).toBeGreaterThan(5);
  expect(state.parse(broken)).toMatchObject(broken);
});

test("what another release wrote besides is kept, at any depth", () => {
  const more = { ...valid, later: 1, texts: { subject: "Hello", later: 2 } };
  expect(state.parse(more)).toMatchObject(more);
});

test.each([
  ["name", 1],
  ["shards", "three"],
  ["keeps", "yes"],
  ["userId", undefined],
  ["roles", "USER"],
  ["delegations", { all: "ada" }],
  ["texts", "Hello"],
  ["service", { type: "smtp", port: "25" }],
])("a value of another type is not read: %s", (key, value) => {
  expect(state.safeParse({ ...valid, [key]: value }).error?.issues[0]?.path[0]).toBe(key);
});

test("an input says itself what else a state may hold of it, within an object too", () => {
  const imported = { ...valid, service: { type: "smtp", port: 25 } };
  expect(inputs.safeParse(imported).success).toBe(false);
  expect(state.parse(imported)).toMatchObject(imported);
});
