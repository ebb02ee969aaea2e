// @ts-check
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const minNodeVersion = [20, 18, 1];

/**
 * @typedef {{ version?: string, integrity?: string, link?: boolean, optional?: boolean, peer?: boolean }} LockedPackage
 */

function checkNode() {
  const parts = process.versions.node.split(".").map(Number);
  const different = minNodeVersion.findIndex((part, index) => parts[index] !== part);
  if (different === -1 || Number(parts[different]) > Number(minNodeVersion[different])) {
    return;
  }
  throw new Error(`Node.js ${minNodeVersion.join(".")} or newer is needed; this is ${process.version}.`);
}

/**
 * @param {string} file
 * @returns {Record<string, LockedPackage>}
 */
function lockedPackages(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")).packages : {};
}

/** Whether node_modules holds what package-lock.json asks for; npm keeps a list of what it installed there. */
function isInstalled() {
  const wanted = lockedPackages(path.join(root, "package-lock.json"));
  const installed = lockedPackages(path.join(root, "node_modules", ".package-lock.json"));
  return Object.entries(wanted).every(([location, { version, integrity, optional }]) => {
    if (location === "") {
      return true;
    }
    const found = installed[location];
    if (found === undefined) {
      return optional === true;
    }
    return found.version === version && (integrity === undefined || found.integrity === integrity);
  });
}

/**
 * @param {string} command
 * @param {string[]} args
 * @returns {Promise<number>} the exit code
 */
function runHere(command, args) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      // The standard output belongs to the command that is being prepared.
      stdio: ["ignore", 2, 2],
      shell: process.platform === "win32" && !path.isAbsolute(command),
    });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** @param {(message: string) => void} log */
async function installDependencies(log) {
  if (isInstalled()) {
    return;
  }
  log("installing the dependencies (npm ci)");
  const started = Date.now();
  const progress = setInterval(
    () => log(`still installing the dependencies, ${Math.round((Date.now() - started) / 1000)} s so far`),
    10_000,
  );
  try {
    const code = await runHere("npm", ["ci", "--no-fund", "--no-audit", "--loglevel=error"]);
    if (code !== 0) {
      throw new Error(`npm ci ended with exit code ${code}: what it printed above says why.`);
    }
  } finally {
    clearInterval(progress);
  }
}

module.exports = { checkNode, installDependencies, root, runHere };
