// @ts-check
"use strict";

const { spawn, spawnSync } = require("node:child_process");

const windows = process.platform === "win32";

/**
 * @typedef {object} CommandOptions
 * @property {NodeJS.ProcessEnv} environment
 * @property {string} [directory]
 * @property {number} [within] seconds the whole command may take
 * @property {number} [silentFor] seconds it may print nothing
 * @property {(line: string) => void} [onLine] called with each line of both outputs
 */

/**
 * @typedef {object} CommandResult
 * @property {number} code the exit code; 1 for a command that was killed or could not be started
 * @property {string} stdout
 * @property {string} stderr also says why the command was killed or could not be started
 */

/** @param {import("node:child_process").ChildProcess} child with everything that it started */
function killTree(child) {
  if (child.pid === undefined) {
    return;
  }
  if (windows) {
    spawnSync("taskkill", ["/pid", String(child.pid), "/t", "/f"], { stdio: "ignore" });
    return;
  }
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // It ended by itself in the meantime.
  }
}

/**
 * Runs a command, in a process group of its own so that all of it can be killed, and collects its output.
 * @param {string} command
 * @param {string[]} args
 * @param {CommandOptions} options
 * @returns {Promise<CommandResult>}
 */
function runCommand(command, args, { environment, directory, within, silentFor, onLine }) {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: directory,
      env: environment,
      detached: !windows,
      shell: windows && command.endsWith(".cmd"),
      stdio: ["ignore", "pipe", "pipe"],
      windowsHide: true,
    });
    const output = { stdout: "", stderr: "" };

    const interrupt = () => {
      killTree(child);
      process.exit(130);
    };
    process.once("SIGINT", interrupt).once("SIGTERM", interrupt);

    /** @param {number} seconds @param {string} reason */
    const limit = (seconds, reason) =>
      setTimeout(() => {
        killTree(child);
        output.stderr += `\n${reason} for ${seconds} s`;
      }, seconds * 1000);
    const total = within === undefined ? undefined : limit(within, "not finished");
    const silence = silentFor === undefined ? undefined : limit(silentFor, "no answer");

    for (const name of /** @type {const} */ (["stdout", "stderr"])) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (/** @type {string} */ text) => {
        silence?.refresh();
        output[name] += text;
        if (onLine === undefined) {
          return;
        }
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        lines.forEach(onLine);
      });
    }

    /** @param {number} code */
    const finish = (code) => {
      clearTimeout(total);
      clearTimeout(silence);
      process.off("SIGINT", interrupt).off("SIGTERM", interrupt);
      resolve({ code, ...output });
    };
    child.on("error", (error) => {
      output.stderr += error.message;
      finish(1);
    });
    child.on("close", (code) => finish(code ?? 1));
  });
}

module.exports = { runCommand };
