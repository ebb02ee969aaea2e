// @ts-check
/**
 * `npm run bench [-- --n 500 --runs 3]`: how long the engine takes for many databases of ours, beside as many bare components and
 * as many tutorial-style dynamic resources. It reports, and fails on no figure.
 */
"use strict";

const os = require("node:os");
const { parseArgs } = require("node:util");
const { Bench, latencyMs } = require("../bench/run");
const { report } = require("../bench/report");
const { lockClone } = require("./lock-clone");
const { main, prepare } = require("./prepare");

const usage = "npm run bench -- [--n COUNT, 200 by default] [--runs COUNT, 1 by default]";

/** @param {string[]} args */
function readArguments(args) {
  const options = /** @type {const} */ ({
    n: { type: "string", default: "200" },
    runs: { type: "string", default: "1" },
    help: { type: "boolean", short: "h", default: false },
  });
  try {
    const { values } = parseArgs({ args, options });
    const [count, runs] = [values.n, values.runs].map((text) => {
      if (!/^[1-9]\d{0,4}$/.test(text)) throw new Error(`${text} is not a count.`);
      return Number(text);
    });
    return { count: Number(count), runs: Number(runs), help: values.help };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** @param {string[]} args */
async function bench(args) {
  const { count, runs, help } = readArguments(args);
  if (help) return console.log(usage);

  const { engine } = await prepare({ engine: true });
  await lockClone("bench", () => measure(engine, count, runs));
}

/**
 * @param {import("../toolchain/engine").Engine} engine
 * @param {number} count
 * @param {number} runs
 */
async function measure(engine, count, runs) {
  const session = new Bench(engine, count);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => session.interrupt());
  try {
    console.error("measuring the emulator");
    const load = await session.load();
    /** @type {import("../bench/report").Measurements} */
    const measurements = { floor: [], tutorial: [], ours: [] };
    for (let run = 1; run <= runs; run++) {
      const { floor, tutorial, ours } = await session.runPrograms((message) =>
        console.error(`run ${run} of ${runs}: ${message}`),
      );
      measurements.floor.push(floor);
      measurements.tutorial.push(tutorial);
      measurements.ours.push(ours);
    }
    const machine = `${os.availableParallelism()} cores, Node ${process.version}, Pulumi v${engine.version}`;
    console.log(
      `\n${count} databases of one solution, Cockpit ${latencyMs} ms away, ${runs === 1 ? "one run" : `median of ${runs} runs`} (${machine})\n`,
    );
    console.log(report(measurements, { startSeconds: session.startSeconds, load }));
  } catch (error) {
    if (!session.isInterrupted) throw error;
    console.error("Interrupted; nothing is left behind.");
    process.exitCode = 130;
  } finally {
    session.close();
  }
}

main(() => bench(process.argv.slice(2)));
