import { duration, inWords, secondsOf } from "./duration";

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
  expect(inWords(seconds)).toBe(words);
});
