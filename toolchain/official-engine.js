// @ts-check
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { cacheFolder, homeFolder } = require("./cache");
const { findIn, findOnPath } = require("./find-executable");
const { runCommand } = require("./run-command");

/** The oldest CLI that this provider is made for. */
const minVersion = "3.216.0";

const hour = 60 * 60 * 1000;
const rememberFailure = 24 * hour;

/**
 * @typedef {import("./engine").Log} Log
 * @typedef {import("./engine").Found} Found
 * @typedef {import("./engine").NotFound} NotFound
 */

/** @param {string} version @param {string} floor */
function isAtLeast(version, floor) {
  const [have, want] = [version, floor].map((text) => text.split(/[.+-]/).slice(0, 3).map(Number));
  const different = want?.findIndex((part, index) => have?.[index] !== part) ?? -1;
  return different === -1 || Number(have?.[different]) > Number(want?.[different]);
}

/**
 * A `pulumi` that is installed already.
 * @param {{ environment: NodeJS.ProcessEnv, log: Log }} options
 * @returns {Promise<Found | NotFound>}
 */
async function engineOnPath({ environment, log }) {
  const pulumi = findOnPath("pulumi", environment);
  if (pulumi === undefined) {
    return { reason: "there is no pulumi on PATH" };
  }
  const { stdout } = await runCommand(pulumi, ["version"], {
    environment: { ...environment, PULUMI_SKIP_UPDATE_CHECK: "1" },
    within: 20,
  });
  const version = /^v?(\d+\.\d+\.\d+\S*)/m.exec(stdout)?.[1];
  if (version !== undefined && isAtLeast(version, minVersion)) {
    return { pulumi, source: "path", version };
  }
  const reason =
    version === undefined
      ? `${pulumi} does not tell its version`
      : `${pulumi} is too old: it is v${version}, the oldest that will do is v${minVersion}`;
  log(`not used: ${reason}`);
  return { reason };
}

/**
 * Where the official launcher (the npm package `pulumi`) puts a release.
 * @param {string} version
 * @param {NodeJS.ProcessEnv} environment
 */
function downloadedEngine(version, environment) {
  const home = environment.PULUMI_HOME || path.join(homeFolder(environment), ".pulumi");
  return findIn("pulumi", [path.join(home, "versions", version, "bin")]);
}

/**
 * What the file holds, if it was written not long ago.
 * @param {string} marker
 */
function recentFailure(marker) {
  if (!fs.existsSync(marker)) {
    return undefined;
  }
  const age = Date.now() - fs.statSync(marker).mtimeMs;
  return age < rememberFailure ? fs.readFileSync(marker, "utf8") : undefined;
}

/**
 * The official CLI by its own launcher, downloaded where it is not there yet. A download that failed is
 * remembered for a day when there is another way, so that commands do not wait for it each time.
 * @param {{ version: string, environment: NodeJS.ProcessEnv, log: Log, otherWay: boolean }} options
 * @returns {Promise<Found | NotFound>}
 */
async function officialEngine({ version, environment, log, otherWay }) {
  const there = downloadedEngine(version, environment);
  if (there !== undefined) {
    return { pulumi: there, source: "official", version };
  }

  const marker = path.join(cacheFolder(environment), "engine", `download-of-${version}-failed`);
  const failure = otherWay ? recentFailure(marker) : undefined;
  if (failure !== undefined) {
    return {
      reason: `the download of the CLI failed within the last day (${failure}); to retry: rm ${marker}`,
    };
  }

  const npx = findOnPath("npx", environment);
  if (npx === undefined) {
    return { reason: "the CLI cannot be downloaded without npx on PATH" };
  }
  log(`downloading the official Pulumi CLI v${version}`);
  const started = Date.now();
  const progress = setInterval(
    () => log(`still downloading the Pulumi CLI, ${Math.round((Date.now() - started) / 1000)} s so far`),
    10_000,
  );
  const result = await runCommand(npx, ["--yes", `pulumi@${version}`, "version"], {
    environment: { ...environment, PULUMI_VERSION: version, PULUMI_SKIP_UPDATE_CHECK: "1" },
    directory: os.tmpdir(),
    silentFor: 20,
    within: 600,
  });
  clearInterval(progress);

  const pulumi = downloadedEngine(version, environment);
  if (result.code === 0 && pulumi !== undefined) {
    fs.rmSync(marker, { force: true });
    return { pulumi, source: "official", version };
  }
  const lines = result.stderr
    .split("\n")
    .filter((line) => line.trim() !== "" && !line.startsWith("npm notice"));
  const reason = lines.at(-1) ?? `exit code ${result.code}`;
  fs.mkdirSync(path.dirname(marker), { recursive: true });
  fs.writeFileSync(marker, reason);
  log(`the download failed: ${reason}`);
  if (otherWay) {
    log(`it is not tried again for a day, unless you remove ${marker}`);
  }
  return { reason: `the download of the CLI failed: ${reason}` };
}

module.exports = { engineOnPath, isAtLeast, officialEngine, oldestVersion: minVersion };
