// @ts-check
"use strict";

const fs = require("node:fs");

/** @param {string} file */
function readIfThere(file) {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** @param {string} pid */
function parentOf(pid) {
  const stat = readIfThere(`/proc/${pid}/stat`);
  return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[1] ?? "0";
}

/** @param {string} pid @param {string} ancestor */
function descendsFrom(pid, ancestor) {
  for (let at = pid; Number(at) > 1; at = parentOf(at)) {
    if (at === ancestor) return true;
  }
  return false;
}

/** How the command line of the SDK's host of dynamic providers goes on; its starter only asks where that script is. */
const hostScript = /dynamic-provider[\\/]index\.js\0/;

/** @param {string} engine */
function findProvider(engine) {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => hostScript.test(readIfThere(`/proc/${pid}/cmdline`)) && descendsFrom(pid, engine));
}

/**
 * Watches how much memory the dynamic provider of an engine takes at most. Only Linux tells.
 * @param {number} engine its process number
 * @returns {() => number | undefined} ends the watch and tells the bytes
 */
function watchProviderMemory(engine) {
  if (process.platform !== "linux") return () => undefined;
  /** @type {string | undefined} */
  let provider;
  /** @type {number | undefined} */
  let peak;
  const sample = () => {
    provider ??= findProvider(String(engine));
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readIfThere(`/proc/${provider}/status`)) ?? [];
    if (kilobytes !== undefined) peak = Number(kilobytes) * 1024;
  };
  const timer = setInterval(sample, 200);
  return () => {
    clearInterval(timer);
    return peak;
  };
}

module.exports = { watchProviderMemory };
