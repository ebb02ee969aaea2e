import fc from "fast-check";
import { groupName, nameProblem } from "./name";

test.each([
  ["an empty one", "", /empty/],
  ["nothing but spaces", " \u3000", /blank/],
  ["one of 256 characters", "x".repeat(256), /255 characters \(it has 256\)/],
  ["a dot", ".", /folder/],
  ["two dots", "..", /folder/],
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
