import { type PropertyStub, readCustomProperty } from "../../client";
import {
  adoptionKey,
  adoptionMark,
  declaredProperties,
  propertiesToSend,
  propertyValues,
  type PropertyValues,
  sameProperties,
  withAdoptionMark,
} from "./custom-properties";

const all: PropertyValues = {
  active: true,
  seats: 250,
  ratio: 0.5,
  whole: { type: "double", value: 3 },
  tier: "production",
  launched: { type: "date", value: "2026-01-31" },
  at: { type: "date", value: "2026-01-31T08:00:00+01:00" },
  terms: { type: "clob", value: "long" },
  layout: { type: "json", value: { columns: [1, 2], dark: true } },
};

const sent = (declared: PropertyValues): PropertyStub[] => propertiesToSend([], declared, undefined) ?? [];
const keysOf = (stubs: readonly PropertyStub[] | undefined) =>
  stubs?.map((stub) => readCustomProperty(stub)?.key);

test("every type goes out and comes back as it was written", () => {
  expect(propertyValues.safeParse(all).success).toBe(true);
  expect(declaredProperties(sent(all), all)).toEqual(all);
  expect(propertiesToSend(sent(all), all, all)).toBeUndefined();
});

test("a value changed outside comes back as it is now", () => {
  const live = sent({ ...all, seats: 300, launched: { type: "date", value: "2026-02-01" } });
  expect(declaredProperties(live, all)).toEqual({
    ...all,
    seats: 300,
    launched: { type: "date", value: "2026-02-01T00:00:00.000Z" },
  });
});

test("what is not declared is not drift", () => {
  const live = [...sent(all), ...sent({ other: 1 })];
  expect(declaredProperties(live, { seats: 250 })).toEqual({ seats: 250 });
  expect(declaredProperties(live, undefined)).toBeUndefined();
});

test("[F33] JSON is compared by what it says", () => {
  const one: PropertyValues = { layout: { type: "json", value: { a: 1, b: 2 } } };
  const other: PropertyValues = { layout: { type: "json", value: { b: 2, a: 1 } } };
  expect(sameProperties(one, other)).toBe(true);
  expect(propertiesToSend(sent(one), other, one)).toBeUndefined();
});

test("[F33] one moment written in two ways is the same date, and a date is not a text", () => {
  const date = (value: string): PropertyValues => ({ at: { type: "date", value } });
  expect(sameProperties(date("2026-01-31T08:00:00+01:00"), date("2026-01-31T07:00:00Z"))).toBe(true);
  expect(sameProperties(date("2026-01-31"), { at: "2026-01-31" })).toBe(false);
});

test("a negative zero is zero, as it comes back from JSON", () => {
  expect(
    sameProperties({ n: -0, d: { type: "double", value: -0 } }, { n: 0, d: { type: "double", value: 0 } }),
  ).toBe(true);
});

test("left out, properties are neither compared nor sent", () => {
  expect(sameProperties(undefined, all)).toBe(true);
  expect(propertiesToSend(sent(all), undefined, all)).toBeUndefined();
});

test("[F25, F32] others' properties are sent again unchanged, unknown fields included", () => {
  const reserved: PropertyStub = {
    id: "q",
    type: { identifier: "com.icure.dbs.quota.1", type: "INTEGER" },
    typedValue: { type: "INTEGER", integerValue: 2 },
    encryptedSelf: "kept",
  };
  const byHand = sent({ note: "by hand" });
  const stubs = propertiesToSend([reserved, ...byHand], { tier: "test" }, undefined);
  expect(stubs).toContainEqual(reserved);
  expect(keysOf(stubs)).toEqual(["com.icure.dbs.quota.1", "note", "tier"]);
});

test("what is no longer declared is taken away, and only that", () => {
  const live = sent({ a: 1, b: 2, c: 3 });
  expect(keysOf(propertiesToSend(live, { a: 1 }, { a: 1, b: 2 }))).toEqual(["a", "c"]);
});

