// @ts-check
/** A command that is killed ends with all that it has started: installers, compilers, Jest's workers, engines, emulators. */
"use strict";

const { execFileSync } = require("node:child_process");
const os = require("node:os");
const path = require("node:path");
const { root } = require("./install");

const graceMs = 3000;
const parent = process.ppid;

/**
 * @param {Iterable<number>} roots
 * @returns {Set<number>} the living processes below them
 */
function below(roots) {
  const pairs = execFileSync("ps", ["-Ao", "pid=,ppid="], { encoding: "utf8" })
    .split("\n")
    .map((line) => line.trim().split(/\s+/).map(Number));
  const found = new Set(roots);
  for (let size = -1; size !== found.size;) {
    size = found.size;
    for (const [pid, above] of pairs) {
      if (pid && above && found.has(above)) {
        found.add(pid);
      }
    }
  }
  found.delete(process.pid);
  return found;
}

/**
 * @param {Iterable<number>} processes
 * @param {NodeJS.Signals} signal
 */
function send(processes, signal) {
  for (const pid of processes) {
    try {
      process.kill(pid, signal);
    } catch {
      // It has ended already.
    }
  }
}

/** @param {NodeJS.Signals} signal */
function end(signal) {
  console.error(`Ended by ${signal}, with everything that was started.`);
  const started = below([process.pid]);
  send(started, "SIGTERM");
  setTimeout(() => {
    send(below(started), "SIGKILL");
    process.exit(128 + os.constants.signals[signal]);
  }, graceMs);
}

/** From the beginning of a command on. */
function endWithAllStarted() {
  if (process.platform === "win32") {
    return;
  }
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.once(signal, end);
  }
}

/** Once the package is built: npm passes a signal on to its shell only, which leaves this process behind without one. */
function endWithLauncher() {
  const terminate = () => void process.kill(process.pid, "SIGTERM");
  if (process.ppid !== parent) {
    return terminate();
  }
  const launcher = path.join(root, "dist", "emulator", "launcher");
  /** @type {typeof import("../emulator/launcher")} */
  const { onLauncherGone } = require(launcher);
  onLauncherGone(terminate);
}

module.exports = { endWithAllStarted, endWithLauncher };
