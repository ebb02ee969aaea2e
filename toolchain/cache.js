// @ts-check
"use strict";

const os = require("node:os");
const path = require("node:path");

/** @param {NodeJS.ProcessEnv} environment */
function homeFolder(environment) {
  return environment.HOME || os.homedir();
}

/**
 * What is kept per machine, whichever clone of the repository made it.
 * @param {NodeJS.ProcessEnv} environment
 */
function cacheFolder(environment) {
  return (
    environment.PULUMI_COCKPIT_CACHE ||
    path.join(environment.XDG_CACHE_HOME || path.join(homeFolder(environment), ".cache"), "pulumi-cockpit")
  );
}

module.exports = { cacheFolder, homeFolder };
