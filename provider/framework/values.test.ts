import fc from "fast-check";
import { containsUnknown, decodeUnknowns, encodeUnknowns, unknownValue } from "./values";

const marker = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

test("finds and restores unknown values at any depth", () => {
  const wire = { a: marker, b: [1, { c: marker }], d: "text" };
  const decoded = decodeUnknowns(wire, marker);
  expect(decoded).toEqual({ a: unknownValue, b: [1, { c: unknownValue }], d: "text" });
  expect(containsUnknown(decoded)).toBe(true);
  expect(encodeUnknowns(decoded, marker)).toEqual(wire);
});

/** Values as they come over the wire, with and without unknown ones somewhere within. */
const { onWire } = fc.letrec<{ onWire: unknown }>((tie) => ({
  onWire: fc.oneof(
    { depthSize: "small" },
    fc.constantFrom(marker, `${marker} `, "", true, 7),
    fc.string(),
    fc.array(tie("onWire"), { maxLength: 3 }),
    fc.dictionary(fc.stringMatching(/^[a-z]{1,3}$/), tie("onWire"), { maxKeys: 3 }),
  ),
}));

test("knows whether something within is unknown, and gives back what came", () => {
  fc.assert(
    fc.property(onWire, (value) => {
      const isUnknown = JSON.stringify({ value }).includes(JSON.stringify(marker));
      const decoded = decodeUnknowns({ value }, marker);
      expect(containsUnknown(decoded)).toBe(isUnknown);
      expect(encodeUnknowns(decoded, marker)).toEqual({ value });
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
