// @ts-check
/** `npm run conformance`: compiles the harness in tests/conformance into one file and runs it. */
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { buildSync } = require("esbuild");

const root = path.join(__dirname, "..");
/** Within the repository, so that its packages are found. */
const folder = fs.mkdtempSync(path.join(root, "node_modules", ".conformance-"));
try {
  const outfile = path.join(folder, "command.js");
  buildSync({
    entryPoints: [path.join(root, "tests", "conformance", "command.ts")],
    bundle: true,
    platform: "node",
    packages: "external",
    outfile,
    logLevel: "error",
  });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
  process.exitCode = status ?? 1;
} finally {
  fs.rmSync(folder, { recursive: true, force: true });
}
