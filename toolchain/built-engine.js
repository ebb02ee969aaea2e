// @ts-check
"use strict";

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { cacheFolder } = require("./cache");
const { findIn, findOnPath } = require("./find-executable");
const { withLock } = require("./lock");
const { isAtLeast } = require("./official-engine");
const { runCommand } = require("./run-command");

const moduleFolder = path.join(__dirname, "pulumi");
/** The engine, the YAML language host and what generates SDKs, as Go names them. */
const commands = [
  "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
  "github.com/pulumi/pulumi-yaml/cmd/pulumi-language-yaml",
  "./generate-sdk",
];
const versionVariable = "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version";

/** How many packages a first build compiles, more or less: for the progress line only. */
const packagesInAll = 1700;

/**
 * @typedef {import("./engine").Log} Log
 * @typedef {import("./engine").Found} Found
 * @typedef {import("./engine").NotFound} NotFound
 */

const goMod = fs.readFileSync(path.join(moduleFolder, "go.mod"), "utf8");
const goSum = fs.readFileSync(path.join(moduleFolder, "go.sum"), "utf8");
const ownSource = fs.readFileSync(path.join(moduleFolder, "generate-sdk", "main.go"), "utf8");

/** @param {RegExp} pattern */
function fromGoMod(pattern) {
  const value = pattern.exec(goMod)?.[1];
  if (value === undefined) {
    throw new Error(`toolchain/pulumi/go.mod has no ${pattern}`);
  }
  return value;
}

/** The version of the engine that this repository pins, and the Go that it wants. */
const pinnedVersion = fromGoMod(/github\.com\/pulumi\/pulumi\/pkg\/v3 v(\S+)/);
const minGoVersion = fromGoMod(/^go (\S+)/m);

/** @param {NodeJS.ProcessEnv} environment */
function builtFolder(environment) {
  const key = createHash("sha256").update(goMod).update(goSum).update(ownSource).digest("hex").slice(0, 8);
  const name = `${pinnedVersion}-${process.platform}-${process.arch}-${key}`;
  return path.join(cacheFolder(environment), "engine", name);
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {NodeJS.ProcessEnv}
 */
function goEnvironment(environment) {
  return { ...environment, GOFLAGS: "-mod=readonly", GOWORK: "off", GOOS: "", GOARCH: "" };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @returns {Promise<{ go: string } | NotFound>}
 */
async function findGo(environment) {
  const wanted = `building the engine needs Go ${minGoVersion} or newer`;
  const go = findOnPath("go", environment);
  if (go === undefined) {
    return { reason: `Go is not installed (${wanted})` };
  }
  const { code, stdout, stderr } = await runCommand(go, ["env", "GOVERSION"], {
    environment: goEnvironment(environment),
    directory: moduleFolder,
  });
  if (code !== 0) {
    return { reason: `${wanted}; ${go} says: ${stderr.trim()}` };
  }
  const version = stdout.trim().replace(/^go/, "");
  if (!isAtLeast(version, minGoVersion)) {
    return { reason: `${wanted}; ${go} is ${version}` };
  }
  return { go };
}

/** @param {string} stderr of a build that failed */
function explain(stderr) {
  const tail = stderr.trim().split("\n").slice(-5).join("\n");
  if (/no space left on device|disk quota/i.test(stderr)) {
    return `the disk is full (a first build takes about 3 GB in Go's own caches):\n${tail}`;
  }
  if (
    /dial tcp|i\/o timeout|no such host|connection refused|module lookup disabled|proxyconnect/i.test(stderr)
  ) {
    return `the Go modules could not be fetched (is GOPROXY right?):\n${tail}`;
  }
  return `go build failed:\n${tail}`;
}

/** @param {number} started */
function timeSince(started) {
  const seconds = Math.round((Date.now() - started) / 1000);
  return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/**
 * @param {{ go: string, target: string, environment: NodeJS.ProcessEnv, log: Log }} options
 * @returns {Promise<NotFound | undefined>}
 */
async function build({ go, target, environment, log }) {
  const partial = `${target}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  fs.mkdirSync(partial, { recursive: true });

  log(`building the Pulumi engine v${pinnedVersion} from its Go modules, once per machine: 3 to 6 minutes`);
  const started = Date.now();
  const done = { modules: 0, packages: 0 };
  const progress = setInterval(() => {
    const state =
      done.packages === 0
        ? `${done.modules} modules fetched`
        : `${done.packages} of about ${packagesInAll} packages`;
    log(`still building the Pulumi engine: ${state}, ${timeSince(started)}`);
  }, 10_000);
  const flags = ["-trimpath", "-buildvcs=false", "-ldflags", `-s -w -X ${versionVariable}=v${pinnedVersion}`];
  const result = await runCommand(go, ["build", "-v", ...flags, "-o", `${partial}${path.sep}`, ...commands], {
    environment: goEnvironment(environment),
    directory: moduleFolder,
    onLine: (line) => {
      if (line.startsWith("go: ")) {
        done.modules += 1;
      } else {
        done.packages += 1;
      }
    },
  });
  clearInterval(progress);

  if (result.code !== 0) {
    fs.rmSync(partial, { recursive: true, force: true });
    return { reason: explain(result.stderr) };
  }
  fs.renameSync(partial, target);
  log(`built the Pulumi engine in ${timeSince(started)}`);
  return undefined;
}

/** @param {NodeJS.ProcessEnv} environment */
function isBuilt(environment) {
  return findIn("pulumi", [builtFolder(environment)]) !== undefined;
}

/**
 * The engine built from the official Go modules, for machines that reach only package registries.
 * @param {{ environment: NodeJS.ProcessEnv, log: Log }} options
 * @returns {Promise<Found | NotFound>}
 */
async function builtEngine({ environment, log }) {
  const target = builtFolder(environment);
  if (!isBuilt(environment)) {
    const go = await findGo(environment);
    if ("reason" in go) {
      return go;
    }
    const failure = await withLock(`${target}.lock`, log, async () =>
      isBuilt(environment) ? undefined : build({ ...go, target, environment, log }),
    );
    if (failure !== undefined) {
      return failure;
    }
  }
  const pulumi = findIn("pulumi", [target]);
  if (pulumi === undefined) {
    return { reason: `${target} holds no pulumi` };
  }
  return { pulumi, source: "built", version: pinnedVersion };
}

module.exports = { builtEngine, builtFolder, findGo, isBuilt, pinnedVersion };
