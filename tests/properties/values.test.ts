import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { UNKNOWN, type Properties } from "../../provider/engine/unknowns";
import type { Context } from "../../provider/resources/context";
import { Database } from "../../provider/resources/database";
import { Solution } from "../../provider/resources/solution";
import { databaseArgs, solutionArgs } from "./happenings/values";

/** A Cockpit that answers one question; every other one would be a failure. */
const context = {
  cockpit: { environmentId: () => Promise.resolve("environment") },
  declaredProtection: { declare: () => undefined },
} as unknown as Context;
const resource = { project: "petra", stack: "test", name: "petra" };

const declared = fc.oneof(
  solutionArgs.map((args): [typeof Solution, Properties] => [Solution, { name: "Petra", ...known(args) }]),
  databaseArgs.map((args): [typeof Database, Properties] => [
    Database,
    { name: "France", solutionId: "petra", ...known(args) },
  ]),
);

const known = (args: Properties) =>
  Object.fromEntries(Object.entries(args).filter(([, value]) => value !== undefined));

test("what was checked is checked again without a change, before and after it is in the state", () =>
  fc.assert(
    fc.asyncProperty(declared, async ([definition, args]) => {
      const { inputs, failures } = await definition.check(context, resource, undefined, args);
      expect(failures).toEqual([]);
      for (const olds of [undefined, inputs]) {
        expect(await definition.check(context, resource, olds, inputs)).toEqual({ inputs, failures: [] });
      }
    }),
  ));

test("nothing differs from the state that it made, and each change of an input is seen", () =>
  fc.assert(
    fc.asyncProperty(declared, declared, async ([definition, args], [other, otherArgs]) => {
      const { inputs } = await definition.check(context, resource, undefined, args);
      const state = { ...inputs, servers: ["europe-west-02"], environmentId: "environment" };
      expect(await definition.diff(context, "id", state, inputs)).toEqual({ updates: [], replaces: [] });

      fc.pre(definition === other);
      const { name } = otherArgs;
      const changed = { ...inputs, name };
      const { updates } = await definition.diff(context, "id", state, changed);
      expect(updates).toEqual(name === inputs["name"] ? [] : ["name"]);
    }),
  ));

test("what is not known yet counts as changed", () =>
  fc.assert(
    fc.asyncProperty(declared, fc.nat(), async ([definition, args], at) => {
      const { inputs } = await definition.check(context, resource, undefined, args);
      const key = Object.keys(args)[at % Object.keys(args).length] ?? "name";
      const { updates, replaces } = await definition.diff(
        context,
        "id",
        { ...inputs, servers: [] },
        { ...inputs, [key]: UNKNOWN },
      );
      expect([...updates, ...replaces]).toEqual([key]);
    }),
  ));

/** Nobody's program, but somebody's typing error. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(UNKNOWN),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.bigInt().map(Number),
);
const anyInputs = fc.dictionary(
  fc.oneof(
    fc.constantFrom(...Object.keys({ ...Solution.inputs.shape, ...Database.inputs.shape })),
    fc.string(),
  ),
  anything,
  { maxKeys: 6 },
);

test("whatever is declared is refused in words or kept as it is", () =>
  fc.assert(
    fc.asyncProperty(fc.constantFrom(Solution, Database), anyInputs, async (definition, args) => {
      const { inputs, failures } = await definition.check(context, resource, undefined, args);
      for (const { reason } of failures) {
        expect(reason).toMatch(/\S/);
        expect(reason).not.toMatch(/\[object |undefined|NaN/);
      }
      for (const [key, value] of Object.entries(args)) {
        expect(failures.length > 0 || key === "specId" || isDeepStrictEqual(inputs[key], value)).toBe(true);
      }
    }),
    { numRuns: 300 },
  ));
