// @ts-check
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { pulumiEnvironment } = require("../scripts/pulumi-environment");
const { watchProvider } = require("./provider-usage");

/** @typedef {{ type: string, inputs?: { __provider?: string } }} StateResource */

const operations = /** @type {const} */ ({
  up: ["up", "--yes", "--skip-preview"],
  preview: ["preview"],
  refresh: ["refresh", "--yes", "--skip-preview"],
  destroy: ["destroy", "--yes", "--skip-preview"],
});
/** @typedef {keyof typeof operations} Operation */

const maxMinutes = 20;

/** A program with a stack of its own on a file backend. */
class PulumiStack {
  /** @param {string} folder @param {string} command @param {NodeJS.ProcessEnv} environment */
  constructor(folder, command, environment) {
    this.folder = folder;
    this.command = command;
    this.environment = environment;
    /** @type {import("node:child_process").ChildProcess | undefined} */
    this.running = undefined;
  }

  /**
   * @param {object} options
   * @param {import("../toolchain/engine").Engine} options.engine
   * @param {import("./emulator-process").EmulatorProcess} options.emulator
   * @param {string} options.folder an empty one
   * @param {string} options.program
   * @param {number} options.count
   * @param {string} options.plugin for a program of somebody else's plugin, which one
   * @param {string} options.plugins where further plugins are
   */
  static async create({ engine, emulator, folder, program, count, plugin, plugins }) {
    fs.mkdirSync(path.join(folder, "state"), { recursive: true });
    fs.writeFileSync(path.join(folder, "Pulumi.yaml"), "name: bench\nruntime: nodejs\nmain: index.js\n");
    fs.writeFileSync(path.join(folder, "package.json"), '{ "name": "bench", "main": "index.js" }\n');
    fs.copyFileSync(path.join(__dirname, "programs", `${program}.js`), path.join(folder, "index.js"));
    const environment = pulumiEnvironment(engine, { folder, cockpit: emulator });
    const stack = new PulumiStack(folder, engine.pulumi, {
      ...environment,
      PATH: [path.join(__dirname, "plugins"), plugins, environment.PATH].join(path.delimiter),
      BENCH_COUNT: String(count),
      BENCH_PLUGIN: plugin,
    });
    await stack.#pulumi(["stack", "init", "bench"]);
    return stack;
  }

  /**
   * @param {Operation} operation
   * @returns {Promise<{ seconds: number, provider: { bytes?: number, seconds?: number } }>}
   */
  run(operation) {
    return this.#pulumi([...operations[operation], "--stack", "bench"]);
  }

  /** What is running ends soon, and takes along what it has started. */
  interrupt() {
    const { running } = this;
    // At the second one it does not wait for what is under way.
    for (const delayMs of [0, 1000]) {
      setTimeout(() => running?.kill("SIGINT"), delayMs).unref();
    }
    setTimeout(() => running?.kill("SIGKILL"), 15_000).unref();
  }

  /** @returns {{ bytes: number, resources: StateResource[] }} */
  state() {
    const text = fs.readFileSync(
      path.join(this.folder, "state", ".pulumi", "stacks", "bench", "bench.json"),
      "utf8",
    );
    return { bytes: Buffer.byteLength(text), resources: JSON.parse(text).checkpoint.latest.resources };
  }

  /** @param {string[]} args */
  async #pulumi(args) {
    const started = process.hrtime.bigint();
    const child = spawn(this.command, [...args, "--non-interactive"], {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
      detached: process.platform !== "win32",
      windowsHide: true,
    });
    this.running = child;
    const limit = setTimeout(() => this.interrupt(), maxMinutes * 60_000);
    const provider = watchProvider(child.pid ?? 0);
    try {
      let output = "";
      child.stdout.on("data", (data) => (output += data));
      child.stderr.on("data", (data) => (output += data));
      const code = await new Promise((resolve, reject) => child.on("error", reject).on("close", resolve));
      const seconds = Number(process.hrtime.bigint() - started) / 1e9;
      if (code !== 0) {
        throw new Error(`pulumi ${args.join(" ")} failed:\n${output.slice(-4000)}`);
      }
      return { seconds, provider: provider() };
    } finally {
      provider();
      clearTimeout(limit);
      this.running = undefined;
    }
  }
}

module.exports = { PulumiStack };
