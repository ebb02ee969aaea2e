// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { EmulatorProcess } = require("./emulator-process");
const { measureLoad } = require("./emulator-load");
const { PulumiStack } = require("./pulumi-stack");

/**
 * @typedef {import("./report").Measurement} Measurement
 * @typedef {import("./report").Measurements} Measurements
 * @typedef {import("./pulumi-stack").Operation} Operation
 */

const programs = /** @type {const} */ ({
  floor: "components",
  tutorial: "tutorial-databases",
  ours: "cockpit-databases",
});
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

  /**
   * @param {import("../toolchain/engine").Engine} engine
   * @param {number} count of databases
   */
  constructor(engine, count) {
    this.engine = engine;
    this.count = count;
    // What a killed one has left.
    this.close();
    fs.mkdirSync(benchFolder);
    fs.writeFileSync(path.join(benchFolder, ".gitignore"), "*\n");
  }

  interrupt() {
    this.isInterrupted = true;
    this.#stack?.interrupt();
  }

  /** One run of each program, in turn, so that a machine's changing mood meets all of them. */
  async runPrograms(/** @type {(message: string) => void} */ log) {
    /** @type {[string, Measurement][]} */
    const measured = [];
    for (const [name, program] of Object.entries(programs)) {
      measured.push([name, await this.#measure(program, log)]);
    }
    return /** @type {Record<keyof typeof programs, Measurement>} */ (Object.fromEntries(measured));
  }

  load() {
    return this.#withEmulator((emulator) => measureLoad(emulator));
  }

  close() {
    fs.rmSync(benchFolder, { recursive: true, force: true });
  }

  /**
   * @param {string} program
   * @param {(message: string) => void} log
   * @returns {Promise<Measurement>}
   */
  #measure(program, log) {
    return this.#withEmulator(async (emulator, folder) => {
      await emulator.delay(latencyMs);
      const { engine, count } = this;
      const stack = await PulumiStack.create({ engine, emulator, folder, program, count });
      this.#stack = stack;
      /** @type {Measurement["operations"]} */
      const measured = /** @type {any} */ ({});
      let [state, peak] = [{ bytes: 0, providerText: /** @type {number | undefined} */ (undefined) }, 0];
      for (const operation of operations) {
        this.#stopIfInterrupted();
        await emulator.takeRequests();
        const { seconds, providerBytes = 0 } = await stack.run(operation);
        measured[operation] = { seconds, requests: countRequests(await emulator.takeRequests()) };
        peak = Math.max(peak, providerBytes);
        if (operation === "up") state = describeState(stack);
        log(`${program}: ${operation} ${seconds.toFixed(1)} s`);
      }
      return {
        operations: measured,
        stateBytes: state.bytes / count,
        providerText: state.providerText,
        providerBytes: peak || undefined,
      };
    });
  }

  /**
   * Each time a new one: what was deleted before would be in the way, and cost.
   * @template Result
   * @param {(emulator: EmulatorProcess, folder: string) => Promise<Result>} action
   * @returns {Promise<Result>}
   */
  async #withEmulator(action) {
    this.#stopIfInterrupted();
    const folder = fs.mkdtempSync(path.join(benchFolder, "run-"));
    const emulator = await EmulatorProcess.start(path.join(folder, "cockpit"));
    this.startSeconds.push(emulator.startSeconds);
    try {
      return await action(emulator, folder);
    } finally {
      await emulator.stop();
    }
  }

  #stopIfInterrupted() {
    if (this.isInterrupted) throw new Error("interrupted");
  }
}

/** @param {PulumiStack} stack */
function describeState(stack) {
  const { bytes, resources } = stack.state();
  const lengths = resources.flatMap(({ inputs }) => inputs?.__provider?.length ?? []);
  return { bytes, providerText: lengths.length === 0 ? undefined : Math.max(...lengths) };
}

module.exports = { Bench, latencyMs };
