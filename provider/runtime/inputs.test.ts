import {
  asInState,
  duration,
  groupName,
  durationText,
  nameProblem,
  normalizedEmail,
  normalizedLineEnds,
  secondsOf,
} from "./inputs";
import fc from "fast-check";

test("the state's own writing is kept where the live one means the same", () => {
  expect(asInState("Ada@Petra.example", "ada@petra.example", normalizedEmail)).toBe("Ada@Petra.example");
  expect(asInState("Ada@Petra.example", "bo@petra.example", normalizedEmail)).toBe("bo@petra.example");
  expect(asInState("a\r\nb\rc", "a\nb\nc", normalizedLineEnds)).toBe("a\r\nb\rc");
  expect(asInState("a\nb", "a b", normalizedLineEnds)).toBe("a b");
  expect(asInState(undefined, "a", normalizedEmail)).toBe("a");
  expect(asInState("a", undefined, normalizedEmail)).toBeUndefined();
});

test.each([
  ["an empty one", "", /empty/],
  ["nothing but spaces", " \u3000", /blank/],
  ["one of 256 characters", "x".repeat(256), /255 characters \(it has 256\)/],
  ["a dot", ".", /reserved/],
  ["two dots", "..", /reserved/],
  ["a slash", "a/b", /"\/" \(character 2\)/],
  ["a backslash", "a\\b", /character 2/],
  ["a question mark", "ab?", /character 3/],
  ["a hash", "#ab", /character 1/],
  ["a percent sign", "50%", /character 3/],
  ["a line break", "a\nb", /control characters \(character 2\)/],
  ["a C1 control", "a\u0085", /control characters/],
  ["half of an emoji", "a\ud83d", /surrogate/],
])("refuses %s", (_what, name, problem) => {
  expect(nameProblem(name)).toMatch(problem);
  expect(groupName.safeParse(name).success).toBe(false);
});

test.each(["Petra", "…", "a.b", " padded ", "Pétra Clinique", "🩺".repeat(255), "بترا", "e\u0301"])(
  "accepts %s",
  (name) => {
    expect(nameProblem(name)).toBeUndefined();
    expect(groupName.parse(name)).toBe(name);
  },
);

test("whatever it accepts is one segment of an address", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (name) => {
      fc.pre(nameProblem(name) === undefined);
      const url = new URL(`http://host/group/id/name/${encodeURIComponent(name)}`);
      expect(url.pathname.split("/")).toHaveLength(5);
      expect(decodeURIComponent(url.pathname.split("/")[4] ?? "")).toBe(name);
    }),
  );
});

test.each([
  ["90d", 7_776_000],
  ["12h", 43_200],
  ["30m", 1800],
  ["45s", 45],
  ["2w", 1_209_600],
  [600, 600],
])("%s is %s seconds", (text, seconds) => {
  expect(duration.safeParse(text).success).toBe(true);
  expect(secondsOf(text)).toBe(seconds);
});

test.each([
  "",
  "90",
  "90 d",
  "1.5h",
  "-1d",
  "3 months",
  "1d12h",
  1.5,
  Infinity,
  Number.NaN,
  -5,
  0,
  "0s",
  "2000w9",
])("%p is not a duration of a token", (value) => {
  expect(duration.safeParse(value).success).toBe(false);
});

test("more than a century is taken for a mistake", () => {
  expect(duration.safeParse("36501d").error?.issues[0]?.message).toMatch(/100 years.*never: true/);
});

test.each([
  [0, "no time"],
  [1, "1 second"],
  [90, "1 minute and 30 seconds"],
  [86_400 * 2 + 3600 + 60, "2 days and 1 hour"],
])("%s seconds read as %s", (seconds, words) => {
  expect(durationText(seconds)).toBe(words);
});
