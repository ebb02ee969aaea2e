// @ts-check
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { buildBaseline } = require("./baseline");
const { EmulatorProcess } = require("./emulator-process");
const { measureLoad } = require("./emulator-load");
const { PulumiStack } = require("./pulumi-stack");

/**
 * @typedef {import("./report").Measurement} Measurement
 * @typedef {import("./report").Measurements} Measurements
 * @typedef {import("./pulumi-stack").Operation} Operation
 */

const ours = "cockpit-databases";
const others = {
  floor: "components",
  idle: "idle-provider",
  tutorial: "tutorial-databases",
  bare: "other-plugin-databases",
  peer: "other-plugin-databases",
  plugin: "plugin-databases",
};
/** Named after their binaries, and built when they are measured: the sources are not plugins. */
const builtPlugins = path.join(__dirname, "..", ".bench", "plugins");
const operations = /** @type {const} */ (["up", "preview", "refresh", "destroy"]);
const latencyMs = 5;

/** @param {{ method: string, path: string }[]} requests */
function countRequests(requests) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const { method, path: route } of requests) {
    const kind = route.includes("/auth/") ? "login" : method;
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

/**
 * Gone afterwards. Within the repository, as a user's program lies beside its packages: the state of each resource holds
 * their paths, seen from the program.
 */
const benchFolder = path.join(__dirname, "..", ".bench");

/** All that is measured, one at a time in a clone. */
class Bench {
  /** @type {PulumiStack | undefined} */
  #stack;
  /** @type {number[]} */
  startSeconds = [];
  isInterrupted = false;
  /** @type {string | undefined} its folder */
  #baseline;
  #programs = Object.entries(others);

  /** @param {import("../toolchain/engine").Engine} engine */
  constructor(engine) {
    this.engine = engine;
    // What a killed one has left.
    this.close();
    fs.mkdirSync(benchFolder);
    fs.writeFileSync(path.join(benchFolder, ".gitignore"), "*\n");
  }

  interrupt() {
    this.isInterrupted = true;
    this.#stack?.interrupt();
  }

  /**
   * Builds the plugin that somebody else would write in Go. Where there is no Go it is not measured.
   * @param {(message: string) => void} log
   */
  buildPeer(log) {
    const sources = path.join(__dirname, "..", "tests", "judges", "go");
    const binary = path.join(builtPlugins, "pulumi-resource-peer");
    log("building the plugin in Go (minutes at the first time)");
    const { status, error } = spawnSync("go", ["build", "-C", sources, "-o", binary, "./peer"], {
      env: { ...process.env, GOFLAGS: "-mod=readonly", GOWORK: "off" },
      stdio: ["ignore", "inherit", "inherit"],
    });
    if (status !== 0) {
      log(
        `the plugin in Go is left out: ${error ? error.message : `go build ended with exit code ${status}`}`,
      );
      this.#programs = Object.entries(others).filter(([name]) => name !== "peer");
    }
  }

  /** Builds another revision, to be measured beside this one. */
  buildBaseline(/** @type {string} */ revision) {
    const folder = path.join(benchFolder, "baseline");
    fs.mkdirSync(folder);
    buildBaseline(folder, revision);
    this.#baseline = folder;
  }

  /**
   * One run of each program, in turn, so that a machine's changing mood meets all of them; this revision right after the other one.
   * @param {number} count of databases
   * @param {(message: string) => void} log
   */
  async runPrograms(count, log) {
    /** @type {Record<string, Measurement>} */
    const measured = {};
    for (const [name, program] of this.#programs) {
      measured[name] = await this.#measure({ name, program, count }, log);
    }
    if (this.#baseline !== undefined) {
      const folder = this.#baseline;
      measured.baseline = await this.#measure({ name: "baseline", program: ours, count, folder }, log);
    }
    measured.ours = await this.#measure({ name: "ours", program: ours, count }, log);
    return measured;
  }

  load() {
    return this.#withEmulator((emulator) => measureLoad(emulator));
  }

  close() {
    fs.rmSync(benchFolder, { recursive: true, force: true });
  }

  /**
   * @param {{ name: string, program: string, count: number, folder?: string }} what
   * @param {(message: string) => void} log
   * @returns {Promise<Measurement>}
   */
  #measure({ name, program, count, folder: within }, log) {
    return this.#withEmulator(async (emulator, folder) => {
      await emulator.delay(latencyMs);
      const { engine } = this;
      const stack = await PulumiStack.create({
        engine,
        emulator,
        folder,
        program,
        count,
        plugin: name,
        plugins: builtPlugins,
      });
      this.#stack = stack;
      /** @type {Measurement["operations"]} */
      const measured = /** @type {any} */ ({});
      let state = { bytes: 0, providerText: /** @type {number | undefined} */ (undefined) };
      for (const operation of operations) {
        this.#stopIfInterrupted();
        await emulator.takeRequests();
        const { seconds, provider } = await stack.run(operation);
        measured[operation] = { seconds, provider, requests: countRequests(await emulator.takeRequests()) };
        if (operation === "up") {
          state = describeState(stack);
        }
        log(`${name}: ${operation} ${seconds.toFixed(1)} s`);
      }
      return {
        operations: measured,
        stateBytes: state.bytes / count,
        providerText: state.providerText,
      };
    }, within);
  }

  /**
   * Each time a new one: what was deleted before would be in the way, and cost.
   * @template Result
   * @param {(emulator: EmulatorProcess, folder: string) => Promise<Result>} action
   * @param {string} [within] the folder whose package the program finds
   * @returns {Promise<Result>}
   */
  async #withEmulator(action, within = benchFolder) {
    this.#stopIfInterrupted();
    const folder = fs.mkdtempSync(path.join(within, "run-"));
    const emulator = await EmulatorProcess.start(path.join(folder, "cockpit"));
    this.startSeconds.push(emulator.startSeconds);
    try {
      return await action(emulator, folder);
    } finally {
      await emulator.stop();
    }
  }

  #stopIfInterrupted() {
    if (this.isInterrupted) {
      throw new Error("interrupted");
    }
  }
}

/** @param {PulumiStack} stack */
function describeState(stack) {
  const { bytes, resources } = stack.state();
  const lengths = resources.flatMap(({ inputs }) => inputs?.__provider?.length ?? []);
  return { bytes, providerText: lengths.length === 0 ? undefined : Math.max(...lengths) };
}

module.exports = { Bench, latencyMs };
