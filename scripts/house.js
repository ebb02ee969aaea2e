// @ts-check
/**
 * `npm run house [-- --at REVISION]`: how the code is laid out, in figures, beside an earlier revision's where the clone has it, and
 * beside what they should be at most.
 */
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const ts = require("typescript");
const { aligned } = require("./align-table");
const { circles, foldersOf, importGraph, reachableFrom } = require("./import-graph");

const here = path.join(__dirname, "..");
/** Where the figures were set. */
const start = "a26d78f";
const small = 45;

/** What is counted, as it is shown, and what it should be at most. */
const targets = {
  "files / lines of provider/resources for Database": "8 / 800",
  "files / lines of provider/resources for Solution": "10 / 1100",
  "the same with provider/runtime for Database": "-",
  "the same with provider/runtime for Solution": "-",
  "files / lines of provider/": "80 / 10500",
  [`files under ${small} lines in it`]: "8",
  "files that `name` of a Database passes from the program's line to the request": "20",
  "files in which anything runs meanwhile": "-",
  "circles of files": "0",
  "circles of folders": "0",
  "bare `throw new Error` in what reaches users": "0",
  "helper names that several files define": "10",
  "files to touch by hand for a resource": "8",
};

/** @param {string} root @param {readonly string[]} files @returns {Record<string, string>} */
function figures(root, files) {
  const read = (/** @type {string} */ file) => fs.readFileSync(path.join(root, file), "utf8");
  const lines = (/** @type {string} */ file) => read(file).split("\n").length - 1;
  const total = (/** @type {readonly string[]} */ some) =>
    `${some.length} / ${some.reduce((sum, file) => sum + lines(file), 0)}`;
  const sources = files.filter((file) => file.endsWith(".ts") && !isTest(file));
  const provider = sources.filter((file) => file.startsWith("provider/") && !file.includes("/generation/"));
  const values = importGraph(root, files, { valuesOnly: true });
  const isOwn = (/** @type {string} */ file) => file.startsWith("provider/resources/");
  // The rules that all resources share have left their folder, and whoever doubts them reads them all the same.
  const isRead = (/** @type {string} */ file) => /^provider\/(resources|runtime)\//.test(file);
  const graph = importGraph(root, files);
  const userFacing = sources.filter((file) => /^(provider|sdk|cli)\//.test(file));
  const numbers = [
    total(reachableFrom(values, "provider/resources/database.ts", isOwn)),
    total(reachableFrom(values, "provider/resources/solution.ts", isOwn)),
    total(reachableFrom(values, "provider/resources/database.ts", isRead)),
    total(reachableFrom(values, "provider/resources/solution.ts", isRead)),
    total(provider),
    provider.filter((file) => !file.endsWith("/index.ts") && lines(file) < small).length,
    ...trace(root),
    circles(graph).length,
    circles(foldersOf(graph)).length,
    userFacing.flatMap((file) => read(file).match(/throw new Error\(/g) ?? []).length,
    duplicates(
      sources.filter((file) => /^(provider|emulator|sdk)\//.test(file)).map((file) => [file, read(file)]),
    ).length,
    recipe(read("CONTRIBUTING.md")),
  ];
  return Object.fromEntries(Object.keys(targets).map((name, index) => [name, String(numbers[index])]));
}

/** How many files are handed a database's name, and in how many anything runs: see trace-name.js. @param {string} root */
function trace(root) {
  const script = path.join(__dirname, "trace-name.js");
  try {
    const answer = execFileSync(process.execPath, [script, root], { encoding: "utf8", stdio: "pipe" });
    const { handed, run } = /** @type {Record<string, string[]>} */ (JSON.parse(answer));
    return [handed?.length, run?.length];
  } catch (error) {
    if (root === here) {
      throw error;
    }
    return ["-", "-"];
  }
}

/** @param {string} file */
function isTest(file) {
  return file.endsWith(".test.ts") || file.endsWith("/testing.ts");
}

/** Functions that more than one file declares at its top. @param {[file: string, text: string][]} sources */
function duplicates(sources) {
  /** @type {Map<string, Set<string>>} */
  const places = new Map();
  for (const [file, text] of sources) {
    for (const statement of ts.createSourceFile(file, text, ts.ScriptTarget.Latest).statements) {
      for (const name of functionsOf(statement)) {
        places.set(name, (places.get(name) ?? new Set()).add(file));
      }
    }
  }
  return [...places]
    .filter(([, files]) => files.size > 1)
    .map(([name, files]) => `${name}: ${[...files].join(", ")}`);
}

/** @param {ts.Statement} statement */
function functionsOf(statement) {
  if (ts.isFunctionDeclaration(statement) && statement.name) {
    return [statement.name.text];
  }
  return ts.isVariableStatement(statement)
    ? statement.declarationList.declarations.flatMap(({ name, initializer }) =>
        ts.isIdentifier(name) && initializer && ts.isArrowFunction(initializer) ? [name.text] : [],
      )
    : [];
}

/** The files that CONTRIBUTING's recipe for a resource names, each in a line of its own that begins with "- `". @param {string} text */
function recipe(text) {
  const section = /## Adding a resource\n([^]*?)\n## /.exec(text)?.[1] ?? "";
  return section.match(/^ *- `[^`]+`/gm)?.length ?? "not listed";
}

/** @param {string} root @param {string} revision */
function filesAt(root, revision) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-house-"));
  const archive = execFileSync("git", ["archive", revision], { cwd: root, maxBuffer: 2 ** 28 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  fs.symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
  return folder;
}

/** @param {string} revision */
function exists(revision) {
  try {
    execFileSync("git", ["rev-parse", "--verify", "--quiet", `${revision}^{commit}`], {
      cwd: here,
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}

function main() {
  const { values } = parseArgs({
    options: { at: { type: "string", default: start }, names: { type: "boolean", default: false } },
  });
  const list = (/** @type {string[]} */ ...args) =>
    execFileSync("git", args, { cwd: here, encoding: "utf8" }).split("\n");
  const files = list("ls-files", "--cached", "--others", "--exclude-standard").filter((file) =>
    fs.existsSync(path.join(here, file)),
  );
  const now = figures(here, files);
  /** @type {Record<string, string> | undefined} */
  let before;
  if (exists(values.at)) {
    const folder = filesAt(here, values.at);
    try {
      before = figures(folder, list("ls-tree", "-r", "--name-only", values.at));
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  }
  const head = ["", ...(before ? [values.at] : []), "now", "at most"];
  const rows = Object.entries(targets).map(([name, most]) => [
    name,
    ...(before ? [before[name] ?? ""] : []),
    now[name] ?? "",
    most,
  ]);
  console.log(aligned([head, ...rows]));
  if (values.names) {
    const sources = files.filter((file) => /^(provider|emulator|sdk)\/.*\.ts$/.test(file) && !isTest(file));
    console.log(
      duplicates(sources.map((file) => [file, fs.readFileSync(path.join(here, file), "utf8")])).join("\n"),
    );
  }
}

main();
