import { parseRetryAfter } from "./retry";

const now = Date.UTC(2026, 0, 1, 12);

test.each([
  ["0", 0],
  ["2", 2000],
  [" 86400 ", 86_400_000],
  ["Thu, 01 Jan 2026 12:00:05 GMT", 5000],
  ["Thu, 01 Jan 2026 11:00:00 GMT", 0],
  ["-5", undefined],
  ["1.5", undefined],
  ["soon", undefined],
  ["soon GMT", undefined],
  ["", undefined],
  [undefined, undefined],
])("[F7] Retry-After %j asks for %j ms", (header, expected) => {
  expect(parseRetryAfter(header, now)).toBe(expected);
});
