// @ts-check
"use strict";

const fs = require("node:fs");
const { processorSeconds } = require("./emulator-process");

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
    if (at === ancestor) {
      return true;
    }
  }
  return false;
}

/** How the command line of the SDK's host of dynamic providers goes on, whose starter only asks where that script is, or that of a plugin. */
const hostScript = /(dynamic-provider[\\/]index\.js|plugins[\\/]pulumi-resource-(cockpit|bare|peer))\0/;

/** @param {string} engine */
function findProvider(engine) {
  return fs
    .readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .find((pid) => hostScript.test(readIfThere(`/proc/${pid}/cmdline`)) && descendsFrom(pid, engine));
}

/**
 * Watches what the dynamic provider or the plugin of an engine takes: its memory at most, and its processor time, which says more than the clock
 * of a busy machine. Only Linux tells.
 * @param {number} engine its process number
 * @returns {() => { bytes?: number, seconds?: number }} ends the watch and tells
 */
function watchProvider(engine) {
  if (process.platform !== "linux") {
    return () => ({});
  }
  /** @type {string | undefined} */
  let provider;
  /** @type {{ bytes?: number, seconds?: number }} */
  let usage = {};
  const sample = () => {
    provider ??= findProvider(String(engine));
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(readIfThere(`/proc/${provider}/status`)) ?? [];
    const seconds = processorSeconds(provider);
    if (kilobytes !== undefined && seconds !== undefined) {
      usage = { bytes: Number(kilobytes) * 1024, seconds };
    }
  };
  const timer = setInterval(sample, 50);
  return () => {
    clearInterval(timer);
    return usage;
  };
}

module.exports = { watchProvider };
