import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "../support/project";
import { matrix } from "./matrix";
import { faultsPage } from "./page";

/** The names of a file's tests, as they are written; those that are skipped are none. */
function testsIn(file: string): string[] {
  const full = path.join(repositoryRoot, file);
  if (!existsSync(full)) {
    throw new Error(`there is no ${file}`);
  }
  const calls = readFileSync(full, "utf8").matchAll(
    /(?:^\s*test(?:Randomly)?|[)\]])\(\s*(["'`])((?:(?!\1).)+)\1,\s*(?:async\b|\(|onStack\(|$)/gm,
  );
  return [...calls].map(([, , name]) => name ?? "");
}

const proofs = matrix.flatMap((row) => row.proofs.map((proof) => ({ row: row.row, ...proof })));

test("the matrix has its rows numbered from 1 on, in this order", () => {
  expect(matrix.map(({ row }) => row)).toEqual(
    Array.from({ length: matrix.length }, (_, index) => index + 1),
  );
});

test("every row is shown by a test, or says why it can't be", () => {
  const bare = matrix.filter(
    ({ proofs, notRun }) => proofs.every(({ tests }) => tests.length === 0) && notRun === undefined,
  );
  expect(bare).toEqual([]);
});

test("every test that a row names is there", () => {
  const missing = proofs.flatMap(({ row, file, tests }) => {
    const there = testsIn(file);
    return tests.filter((name) => !there.includes(name)).map((name) => `row ${row}: ${file}: ${name}`);
  });
  expect(missing).toEqual([]);
});

test("every test of this room shows a row", () => {
  const files = readdirSync(__dirname).filter((file) => file.endsWith(".test.ts"));
  for (const file of files.filter((name) => name !== "matrix.test.ts")) {
    const named = proofs
      .filter((proof) => proof.file === `tests/faults/${file}`)
      .flatMap(({ tests }) => tests);
    expect([...new Set(named)].sort()).toEqual(testsIn(`tests/faults/${file}`).sort());
  }
});

test("docs/faults.md is what the matrix says (COCKPIT_WRITE_DOCS=1 writes it)", () => {
  const file = path.join(repositoryRoot, "docs/faults.md");
  if (process.env.COCKPIT_WRITE_DOCS === "1") {
    writeFileSync(file, faultsPage());
  }
  expect(readFileSync(file, "utf8")).toBe(faultsPage());
});
