import fc from "fast-check";
import { secretProblem } from "./services";

test.each([
  "changeme",
  "Change-Me!",
  "xxx",
  "XXXXXXXX",
  "SG.xxxxxxxx",
  "<api key>",
  "your-api-key",
  "your_secret",
  "YOUR KEY HERE",
  "TODO",
  "***",
  "...",
  "undefined",
  "[secret]",
  "${SENDGRID_KEY}",
  "{{ key }}",
  "%KEY%",
  "password",
])("a placeholder is not a key: %s", (text) => {
  expect(secretProblem(text)).toMatch(/looks like a placeholder/);
});

test.each(["", " ", "\n"])("emptiness is not a key: %j", (text) => {
  expect(secretProblem(text)).toBe("must not be empty");
});

test("an output that was put into a text is told apart from a key", () => {
  expect(secretProblem("Calling [toString] on an [Output<T>] is not supported.")).toMatch(/is an output/);
});

test("the line end of a file is not part of a key", () => {
  expect(secretProblem("SG.4kVq0\n")).toMatch(/whitespace/);
});

test.each(["SG.4kVq0Y2tTlC9", "hunter2", "p@ss word", "<3pulumi>x", "toddy", "yourself123", "a*b*c"])(
  "a key is a key: %s",
  (text) => {
    expect(secretProblem(text)).toBeUndefined();
  },
);

test("random keys are accepted, and no reason ever shows what it refuses", () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[A-Za-z0-9+/=_-]{16,64}$/), (text) => {
      fc.pre(!/x{3,}/i.test(text) && new Set(text).size > 4);
      expect(secretProblem(text)).toBeUndefined();
    }),
  );
  fc.assert(
    fc.property(fc.string({ minLength: 6 }), (text) => {
      expect(secretProblem(text) ?? "").not.toContain(text);
    }),
  );
});
