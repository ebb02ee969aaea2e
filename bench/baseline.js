// @ts-check
"use strict";

const { execFileSync } = require("node:child_process");
const path = require("node:path");

const root = path.join(__dirname, "..");

/**
 * Another revision of this package, with its own dependencies and built by its own script. A program in a folder below finds it
 * under the package's name; the engine and the emulator that it meets are those of here.
 * @param {string} folder an empty one
 * @param {string} revision
 */
function buildBaseline(folder, revision) {
  console.error(`building ${revision}`);
  const archive = execFileSync("git", ["archive", revision], { cwd: root, maxBuffer: 2 ** 30 });
  execFileSync("tar", ["-x", "-C", folder], { input: archive });
  const run = (/** @type {string} */ command, /** @type {string[]} */ args) =>
    execFileSync(command, args, {
      cwd: folder,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
  run("npm", ["ci", "--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]);
  run("npm", ["run", "build", "--silent"]);
}

module.exports = { buildBaseline };
