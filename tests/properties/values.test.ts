import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { unknownValue, type Properties } from "../../provider/framework/values";
import { AuthenticationProcess } from "../../provider/resources";
import type { Context } from "../../provider/runtime/context";
import { Run } from "../../provider/framework/run";
import {
  DeclaredProjectIds,
  DeclaredProtection,
  DeclaredServices,
  FormerPlaces,
  IdReservations,
  Transfers,
} from "../../provider/runtime/run-facts";
import { GatewayCache } from "../../provider/runtime/cockpit-cache";
import { anyKind, declarationOf, kinds, type Kind } from "./args/kinds";
import { nth } from "./generators/picking";
import { testRandomly } from "./test-randomly";

/** A Cockpit that answers two questions; every other one would be a failure. */
const context: Context = {
  cockpit: {
    environmentId: () => Promise.resolve("environment"),
    gateway: { spec: () => Promise.resolve(undefined) },
  },
  run: new Run(),
  idReservations: new IdReservations(),
  transfers: new Transfers(),
  environments: {
    named: () => context,
    recorded: () => Promise.resolve(context),
    holding: () => Promise.resolve(context),
  },
  declaredProtection: new DeclaredProtection(),
  declaredProjectIds: new DeclaredProjectIds(),
  declaredServices: new DeclaredServices(),
  formerPlaces: new FormerPlaces(),
  gatewayCache: new GatewayCache({} as never),
  now: () => 0,
  runVariables: () => ({ adopt: [], confirmDelete: [] }),
  warn: () => undefined,
} as unknown as Context;
const resource = { project: "petra", stack: "test", name: "petra" };

/** What only Cockpit knows, as a state has it. */
const outputs = {
  servers: ["europe-west-02"],
  environmentId: "environment",
  userId: "user",
  token: "canary",
  expiresAt: "9999-12-31T00:00:00.000Z",
};

async function checked(kind: Kind, args: Properties): Promise<Properties> {
  const { inputs, failures } = await kind.check(context, resource, undefined, args);
  expect(failures).toEqual([]);
  return inputs;
}

/** Roles, identifiers and delegations are sets. */
function inAnyOrder(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value
      .map(inAnyOrder)
      .sort((one, other) => JSON.stringify(one).localeCompare(JSON.stringify(other)));
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, inAnyOrder(item)]))
    : value;
}

describe.each(kinds.map((kind) => [kind.type, kind] as const))("%s", (_type, kind) => {
  // Each kind is a program of its own: what another one has declared, such as an e-mail address, is not taken.
  beforeEach(() => void Object.assign(context, { idReservations: new IdReservations() }));

  const declared = declarationOf(kind);

  testRandomly(
    "what was checked is checked again without a change once it is in the state",
    declared,
    100,
    async (args) => {
      const inputs = await checked(kind, args);
      for (const news of [args, inputs]) {
        expect(await kind.check(context, resource, inputs, news)).toEqual({ inputs, failures: [] });
      }
    },
  );

  testRandomly(
    "nothing differs from the state that it made, and each change of an input is seen",
    fc.tuple(declared, declared),
    100,
    async ([args, others]) => {
      const inputs = await checked(kind, args);
      const state = { ...outputs, ...inputs };
      expect(await kind.diff(context, "id", state, inputs, resource)).toEqual({ updates: [], replaces: [] });

      const news = await checked(kind, others);
      // What one of them leaves out may be as it was, there are several ways to write one custom property, nobody knows the
      // language of a process that was created manually, and to Cockpit a person and an organisation are both healthcare parties.
      const isVague = (key: string) =>
        key === "properties" ||
        (key === "language" && inputs["managed"] === false) ||
        (key === "userType" && kind.type === "User" && ![inputs[key], news[key]].includes("user"));
      const inBoth = Object.keys(news).filter((key) => key in inputs && !isVague(key));
      const different = inBoth.filter(
        (key) => !isDeepStrictEqual(inAnyOrder(inputs[key]), inAnyOrder(news[key])),
      );
      for (const key of different) {
        const { updates, replaces } = await kind.diff(
          context,
          "id",
          state,
          { ...inputs, [key]: news[key] },
          resource,
        );
        expect([...updates, ...replaces]).toEqual([key]);
      }
    },
  );

  testRandomly(
    "what is not known yet counts as changed",
    fc.tuple(declared, fc.nat()),
    100,
    async ([args, at]) => {
      const inputs = await checked(kind, args);
      const key = nth(Object.keys(args), at) ?? "";
      const state = { ...outputs, ...inputs };
      const { updates, replaces } = await kind.diff(
        context,
        "id",
        state,
        { ...inputs, [key]: unknownValue },
        resource,
      );
      expect([...updates, ...replaces]).toEqual([key]);
    },
  );
});

/** Nobody's program, but somebody's typing error. */
const anything = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constant(unknownValue),
  fc.string({ unit: "binary" }),
  fc.double(),
  fc.bigInt().map(Number),
);
const mistaken = anyKind.chain((kind) => {
  const someKey = fc.oneof(fc.constantFrom(...Object.keys(kind.inputs.shape)), fc.string());
  const mistakes = fc.dictionary(someKey, anything, { maxKeys: 6 });
  // On its own nearly everything lacks something; one mistake in what is good otherwise gets further.
  const inputs = fc.oneof(
    mistakes,
    fc.tuple(declarationOf(kind), mistakes).map(([args, more]) => ({ ...args, ...more })),
  );
  return fc.tuple(fc.constant(kind), inputs);
});

const filledIn = (kind: Kind, key: string): boolean =>
  key === "specId" ||
  key === "environmentId" ||
  (kind === AuthenticationProcess && ["email", "sms"].includes(key));

testRandomly(
  "whatever is declared is refused in words or kept as it is",
  mistaken,
  1000,
  async ([kind, args]) => {
    const { inputs, failures } = await kind.check(context, resource, undefined, args);
    for (const { reason } of failures) {
      expect(reason).toMatch(/\S/);
      expect(reason).not.toMatch(/\[object |undefined|NaN/);
    }
    const changed = Object.entries(args).filter(
      ([key, value]) => !filledIn(kind, key) && !isDeepStrictEqual(inputs[key], value),
    );
    expect(failures.length > 0 ? [] : changed).toEqual([]);
  },
);
