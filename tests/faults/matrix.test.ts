import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../support/project";
import { matrix } from "./matrix";
import { faultsPage } from "./page";

/** The titles of a file's tests, as they are written. */
function titlesIn(file: string): string[] {
  const calls = readFileSync(path.join(repositoryRoot, file), "utf8").matchAll(
    /(?:^\s*test(?:Randomly)?|[)\]])\(\s*(["'`])((?:(?!\1).)+)\1,\s*(?:async\b|\(|onStack\(|$)/gm,
  );
  return [...calls].map(([, , title]) => title ?? "");
}

/** The rows that a title is tagged with: `[F1, F2] …`. */
function rowsOf(title: string): number[] {
  const [, tags = ""] = /^\[(F\d+(?:, F\d+)*)\] /.exec(title) ?? [];
  return [...tags.matchAll(/\d+/g)].map(Number);
}

const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "*.test.ts"], {
  cwd: repositoryRoot,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(repositoryRoot, file)));
const titles = files.flatMap((file) => titlesIn(file).map((title) => ({ file, title })));
const proofs = new Map(
  matrix
    .map(({ row }) => [row, titles.filter(({ title }) => rowsOf(title).includes(row))] as const)
    .filter(([, tests]) => tests.length > 0)
    .map(([row, tests]) => [row, [...new Set(tests.map(({ file }) => file))]]),
);

test("the matrix has its rows numbered from 1 on, in this order", () => {
  expect(matrix.map(({ row }) => row)).toEqual(
    Array.from({ length: matrix.length }, (_, index) => index + 1),
  );
});

test("every row is shown by a test, or says why it can't be", () => {
  expect(matrix.filter(({ row, notRun }) => !proofs.has(row) && notRun === undefined)).toEqual([]);
});

test("every tag names a row", () => {
  const rows = matrix.map(({ row }) => row);
  const wrong = titles.filter(({ title }) => rowsOf(title).some((row) => !rows.includes(row)));
  expect(wrong).toEqual([]);
  expect(titles.filter(({ title }) => /^\[F/.test(title) && rowsOf(title).length === 0)).toEqual([]);
});

test("every test of this room shows a row", () => {
  const bare = titles.filter(
    ({ file, title }) =>
      file.startsWith("tests/faults/") && !file.endsWith("/matrix.test.ts") && rowsOf(title).length === 0,
  );
  expect(bare).toEqual([]);
});

test("docs/faults.md is what the titles and the matrix say (COCKPIT_WRITE_DOCS=1 writes it)", () => {
  const file = path.join(repositoryRoot, "docs/faults.md");
  const page = faultsPage(proofs);
  if (process.env.COCKPIT_WRITE_DOCS === "1") {
    writeFileSync(file, page);
  }
  expect(readFileSync(file, "utf8")).toBe(page);
});
