import fc from "fast-check";
import { suspiciousVariables, uses, variableProblems, variables, type Variable } from "./texts";

const withoutBraces = fc.string({ unit: "grapheme" }).filter((text) => !/[{}]|it\./.test(text));
const variable = fc.constantFrom(...variables).map((name) => `{{it.${name}}}`);

test("a text of known variables and anything without braces is as it should be", () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(withoutBraces, variable)), (parts) => {
      expect(variableProblems(parts.join(" "))).toEqual([]);
    }),
  );
});

test("a wrong variable is found where it is, whatever stands before and after it", () => {
  const name = fc.stringMatching(/^[a-z]{1,12}$/).filter((word) => !variables.includes(word as Variable));
  fc.assert(
    fc.property(
      fc.array(fc.oneof(withoutBraces, variable)),
      name,
      fc.array(fc.oneof(withoutBraces, variable)),
      (before, word, after) => {
        const text = `${before.join(" ")} {{it.${word}}} ${after.join(" ")}`;
        const lines = `${before.join(" ")} `.split(/\r\n|\r|\n/);
        expect(variableProblems(text)).toEqual([
          {
            line: lines.length,
            column: [...(lines.at(-1) ?? "")].length + 1,
            message: expect.stringContaining(`there is no variable {{it.${word}}}`) as string,
          },
        ]);
      },
    ),
  );
});

test("one letter more, less or wrong is recognised", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...variables),
      fc.nat(),
      fc.constantFrom("", "Q", "qQ"),
      (name, at, letters) => {
        const index = at % name.length;
        const misspelt = name.slice(0, index) + letters + name.slice(index + 1);
        fc.pre(!variables.includes(misspelt as Variable));
        expect(variableProblems(`{{it.${misspelt}}}`)[0]?.message).toContain(`did you mean {{it.${name}}}?`);
      },
    ),
  );
});

test.each([
  ["{{firstName}}", "{{it.firstName}}"],
  ["{{ it.firstName }}", "{{it.firstName}}"],
  ["{it.firstName}", "{{it.firstName}}"],
  ["{{it.firstName}", "{{it.firstName}}"],
  ["{it.firstName}}", "{{it.firstName}}"],
  ["it.firstName}}", "{{it.firstName}}"],
  ["{{{it.firstName}}", "{{it.firstName}}"],
  ["{{it.FirstName}}", "{{it.firstName}}"],
  ["{{it.first-name}}", "{{it.firstName}}"],
])("%s is refused, with %s as what was meant", (text, meant) => {
  const problems = variableProblems(`Hello ${text}!`);
  expect(problems).toEqual([
    { line: 1, column: 7, message: expect.stringContaining(`did you mean ${meant}?`) as string },
  ]);
});

test.each(["{{", "{{}}", "{{it.}}", "{{it}}", "{{#each it.names}}"])("%s is refused", (text) => {
  expect(variableProblems(text)).toEqual([
    { line: 1, column: 1, message: expect.stringContaining("is not a valid variable") as string },
  ]);
});

test("style sheets and scripts are left alone", () => {
  const html = `<style>@media print{.a{color:red}}</style><script>function f(){if(x){y()}}</script>{{it.email}}`;
  expect(variableProblems(html)).toEqual([]);
});

test("a code is looked for in the one spelling that is filled in", () => {
  expect(uses("a {{it.validationCode}}", "validationCode")).toBe(true);
  expect(uses("a {{validationCode}}", "validationCode")).toBe(false);
});

test("an app's own variables are taken in both published spellings, and what is neither is doubted where it is", () => {
  expect(
    suspiciousVariables("{{it.service}} {{ service }} {{procedureDetails}} {{it.validationCode}}"),
  ).toEqual([]);
  expect(suspiciousVariables("\n a {{it.first name}} {it.date}")).toEqual([
    {
      line: 2,
      column: 4,
      message: expect.stringContaining('"{{it.first name}}" may not be filled in') as string,
    },
    { line: 2, column: 22, message: expect.stringContaining('"{it.date}" may not be filled in') as string },
  ]);
});
