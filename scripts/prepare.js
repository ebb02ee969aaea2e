// @ts-check
/**
 * What every command of this repository needs before it can start, from a bare clone on: Node.js, the
 * dependencies, the build, the package under its own name, and a Pulumi engine.
 */
"use strict";

const { execFileSync } = require("node:child_process");
const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("../toolchain/cache");
const { prepareEngine } = require("../toolchain/engine");
const { withLock } = require("../toolchain/lock");
const { build, root } = require("./build");
const { checkNode, installDependencies } = require("./install");

/**
 * Examples, tests and the benchmark import the package by its name, as it would be published: what is missing in it is missing
 * for them too. Its dependencies lie beside it.
 */
function installPackage() {
  const folder = path.join(root, "node_modules", "pulumi-cockpit");
  const stamp = path.join(root, "node_modules", ".cache", "pulumi-cockpit-package");
  const aside = fs.mkdtempSync(path.join(root, "node_modules", ".pulumi-cockpit-"));
  try {
    const options = ["--ignore-scripts", "--json", "--loglevel=error", "--pack-destination", aside];
    const [{ filename, integrity }] = JSON.parse(run("npm", ["pack", ...options]));
    const installed = fs.lstatSync(folder, { throwIfNoEntry: false })?.isDirectory() === true;
    if (installed && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === integrity) {
      return;
    }
    // Archives hold everything in a folder of this name.
    run("tar", ["-xzf", path.join(aside, filename), "-C", aside]);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(path.join(aside, "package"), folder);
    fs.mkdirSync(path.dirname(stamp), { recursive: true });
    fs.writeFileSync(stamp, integrity);
  } finally {
    fs.rmSync(aside, { recursive: true, force: true });
  }
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {string} what it printed
 */
function run(command, args) {
  return execFileSync(command, args, {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    shell: process.platform === "win32",
  });
}

/**
 * @typedef {import("../toolchain/engine").Engine} Engine
 * @typedef {import("../toolchain/engine").Log} Log
 */

/**
 * @overload
 * @param {{ engine: true, log?: Log }} options
 * @returns {Promise<{ engine: Engine }>}
 */
/**
 * @overload
 * @param {{ engine?: false, log?: Log }} [options]
 * @returns {Promise<{ engine: undefined }>}
 */
/**
 * @param {{ engine?: boolean, log?: Log }} [options]
 * @returns {Promise<{ engine: Engine | undefined }>}
 */
async function prepare({ engine = false, log = console.error } = {}) {
  checkNode();
  const clone = createHash("sha256").update(root).digest("hex").slice(0, 12);
  await withLock(path.join(cacheFolder(process.env), `clone-${clone}.lock`), log, async () => {
    await installDependencies(log);
    await build(log);
    installPackage();
  });
  return { engine: engine ? await prepareEngine({ log }) : undefined };
}

/**
 * Runs a command of this repository: an error that reaches here is one to read, not to trace.
 * @param {() => Promise<unknown>} command
 */
function main(command) {
  command().catch((error) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 1;
  });
}

module.exports = { main, prepare, root };

// `npm run build` needs no engine.
if (require.main === module) {
  main(() => (process.argv.includes("--build") ? prepare() : prepare({ engine: true })));
}
