import fc from "fast-check";
import { printable, Redactor } from "./errors";

test("text is printed on one line, without control or direction characters, and bounded", () => {
  expect(printable("a\r\n\tb\u001b[31m \u202ec\uD800")).toBe("a b [31m c");
  expect([...printable("👩".repeat(500))]).toHaveLength(201);
});

test("[F50] known secrets are taken out in every form in which a server may echo them", () => {
  const secret = `p"ss <w&rd>'ü`;
  const redactor = new Redactor();
  redactor.add(secret);
  const forms = [
    secret,
    JSON.stringify(secret),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    "p&quot;ss &lt;w&amp;rd&gt;&#39;ü",
  ];
  for (const form of forms) {
    expect(redactor.safe(`before ${form} after`)).not.toMatch(/ss.*r/);
  }
});

test.each([
  "Authorization: Bearer abc.def-123456",
  "Basic YWRhOnBhc3N3b3Jk",
  "token eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJ4In0.c2ln",
  "https://ada:hunter22@host/x",
])("credentials that nobody announced are masked by their shape: %s", (text) => {
  expect(new Redactor().safe(text)).toContain("***");
  expect(new Redactor().safe(text)).not.toMatch(/def|YWRh|eyJ|hunter22/);
});

test("[F50] no cut leaves half a secret", () => {
  const secret = "canary-0123456789";
  const redactor = new Redactor();
  redactor.add(secret);
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 33_000 }), fc.constantFrom(" ", "x"), (length, filler) => {
      expect(redactor.safe(filler.repeat(length) + secret + " end".repeat(9000))).not.toContain("cana");
    }),
    { examples: Array.from({ length: 20 }, (_, i) => [32_768 - i, " "] as [number, string]) },
  );
});

test("an empty secret hides nothing", () => {
  const redactor = new Redactor();
  redactor.add("");
  expect(redactor.safe("plain")).toBe("plain");
});
