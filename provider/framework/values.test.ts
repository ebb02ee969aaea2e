import fc from "fast-check";
import { containsUnknown, decodeUnknowns, encodeUnknowns, UNKNOWN, type Properties } from "./values";

const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("finds and restores unknown values at any depth", () => {
  const wire = { a: marker, b: [1, { c: marker }], d: "text" };
  const decoded = decodeUnknowns(wire, marker);
  expect(decoded).toEqual({ a: UNKNOWN, b: [1, { c: UNKNOWN }], d: "text" });
  expect(containsUnknown(decoded)).toBe(true);
  expect(encodeUnknowns(decoded, marker)).toEqual(wire);
});

test("leaves everything without unknown values as it is", () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 4 }), (value) => {
      const withoutNull = JSON.parse(JSON.stringify(decodeUnknowns({ value }, marker))) as Properties;
      expect(encodeUnknowns(withoutNull, marker)).toEqual(withoutNull);
      expect(containsUnknown(value)).toBe(false);
    }),
  );
});

test("null is a value in what is of the user's own making, and elsewhere means not given", () => {
  const wire = {
    name: null,
    email: { body: null, subject: "s" },
    properties: { layout: { type: "json", value: { footer: null, columns: [1, null] } }, none: null },
    triggers: { version: null },
  };
  const decoded = decodeUnknowns(wire, marker);
  const { properties, triggers } = wire;
  expect(decoded).toEqual({ email: { subject: "s" }, properties, triggers });
  expect(encodeUnknowns(decoded, marker)).toEqual(decoded);
});

test("a negative zero is zero, as in JSON", () => {
  const { triggers } = decodeUnknowns({ triggers: [-0] }, marker) as { triggers: number[] };
  expect(Object.is(triggers[0], 0)).toBe(true);
});
