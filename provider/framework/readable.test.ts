import { readable } from "./readable";

test.each([
  ["\u001b[2J\u001b]0;title\u0007Petra", "\\u001b[2J\\u001b]0;title\\u0007Petra"],
  ["delete \u202eartep\u202c", "delete \\u202eartep\\u202c"],
  ["\u009b31m\r", "\\u009b31m\\u000d"],
])("%j prints as what it is", (message, printed) => {
  expect(readable(message)).toBe(printed);
});

test("lines, tabs and every script stay", () => {
  const message = "Two\n\tlines: Ñandú, 患者, עברית, 👩‍⚕️";
  expect(readable(message)).toBe(message);
});
