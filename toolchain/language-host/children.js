// @ts-check
"use strict";

const { spawn } = require("node:child_process");

/** @type {Set<import("node:child_process").ChildProcess>} */
const children = new Set();

/**
 * Starts a process that does not outlive this one.
 * @param {string} command
 * @param {string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 */
function spawnChild(command, args, options) {
  const child = spawn(command, args, { windowsHide: true, ...options });
  children.add(child);
  child.on("close", () => children.delete(child));
  return child;
}

function killChildren() {
  for (const child of children) {
    child.kill("SIGKILL");
  }
}

/**
 * @param {import("node:child_process").ChildProcess} child
 * @returns {Promise<number>} the exit code; 1 for a process that was killed
 */
function exitCodeOf(child) {
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/**
 * Runs a tool that has to succeed; what it printed is only shown where it does not.
 * @param {string} command
 * @param {string[]} args
 * @param {string} directory
 */
async function mustSucceed(command, args, directory) {
  const child = spawnChild(command, args, {
    cwd: directory,
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text) => (output += text));
  }
  const code = await exitCodeOf(child);
  if (code !== 0) {
    throw new Error(`${command} ${args.join(" ")} in ${directory} failed:\n${output}`);
  }
}

module.exports = { exitCodeOf, killChildren, mustSucceed, spawnChild };
