// @ts-check
/**
 * `npm run bench [-- --n 500 --runs 3 --baseline REV]`: how long the engine takes for many databases of ours, and for ten, beside as
 * many bare components, a dynamic provider that does nothing, and tutorial-style dynamic resources; with a baseline also beside the
 * provider of another revision, in turn. With `--tools` it measures what people look at instead: summary and page. It reports, and
 * fails on no figure.
 */
"use strict";

const os = require("node:os");
const { parseArgs } = require("node:util");
const { Bench, latencyMs } = require("./run");
const { reportTools } = require("./tools");
const { reportPlugin, reportPrograms, reportTargets } = require("./report");
const { lockClone } = require("../scripts/lock-clone");
const { main, prepare } = require("../scripts/prepare");
const { endWithLauncher } = require("../scripts/started");

const usage =
  "npm run bench -- [--n COUNT, 200 by default] [--runs COUNT, 1 by default] [--baseline REVISION, built in a temporary folder and measured side by side] | npm run bench -- --tools";
/** Most stacks are small: there, starting is what costs. */
const few = 10;

/** @param {string[]} args */
function readArguments(args) {
  const options = /** @type {const} */ ({
    n: { type: "string", default: "200" },
    runs: { type: "string", default: "1" },
    baseline: { type: "string" },
    tools: { type: "boolean", default: false },
    help: { type: "boolean", short: "h", default: false },
  });
  try {
    const { values } = parseArgs({ args, options });
    const [count, runs] = [values.n, values.runs].map((text) => {
      if (!/^[1-9]\d{0,4}$/.test(text)) {
        throw new Error(`${text} is not a count.`);
      }
      return Number(text);
    });
    return {
      count: Number(count),
      runs: Number(runs),
      baseline: values.baseline,
      tools: values.tools,
      help: values.help,
    };
  } catch (error) {
    throw new Error(`${error instanceof Error ? error.message : error}\n${usage}`);
  }
}

/** @param {string[]} args */
async function bench(args) {
  const { count, runs, baseline, tools, help } = readArguments(args);
  if (help) {
    return console.log(usage);
  }
  if (tools) {
    await prepare();
    return console.log(await reportTools());
  }

  const { engine } = await prepare({ engine: true });
  endWithLauncher();
  await lockClone("bench", () => measure(new Bench(engine), { count, runs, baseline }));
}

/**
 * @param {Bench} session
 * @param {{ count: number, runs: number, baseline: string | undefined }} options
 */
async function measure(session, { count, runs, baseline }) {
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
    process.on(signal, () => session.interrupt());
  }
  try {
    if (baseline !== undefined) {
      session.buildBaseline(baseline);
    }
    session.buildPeer(console.error);
    console.error("measuring the emulator");
    const load = await session.load();
    const machine = `${os.availableParallelism()} cores, Node ${process.version}, Pulumi v${session.engine.version}`;
    const tables = [];
    for (const size of [...new Set([few, count])].sort((one, other) => one - other)) {
      /** @type {import("./report").Measurements} */
      const measurements = {};
      for (let run = 1; run <= runs; run++) {
        const measured = await session.runPrograms(size, (message) =>
          console.error(`${size} databases, run ${run} of ${runs}: ${message}`),
        );
        for (const [name, one] of Object.entries(measured)) {
          (measurements[name] ??= []).push(one);
        }
      }
      tables.push(
        `${size} databases of one solution, Cockpit ${latencyMs} ms away, ${runs === 1 ? "one run" : `median of ${runs} runs`} (${machine})`,
        reportPrograms(measurements, baseline),
        reportPlugin(measurements, size === few ? "few" : "many"),
      );
      if (size === count) {
        tables.push(reportTargets(measurements, { startSeconds: session.startSeconds, load }));
      }
    }
    console.log(`\n${tables.join("\n\n")}`);
  } catch (error) {
    if (!session.isInterrupted) {
      throw error;
    }
    console.error("Interrupted; nothing is left behind.");
    process.exitCode = 130;
  } finally {
    session.close();
  }
}

main(() => bench(process.argv.slice(2)));
