// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

/** @param {number} seconds */
const wait = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

/** @param {unknown} error */
const codeOf = (error) => /** @type {NodeJS.ErrnoException} */ (error).code;

/**
 * @param {string} file
 * @returns {number | undefined} the process that holds the lock
 */
function ownerOf(file) {
  try {
    return Number(fs.readFileSync(file, "utf8"));
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return undefined;
    }
    throw error;
  }
}

/** @param {number} pid */
function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

/**
 * The lock appears with its owner's number in it, never empty.
 * @param {string} file
 */
function tryLock(file) {
  const ownFile = `${file}.${process.pid}`;
  fs.writeFileSync(ownFile, String(process.pid));
  try {
    fs.linkSync(ownFile, file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") {
      return false;
    }
    throw error;
  } finally {
    fs.rmSync(ownFile, { force: true });
  }
}

/**
 * Takes away the lock of a process that is gone. Of several that try, the first moves the stale file; one that
 * comes late finds that it has moved a new owner's lock, and puts it back.
 * @param {string} file
 */
function removeStale(file) {
  const aside = `${file}.stale.${process.pid}`;
  try {
    fs.renameSync(file, aside);
  } catch (error) {
    if (codeOf(error) === "ENOENT") {
      return;
    }
    throw error;
  }
  const owner = ownerOf(aside);
  if (owner !== undefined && isAlive(owner)) {
    fs.renameSync(aside, file);
  } else {
    fs.rmSync(aside, { force: true });
  }
}

/**
 * Runs `action` while no other process of this machine holds the lock.
 * @template Result
 * @param {string} file
 * @param {(message: string) => void} log
 * @param {() => Promise<Result>} action
 * @returns {Promise<Result>}
 */
async function withLock(file, log, action) {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  for (let waited = 0; !tryLock(file); waited += 1) {
    const owner = ownerOf(file);
    if (owner === undefined) {
      continue;
    }
    if (!isAlive(owner)) {
      removeStale(file);
      continue;
    }
    if (waited % 40 === 0) {
      log(`waiting for process ${owner}, which is at it already (its lock: ${file})`);
    }
    await wait(0.25);
  }
  try {
    return await action();
  } finally {
    fs.rmSync(file, { force: true });
  }
}

module.exports = { withLock };
