import fc from "fast-check";
import { nameProblem } from "../../../provider/runtime/inputs";

/** Every display name: what shells, JSON, paths and Unicode make difficult, and some that are there twice. */
export const displayName = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom("Petra", "France", "Test") },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      "Zoë",
      "Zoe\u0308",
      "العربية",
      "🩺 Praxis 👩‍⚕️",
      'Petra\'s "best" & more',
      " padded ",
      "$(rm -rf) `x` ;",
      '["France"]',
      "[half",
      "Petra, France",
      "x".repeat(255),
    ),
  },
  {
    weight: 1,
    arbitrary: fc
      .string({ unit: "grapheme", minLength: 1, maxLength: 12 })
      .filter((name) => nameProblem(name) === undefined),
  },
);

export const text = fc.string({ unit: "grapheme", maxLength: 8 });
const date = fc
  .date({ min: new Date("0001-01-01T00:00:00Z"), max: new Date("9999-12-31T00:00:00Z"), noInvalidDate: true })
  .map((when) => when.toISOString());

// No nulls: to the engine they mean that nothing is given.
const jsonValue = fc.jsonValue({ maxDepth: 2 }).filter((value) => !JSON.stringify(value).includes("null"));

const propertyValue: fc.Arbitrary<unknown> = fc.oneof(
  fc.boolean(),
  fc.integer(),
  fc.double({ noDefaultInfinity: true, noNaN: true }),
  text,
  fc.record({ type: fc.constant("boolean"), value: fc.boolean() }),
  fc.record({ type: fc.constant("integer"), value: fc.maxSafeInteger() }),
  fc.record({ type: fc.constant("double"), value: fc.double({ noDefaultInfinity: true, noNaN: true }) }),
  fc.record({ type: fc.constantFrom("string", "clob"), value: text }),
  fc.record({
    type: fc.constant("date"),
    value: fc.oneof(date, fc.constantFrom("2026-01-31", "2026-01-31T08:00+02:00", "2026-01-31T08:00:00.5Z")),
  }),
  fc.record({ type: fc.constant("json"), value: jsonValue }),
);

export const propertyKey = fc.constantFrom("tier", "seats", "a.b", "ключ", "constructor");
/** Keys that no program declares. */
export const foreignKey = fc.constantFrom("by hand", "note", "com.icure.dbs.quota.9");
export const properties = fc.dictionary(propertyKey, propertyValue, { maxKeys: 3 });

export const protection = fc.constantFrom(false, false, false, true, undefined);
export const chosenId = fc.constantFrom("own-1", "own-2", "own-3");
export const cluster = fc.constantFrom("europe-west-02", "europe-west-03", "europe-north-01");

const sharedArgs = {
  name: displayName,
  cluster,
  properties,
  deletionProtection: protection,
  hardDelete: fc.boolean(),
};
export const solutionArgs = fc.record(
  {
    ...sharedArgs,
    applicationId: fc.constantFrom("com.petra.app", "com.petra.doc", "ünï côdé"),
    groupId: chosenId.map((id) => `solution-${id}`),
  },
  { requiredKeys: ["deletionProtection"] },
);
export const databaseArgs = fc.record(
  {
    ...sharedArgs,
    shards: fc.integer({ min: 1, max: 4 }),
    replicas: fc.integer({ min: 1, max: 3 }),
    groupId: chosenId.map((id) => `database-${id}`),
  },
  { requiredKeys: ["deletionProtection"] },
);
