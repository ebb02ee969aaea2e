// @ts-check
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { root } = require("../install");
const { pulumiEnvironment } = require("../pulumi-environment");
const { shellQuoted } = require("./style");

/**
 * @typedef {Pick<import("../../emulator").Emulator, "url" | "gatewayUrl" | "username" | "password" | "environmentId" | "close"> & { keptUp: boolean }} Emulator
 * @typedef {{ urn: string, type: string, id: string, outputs: { name?: string, solutionId?: string, servers?: string[] } }} Resource
 * @typedef {{ resources: Resource[], pendingOperations: number }} State only what is ours
 */

/** All that the demo keeps, except for what `pulumi config` writes beside the program, as it does for everybody. */
const folder = path.join(root, ".demo");
const project = path.join(root, "examples", "petra");
const stack = "demo";
const stackConfig = path.join(project, `Pulumi.${stack}.yaml`);
/** Holds the process number of the engine while it runs, and after a kill. */
const engineFile = path.join(folder, "engine.pid");

/** What holds for one run is the user's to say, here as anywhere. */
const runVariables = ["COCKPIT_ADOPT", "COCKPIT_CONFIRM_DELETE"];

/** The example's stack on an emulator, both kept in `folder`, and the engine's commands on it. */
class Session {
  /** @type {import("node:child_process").ChildProcess | undefined} */
  #running;
  #lastInterruption = 0;
  /** @type {NodeJS.Signals | undefined} */
  interruptedBy;

  /**
   * @param {import("../../toolchain/engine").Engine} engine
   * @param {Emulator} emulator
   */
  constructor(engine, emulator) {
    this.command = engine.pulumi;
    this.emulator = emulator;
    this.environment = {
      ...pulumiEnvironment(engine, { folder, cockpit: emulator }),
      ...Object.fromEntries(runVariables.map((name) => [name, process.env[name]])),
    };
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
      process.on(signal, () => this.#interrupt(signal));
    }
  }

  /**
   * The engine finishes what it has begun while the emulator stays up; at a second interruption it stops at
   * once. npm passes on the signal that the terminal has sent to us too: both count as one.
   * @param {NodeJS.Signals} signal
   */
  #interrupt(signal) {
    if (Date.now() - this.#lastInterruption < 500) {
      return;
    }
    this.#lastInterruption = Date.now();
    this.interruptedBy ??= signal;
    this.#running?.kill("SIGINT");
  }

  /**
   * Runs `pulumi` for the user to watch.
   * @param {string[]} args
   * @param {Record<string, string>} [variables]
   * @returns {Promise<number>} the exit code
   */
  async show(args, variables = {}) {
    const settings = Object.entries(variables).map(([name, value]) => `${name}=${shellQuoted(value)} `);
    console.log(`$ ${settings.join("")}pulumi ${args.map(shellQuoted).join(" ")}\n`);
    return (await this.#run(args, variables, "inherit")).code;
  }

  /**
   * Runs `pulumi` for its output; a failure ends the demo.
   * @param {string[]} args
   */
  async ask(args) {
    const { code, output } = await this.#run(args, {}, "pipe");
    if (code !== 0) {
      throw new Error(`pulumi ${args.join(" ")} failed:\n${output.trim()}`);
    }
    return output;
  }

  /**
   * Runs `pulumi` for its output, whether it fails or not.
   * @param {string[]} args
   * @param {Record<string, string>} variables
   */
  attempt(args, variables) {
    return this.#run(args, variables, "pipe");
  }

  /** @returns {Promise<State>} */
  async state() {
    const { deployment } = JSON.parse(await this.ask(["stack", "export"]));
    const { resources = [], pending_operations: pending } = deployment ?? {};
    return {
      resources: /** @type {Resource[]} */ (resources).filter(({ type }) =>
        type.startsWith("pulumi-nodejs:cockpit:"),
      ),
      pendingOperations: pending?.length ?? 0,
    };
  }

  /** Solutions and databases that Cockpit has now. */
  async liveGroups() {
    const { url, environmentId } = this.emulator;
    const answer = await fetch(`${url}/emulator/v1/groups`);
    /** @type {{ id: string, name: string, deletionDate?: number }[]} */
    const groups = JSON.parse(await answer.text());
    return groups.filter(({ id, deletionDate }) => deletionDate === undefined && id !== environmentId);
  }

  /**
   * @param {string[]} args
   * @param {Record<string, string>} variables
   * @param {"inherit" | "pipe"} output
   * @returns {Promise<{ code: number, output: string }>}
   */
  #run(args, variables, output) {
    if (this.interruptedBy !== undefined) {
      return Promise.resolve({ code: 130, output: "" });
    }
    return new Promise((resolve, reject) => {
      const child = spawn(this.command, args, {
        cwd: project,
        env: { ...this.environment, ...variables },
        stdio: ["ignore", output, output],
        // In a process group of its own, so that an interruption reaches it once, and from here.
        detached: process.platform !== "win32",
        windowsHide: true,
      });
      this.#running = child;
      fs.writeFileSync(engineFile, String(child.pid));
      let text = "";
      child.stdout?.on("data", (data) => (text += data));
      child.stderr?.on("data", (data) => (text += data));
      child.on("error", reject);
      child.on("close", (code, signal) => {
        this.#running = undefined;
        fs.rmSync(engineFile, { force: true });
        resolve({ code: code ?? 128 + (signal === null ? 0 : os.constants.signals[signal]), output: text });
      });
    });
  }
}

/** Leaves nothing of the demo. */
function removeEverything() {
  fs.rmSync(folder, { recursive: true, force: true });
  fs.rmSync(stackConfig, { force: true });
}

module.exports = { Session, engineFile, folder, removeEverything, stack };
