import { readConfirmation } from "../config/settings";
import { endOfCodes, isCodeOf, confirmationOf, type Confirmable } from "./confirmation";

const france: Confirmable = { stack: "petra/production", id: "ic-france", state: ["3-abc", "in use"] };
const noon = Date.UTC(2026, 10, 27, 12);
const hours = (count: number) => noon + count * 3600_000;
const codeAt = (what: Confirmable, now: number) => readConfirmation(confirmationOf("France", what, now)).code;

test("a value is a name and, after the last @, a code", () => {
  const { code } = readConfirmation(confirmationOf("a@b", france, noon));
  expect(readConfirmation(`a@b@${code}`)).toEqual({ name: "a@b", code });
  expect(code).toMatch(/^[a-z\d]{6}$/);
  for (const name of ["France", "ada@petra.example", "France@", "a\nb"]) {
    expect(readConfirmation(name)).toEqual({ name, code: undefined });
  }
});

test("a code holds until the end of the next day of UTC", () => {
  const code = codeAt(france, noon);
  expect(endOfCodes(noon)).toBe("2026-11-29 00:00 UTC");
  expect(isCodeOf(code, france, hours(35.9))).toBe(true);
  expect(isCodeOf(code, france, hours(36))).toBe(false);
  expect(isCodeOf(code, france, hours(-24))).toBe(false);
});

test.each([
  ["stack", { ...france, stack: "petra/staging" }],
  ["group", { ...france, id: "ic-belgium" }],
  ["revision", { ...france, state: ["4-def", "in use"] }],
  ["use", { ...france, state: ["3-abc", "unused"] }],
])("a code of another %s does not fit", (_what, other) => {
  expect(isCodeOf(codeAt(other, noon), france, noon)).toBe(false);
  expect(isCodeOf(undefined, france, noon)).toBe(false);
});
