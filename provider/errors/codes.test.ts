import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";
import { errorCodes } from "./codes";
import { CockpitError, messageOf, textOf } from ".";

const root = path.join(__dirname, "../..");
const sources = execFileSync("git", ["ls-files", "--cached", "--others", "provider", "sdk", "cli"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts") && file !== "provider/errors/codes.ts")
  .map((file) => readFileSync(path.join(root, file), "utf8"))
  .join("\n");

// That each code that is used has a row is a matter of types.
test("no row describes a code that nothing uses", () => {
  const unused = Object.keys(errorCodes).filter(
    (code) => !sources.includes(`"${code}"`) && !new RegExp(`^\\s+${code}:`, "m").test(sources),
  );
  expect(unused).toEqual([]);
});

test.each(Object.entries(errorCodes))("%s can be searched for, and its row says all of it", (code, row) => {
  expect(code).toMatch(/^[a-z]+(-[a-z]+)*$/);
  for (const text of Object.values(row)) {
    expect(text).toMatch(/^[A-Z`].*\.$/s);
  }
});

test("a message is what happened, what to do and the code", () => {
  const error = new CockpitError({ code: "conflict", what: "Two are there", remedy: "Take one." });
  expect(error.message).toBe("Two are there. Take one. [cockpit:conflict]");
  expect(textOf(error)).toBe("Two are there. Take one.");
  expect(messageOf(error)).toBe(error.message);
  expect(messageOf(new TypeError("x is not a function"))).toBe("x is not a function [cockpit:internal]");
});