test("the mark of a takeover is replaced, not piled up", () => {
  const once = withAdoptionMark(sent({ a: 1 }), "first");
  expect(adoptionMark(withAdoptionMark(once, "second"))).toBe("second");
  expect(keysOf(withAdoptionMark(once, "second"))).toEqual(["a", adoptionKey]);
  expect(adoptionMark([])).toBeUndefined();
});

test.each([
  ["a whole number as integer", { n: { type: "integer", value: 1.5 } }, "n", /whole number/],
  ["infinity", { n: Infinity }, "n", /finite/],
  ["a date without its zone", { d: { type: "date", value: "2026-01-31T08:00" } }, "d", /ISO 8601/],
  ["a date that is none", { d: { type: "date", value: "2026-13-01" } }, "d", /ISO 8601/],
  ["a text as boolean", { b: { type: "boolean", value: "true" } }, "b", /true or false/],
  ["an unknown type", { t: { type: "colour", value: 1 } }, "t", /there is no type "colour".*boolean/],
  ["an array", { a: [1] }, "a", /must be a boolean/],
  ["a reserved key", { "com.icure.dbs.quota.1": 5 }, "com.icure.dbs.quota.1", /reserved/],
  ["an empty key", { " ": 5 }, " ", /identifier/],
])("refuses %s and says where", (_what, values, key, problem) => {
  const issues = propertyValues.safeParse(values).error?.issues ?? [];
  expect(issues).toHaveLength(1);
  expect(issues[0]?.path).toEqual([key]);
  expect(issues[0]?.message).toMatch(problem);
});

describe("what is stored in a form that does not fit its type", () => {
  const seats: PropertyStub = {
    id: "1",
    type: { identifier: "seats", type: "INTEGER" },
    typedValue: { type: "STRING", stringValue: "250" },
  };
  const flag: PropertyStub = {
    id: "2",
    type: { identifier: "flag", type: "BOOLEAN" },
    typedValue: { type: "BOOLEAN", stringValue: "true" },
  };
  const byHand: PropertyStub = {
    type: { identifier: "byhand", type: "INTEGER" },
    typedValue: { type: "INTEGER", integerValue: "12", stringValue: "12" },
  };
  const declared: PropertyValues = { seats: 250, flag: true };

  test("is replaced where it is declared, and sent as it was where it is not", () => {
    const stubs = propertiesToSend([seats, flag, byHand], declared, declared);
    expect(stubs).toEqual([
      { id: "1", ...sent({ seats: 250 })[0] },
      { id: "2", ...sent({ flag: true })[0] },
      byHand,
    ]);
    expect(propertiesToSend(stubs ?? [], declared, declared)).toBeUndefined();
  });

  test("is taken away once it is no longer declared, and what is there twice becomes one", () => {
    expect(propertiesToSend([seats, flag, byHand], { seats: 250 }, declared)).toEqual([
      { id: "1", ...sent({ seats: 250 })[0] },
      byHand,
    ]);
    const twice = [...sent(declared), flag];
    expect(propertiesToSend(twice, declared, declared)).toEqual(sent(declared));
  });
});

test("nulls in JSON are values, and JSON null is JSON", () => {
  const values: PropertyValues = {
    layout: { type: "json", value: { footer: null, columns: [1, null, { deep: null }] } },
    empty: { type: "json", value: null },
  };
  expect(propertyValues.safeParse(values).success).toBe(true);
  expect(sent(values).map(({ typedValue }) => typedValue?.stringValue)).toEqual([
    '{"footer":null,"columns":[1,null,{"deep":null}]}',
    "null",
  ]);
  expect(declaredProperties(sent(values), values)).toEqual(values);
  expect(propertyValues.safeParse({ a: null }).error?.issues[0]?.message).toMatch(/must not be null/);
});

test("a text with other line ends is not drift, and a change of them in the program is sent", () => {
  const written: PropertyValues = { terms: { type: "clob", value: "a\r\nb" }, note: "c\nd" };
  const kept: PropertyValues = { terms: { type: "clob", value: "a\nb" }, note: "c\r\nd" };
  expect(declaredProperties(sent(kept), written)).toEqual(written);
  expect(sameProperties(kept, written)).toBe(false);
  expect(propertiesToSend(sent(kept), written, kept)).toEqual(sent(written));
});
