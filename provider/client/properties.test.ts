import fc from "fast-check";
import { ApiError } from "./errors";
import {
  type CustomProperty,
  type CustomPropertyType,
  type PropertyStub,
  propertyStub,
  readCustomProperty,
  unsendableProperty,
  writeCustomProperty,
} from "./properties";

const samples: [CustomPropertyType, CustomProperty["value"], string][] = [
  ["boolean", false, "booleanValue"],
  ["integer", 0, "integerValue"],
  ["double", 1.5, "doubleValue"],
  ["string", "", "stringValue"],
  ["date", 1_767_225_600_000, "dateValue"],
  ["clob", "long", "stringValue"],
  ["json", '{"a":1}', "stringValue"],
];

test.each(samples)("a %s is written to its own field and read back", (type, value, field) => {
  const stub = writeCustomProperty("key", { type, value });
  expect(stub).toEqual({
    type: { identifier: "key", type: type.toUpperCase() },
    typedValue: { type: type.toUpperCase(), [field]: value },
  });
  expect(readCustomProperty(stub)).toEqual({ key: "key", property: { type, value } });
});

test("writing over a stored property keeps its id and unknown fields, and drops its old value", () => {
  const previous: PropertyStub = propertyStub.parse({
    id: "p1",
    added: { later: true },
    type: { identifier: "key", type: "STRING", unit: "kg" },
    typedValue: { type: "STRING", stringValue: "old", encryptedSelf: "x", precision: 2 },
    deletionDate: 5,
  });
  expect(writeCustomProperty("key", { type: "integer", value: 3 }, previous)).toEqual({
    id: "p1",
    added: { later: true },
    type: { identifier: "key", type: "INTEGER", unit: "kg" },
    typedValue: { type: "INTEGER", integerValue: 3, precision: 2 },
  });
  expect(previous.typedValue?.stringValue).toBe("old");
});

test("what is written is read back, over whatever was stored", () => {
  const property = fc.oneof(
    fc.record({ type: fc.constant<CustomPropertyType>("integer"), value: fc.maxSafeInteger() }),
    fc.record({
      type: fc.constant<CustomPropertyType>("double"),
      value: fc.double({ noNaN: true, noDefaultInfinity: true }),
    }),
    fc.record({ type: fc.constantFrom<CustomPropertyType>("string", "clob", "json"), value: fc.string() }),
    fc.record({ type: fc.constant<CustomPropertyType>("boolean"), value: fc.boolean() }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 1 }), property, property, (key, before, after) => {
      const stub = writeCustomProperty(key, after, writeCustomProperty(key, before));
      expect(readCustomProperty(stub)).toEqual({ key, property: after });
    }),
  );
});

test.each<CustomProperty>([
  { type: "integer", value: 1.5 },
  { type: "integer", value: 2 ** 60 },
  { type: "double", value: Number.NaN },
  { type: "string", value: 1 },
  { type: "boolean", value: "true" },
  { type: "date", value: "2026-01-01" },
])("refuses %j", (property) => {
  expect(() => writeCustomProperty("key", property)).toThrow(ApiError);
});

test.each([
  {},
  { type: { identifier: "key", type: "STRING" } },
  { type: { identifier: "key", type: "STRING" }, typedValue: { type: "STRING", stringValue: null } },
  { type: { identifier: "key" }, typedValue: { type: "NEWER", stringValue: "x" } },
  { type: { type: "STRING" }, typedValue: { stringValue: "x" } },
  { type: { identifier: "key" }, typedValue: { type: "toString", stringValue: "x" } },
  { type: { identifier: "key" }, typedValue: { type: "STRING", stringValue: "x" }, deletionDate: 1 },
])("does not read %j", (stub) => {
  expect(readCustomProperty(propertyStub.parse(stub))).toBeUndefined();
});

test("finds numbers that JSON could not carry unchanged", () => {
  const large = JSON.parse(
    '{"type":{"identifier":"big"},"typedValue":{"integerValue":9007199254740993}}',
  ) as PropertyStub;
  expect(unsendableProperty([{}, large])).toBe("big");
  expect(
    unsendableProperty([{}, writeCustomProperty("k", { type: "double", value: 1e300 })]),
  ).toBeUndefined();
});

test("[F16] keys that reach for prototypes stay data", () => {
  const text =
    '{"__proto__":{"polluted":1},"constructor":{"polluted":1},"typedValue":{"__proto__":{"polluted":1}}}';
  const stub = propertyStub.parse(JSON.parse(text));
  writeCustomProperty("__proto__", { type: "string", value: "x" }, stub);
  expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
  expect((stub as Record<string, unknown>)["polluted"]).toBeUndefined();
});
