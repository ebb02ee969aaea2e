import fc from "fast-check";
import { containsUnknown, decodeUnknowns, encodeUnknowns, UNKNOWN } from "./unknowns";

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
      const withoutNull = JSON.parse(JSON.stringify(decodeUnknowns({ value }, marker))) as unknown;
      expect(encodeUnknowns(withoutNull, marker)).toEqual(withoutNull);
      expect(containsUnknown(value)).toBe(false);
    }),
  );
});
