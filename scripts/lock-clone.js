// @ts-check
"use strict";

const { createHash } = require("node:crypto");
const path = require("node:path");
const { cacheFolder } = require("../toolchain/cache");
const { withLock } = require("../toolchain/lock");
const { root } = require("./install");

/**
 * Runs `action` while nobody else runs one of that name in this clone.
 * @template Result
 * @param {string} name
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 */
function lockClone(name, action) {
  const clone = createHash("sha256").update(root).digest("hex").slice(0, 12);
  return withLock(path.join(cacheFolder(process.env), `${name}-${clone}.lock`), console.error, action);
}

module.exports = { lockClone };
