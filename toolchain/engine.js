// @ts-check
/**
 * Gets a real Pulumi engine on any machine: the one that is installed, else the official download, else a
 * build from the official Go modules.
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { builtEngine, findGo, isBuilt, pinnedVersion } = require("./built-engine");
const { findIn, pathFolders, pathVariable } = require("./find-executable");
const { engineOnPath, officialEngine, oldestVersion } = require("./official-engine");

/**
 * @typedef {(message: string) => void} Log
 * @typedef {{ pulumi: string, source: "path" | "official" | "built", version: string }} Found
 * @typedef {{ reason: string }} NotFound
 * @typedef {Found & { env: Record<string, string> }} Engine `env` is what a process that runs `pulumi` needs on top
 */

const languageHost = path.join(__dirname, "language-host");
const sdk = path.join(__dirname, "..", "node_modules", "@pulumi", "pulumi");

/** What stands in for the executables that the official CLI brings along, and the folder of each. */
const companions = { "pulumi-language-nodejs": languageHost, "pulumi-resource-pulumi-nodejs": sdk };

/** The same host serves these under their names, where the engine was built and so brings none. */
const otherLanguages = ["pulumi-language-python", "pulumi-language-go"];

/**
 * Beside the engine is where it looks without a warning.
 * @param {string} name
 * @param {string} from the file
 * @param {string} to the folder
 */
function placeBeside(name, from, to) {
  for (const ending of ["", ".cmd"]) {
    const [source, target] = [`${from}${ending}`, path.join(to, `${name}${ending}`)];
    if (!fs.existsSync(source)) {
      continue;
    }
    const text = fs.readFileSync(source, "utf8");
    if (fs.existsSync(target) && fs.readFileSync(target, "utf8") === text) {
      continue;
    }
    const partial = `${target}.${process.pid}`;
    fs.writeFileSync(partial, text, { mode: 0o755 });
    fs.renameSync(partial, target);
  }
}

/**
 * @param {Found} engine
 * @param {NodeJS.ProcessEnv} environment
 * @param {Log} log
 * @returns {Engine}
 */
function withCompanions(engine, environment, log) {
  const home = path.dirname(engine.pulumi);
  const searchPath = pathVariable(environment);
  if (engine.source === "built") {
    for (const [name, folder] of Object.entries(companions)) {
      placeBeside(name, path.join(folder, name), home);
    }
    for (const name of otherLanguages) {
      placeBeside(name, path.join(languageHost, "pulumi-language-nodejs"), home);
    }
  }

  const folders = engine.source === "path" ? pathFolders(environment) : [home, ...pathFolders(environment)];
  const looksIn = [home, path.dirname(fs.realpathSync(engine.pulumi)), ...folders];
  for (const [name, folder] of Object.entries(companions)) {
    if (findIn(name, looksIn) !== undefined) {
      continue;
    }
    const file = path.join(folder, name);
    if (fs.existsSync(file)) {
      fs.chmodSync(file, 0o755);
    }
    folders.push(folder);
    log(`${engine.pulumi} has no ${name} beside it or on PATH: using this repository's`);
  }
  return {
    ...engine,
    env: {
      [searchPath]: folders.join(path.delimiter),
      ...(engine.source === "built" ? { COCKPIT_LANGUAGE_HOST: path.join(languageHost, "server.js") } : {}),
    },
  };
}

const labels = {
  path: "the one on PATH",
  official: "the official download",
  built: "built from the official Go modules",
};

/**
 * @param {{ log?: Log, environment?: NodeJS.ProcessEnv }} [options]
 * @returns {Promise<Engine>}
 */
async function prepareEngine({ log = console.error, environment = process.env } = {}) {
  const ways = [
    () => engineOnPath({ environment, log }),
    async () => {
      const otherWay = isBuilt(environment) || !("reason" in (await findGo(environment)));
      return officialEngine({ version: pinnedVersion, environment, log, otherWay });
    },
    () => builtEngine({ environment, log }),
  ];
  const reasons = [];
  for (const way of ways) {
    const result = await way();
    if ("pulumi" in result) {
      log(`Pulumi engine: v${result.version}, ${labels[result.source]} (${result.pulumi})`);
      return withCompanions(result, environment, log);
    }
    reasons.push(result.reason);
  }
  throw new Error(
    [
      "There is no Pulumi engine on this machine, and none could be had:",
      ...reasons.map((reason) => `  - ${reason.replaceAll("\n", "\n    ")}`),
      `Install the Pulumi CLI, v${oldestVersion} or newer (https://www.pulumi.com/docs/install/), and run this again.`,
    ].join("\n"),
  );
}

module.exports = { prepareEngine };

if (require.main === module) {
  prepareEngine().then(
    (engine) => console.log(JSON.stringify(engine)),
    (error) => {
      console.error(error.message);
      process.exitCode = 1;
    },
  );
}
