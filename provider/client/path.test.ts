import fc from "fast-check";
import { ApiError } from "./errors";
import { baseUrl, path, query, segmentProblem } from "./path";

const hostile = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom(".", "/", "\\", "%", "2", "e", "E", "?", "#", "\0", "\t", "\uD800", "a"),
  }),
);

test("[F48] no segment leaves its place: it is refused, or comes back whole as one segment", () => {
  fc.assert(
    fc.property(hostile, hostile, (first, second) => {
      let built: string;
      try {
        built = path`/group/${first}/name/${second}`;
      } catch (error) {
        expect(error).toBeInstanceOf(ApiError);
        expect(segmentProblem(first) ?? segmentProblem(second)).toBeDefined();
        return;
      }
      const url = new URL(built, "http://host/");
      expect(url.search + url.hash).toBe("");
      const parts = url.pathname.split("/");
      expect(parts).toHaveLength(7);
      expect(parts.slice(0, 4)).toEqual(["", "rest", "v2", "group"]);
      expect([parts[4], parts[6]].map((part) => decodeURIComponent(part ?? ""))).toEqual([first, second]);
    }),
    { numRuns: 2000 },
  );
});

test.each(["", ".", "..", "a/b", "a\\b", "a?x", "a#x", "%2e%2e", "a\nb", "\u0085", "a\uD800", "\uDC00"])(
  "refuses %j",
  (segment) => {
    expect(() => path`/group/${segment}`).toThrow(ApiError);
  },
);

test.each(["Petra & Söhne", "日本", "👩‍👩‍👧", "a b+c", "...", "a:b"])("keeps %j", (segment) => {
  expect(path`/group/${segment}`).toBe(`/rest/v2/group/${encodeURIComponent(segment)}`);
});

test("a query leaves out what is undefined and encodes the rest", () => {
  expect(query({ name: "A+B & C", limit: 2, dryRun: false, gone: undefined })).toBe(
    "?name=A%2BB%20%26%20C&limit=2&dryRun=false",
  );
  expect(query({ gone: undefined })).toBe("");
  expect(() => query({ name: "\uD800" })).toThrow(ApiError);
});

test.each([
  ["https://api.icure.cloud", "https://api.icure.cloud"],
  ["https://api.icure.cloud/", "https://api.icure.cloud"],
  ["https://api.icure.cloud/rest/v2", "https://api.icure.cloud"],
  ["https://api.icure.cloud/rest/v1/", "https://api.icure.cloud"],
  ["http://localhost:8080/cockpit/rest/v2/", "http://localhost:8080/cockpit"],
])("reads the url %s", (given, meant) => {
  expect(baseUrl(given).text).toBe(meant);
});

test.each([
  "api.icure.cloud",
  "ftp://api.icure.cloud",
  "https://ada:canary-secret@api.icure.cloud",
  "https://api.icure.cloud?x=1",
  "https://api.icure.cloud/#x",
  "https://api.icure.cloud/?",
  "",
])("[F48] refuses the url %j without repeating it", (given) => {
  expect(() => baseUrl(given)).toThrow(ApiError);
  expect(() => baseUrl(given)).not.toThrow(/canary/);
});
