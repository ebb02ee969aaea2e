// @ts-check
/**
 * What every command of this repository needs before it can start, from a bare clone on: Node.js, the
 * dependencies, the build, the package under its own name, and a Pulumi engine.
 */
"use strict";

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("../toolchain/cache");
const { prepareEngine } = require("../toolchain/engine");
const { withLock } = require("../toolchain/lock");
const { build, root } = require("./build");
const { checkNode, installDependencies } = require("./install");

/** Lets the examples import the package by the name under which it is published. */
function linkPackage() {
  const link = path.join(root, "node_modules", "pulumi-cockpit");
  const existing = fs.lstatSync(link, { throwIfNoEntry: false });
  if (existing !== undefined && fs.realpathSync(link) === fs.realpathSync(root)) return;
  fs.rmSync(link, { recursive: true, force: true });
  fs.symlinkSync(root, link, "junction");
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
    linkPackage();
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
if (require.main === module)
  main(() => (process.argv.includes("--build") ? prepare() : prepare({ engine: true })));
