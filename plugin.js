#!/usr/bin/env node
// @ts-check
/**
 * The plugin's entry: package.json's `main`, which the engine's loader requires, and the executable `pulumi-resource-cockpit`,
 * which needs no loader. Programs import the SDK by package.json's `exports` instead.
 */
"use strict";

const { existsSync } = require("node:fs");
const nodeModule = require("node:module");
const path = require("node:path");

const built = path.join(__dirname, "dist", "provider", "plugin", "main.js");

/** @param {string} sentence */
function stop(sentence) {
  console.error(sentence);
  process.exit(1);
}

/** From Node.js 22 on: what one run compiled the next needn't. In this folder, where nobody else can put code. */
function reuseCompiledCode() {
  const { enableCompileCache, flushCompileCache } =
    /** @type {{ enableCompileCache?: (folder: string) => unknown, flushCompileCache?: () => void }} */ (
      /** @type {unknown} */ (nodeModule)
    );
  enableCompileCache?.(path.join(__dirname, "node_modules", ".cache", "pulumi-cockpit-compiled"));
  // The engine ends this process by a signal, before which nothing is written.
  setTimeout(() => flushCompileCache?.(), 1000).unref();
}

if (!existsSync(built)) {
  stop(
    `The Cockpit plugin is not built: run \`npm install\` in ${__dirname}, with npm's ignore-scripts off.`,
  );
}
reuseCompiledCode();
try {
  require(built);
} catch (error) {
  const { code, message } = /** @type {NodeJS.ErrnoException} */ (error);
  if (code !== "MODULE_NOT_FOUND") {
    throw error;
  }
  stop(
    `The Cockpit plugin lacks a package (${message.split("\n")[0]}): run \`npm install\` in ${__dirname}.`,
  );
}
