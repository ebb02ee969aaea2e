// @ts-check
"use strict";

const { aligned } = require("../scripts/align-table");

/**
 * @typedef {import("./pulumi-stack").Operation} Operation
 * @typedef {Record<string, number>} Requests by method; `login` apart
 * @typedef {object} Measurement of one program in one run
 * @property {Record<Operation, { seconds: number, requests: Requests, provider: { bytes?: number, seconds?: number } }>} operations
 * @property {number} stateBytes of each resource
 * @property {number | undefined} providerText how long the longest is
 * @typedef {Record<string, Measurement[]>} Measurements by program, in the order of the runs
 * @typedef {object} EmulatorFigures
 * @property {number[]} startSeconds
 * @property {Awaited<ReturnType<typeof import("./emulator-load").measureLoad>>} load
 */

const operations = /** @type {const} */ (["up", "preview", "refresh", "destroy"]);
/** @type {Record<string, string>} */
const labels = {
  floor: "components (the floor)",
  idle: "a dynamic provider that does nothing",
  tutorial: "tutorial-style",
  ours: "pulumi-cockpit",
  bare: "a plugin that only answers and posts",
  peer: "a plugin in Go by pulumi-go-provider",
  plugin: "pulumi-cockpit as a plugin",
};

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((one, other) => one - other);
  const middle = sorted.length / 2;
  const pair = Number.isInteger(middle) ? sorted.slice(middle - 1, middle + 1) : [sorted[Math.floor(middle)]];
  return pair.reduce((/** @type {number} */ sum, value) => sum + Number(value), 0) / pair.length;
}

/** @param {number} value */
const seconds = (value) => `${value.toFixed(value < 1 ? 2 : 1)} s`;
/** @param {number} value */
const times = (value) => `${value.toFixed(2)}×`;
/** @param {number | undefined} value */
const megabytes = (value) => (value === undefined ? "n/a" : `${Math.round(value / 1e6)} MB`);
/** @param {number} value */
const kilobytes = (value) => `${(value / 1000).toFixed(2)} KB`;
/** @param {number | undefined} value */
const bytes = (value) => (value === undefined ? "–" : `${value} bytes`);
/** @param {number | undefined} value */
const whole = (value) => (value === undefined ? "n/a" : Math.round(value).toLocaleString("en"));

/** @param {Requests} requests */
const total = (requests) =>
  Object.entries(requests).reduce((sum, [name, count]) => (name === "login" ? sum : sum + count), 0);

/** @param {Requests} requests */
const described = (requests) =>
  Object.entries(requests)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

/** @param {Measurement} run */
const peak = ({ operations: measured }) =>
  largest(operations.map((operation) => measured[operation].provider.bytes));

/** @param {(number | undefined)[]} values */
function largest(values) {
  const known = values.filter((value) => value !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
}

/** What is asked of the runs of one program. */
class Runs {
  /** @param {Measurement[]} runs @param {Measurement[]} floor */
  constructor(runs, floor) {
    this.runs = runs;
    this.floor = floor;
  }

  /** @param {Operation} operation */
  time(operation) {
    return median(this.runs.map((run) => run.operations[operation].seconds));
  }

  /** @param {Operation} operation */
  ratio(operation) {
    return this.time(operation) / new Runs(this.floor, this.floor).time(operation);
  }

  /** @param {Operation} operation */
  providerSeconds(operation) {
    return median(this.runs.map((run) => run.operations[operation].provider.seconds ?? NaN));
  }

  /** Of the run that needed most. @param {Operation} operation */
  requests(operation) {
    return this.runs
      .map((run) => run.operations[operation].requests)
      .reduce((most, other) => (total(other) > total(most) ? other : most));
  }

  peak() {
    return largest(this.runs.map(peak));
  }

  /** @param {"stateBytes" | "providerText"} figure */
  largest(figure) {
    return largest(this.runs.map((run) => run[figure]));
  }
}

/**
 * @param {Measurements} measurements
 * @param {string} [revision] the baseline's
 */
function reportPrograms(measurements, revision) {
  const { floor = [], ...others } = measurements;
  const label = (/** @type {string} */ name) => labels[name] ?? `pulumi-cockpit at ${revision}`;
  const programs = Object.entries(others).map(([name, runs]) => ({
    label: label(name),
    of: new Runs(runs, floor),
  }));
  const bare = new Runs(floor, floor);
  const timeTable = aligned([
    ["", ...operations, "state each", "__provider", "provider's peak"],
    [
      label("floor"),
      ...operations.map((operation) => seconds(bare.time(operation))),
      kilobytes(bare.largest("stateBytes") ?? 0),
      "–",
      "–",
    ],
    ...programs.map(({ label, of }) => [
      label,
      ...operations.map((operation) => `${seconds(of.time(operation))} (${times(of.ratio(operation))})`),
      kilobytes(of.largest("stateBytes") ?? 0),
      bytes(of.largest("providerText")),
      megabytes(of.peak()),
    ]),
  ]);
  const processorTable = aligned([
    ["processor time of the provider", ...operations],
    ...programs.map(({ label, of }) => [
      label,
      ...operations.map((operation) =>
        Number.isNaN(of.providerSeconds(operation)) ? "n/a" : seconds(of.providerSeconds(operation)),
      ),
    ]),
  ]);
  const requestTable = aligned([
    ["requests", ...operations],
    ...programs.map(({ label, of }) => [
      label,
      ...operations.map((operation) => described(of.requests(operation))),
    ]),
  ]);
  return [
    timeTable,
    processorTable,
    requestTable,
    ...(measurements.baseline ? [comparison(measurements, revision)] : []),
  ].join("\n\n");
}

/**
 * Each run is compared with the baseline's of the same round; the median of these ratios.
 * @param {Measurements} measurements
 * @param {string} [revision]
 */
function comparison({ ours = [], baseline = [] }, revision) {
  const ratio = (/** @type {(run: Measurement) => number | undefined} */ figure) => {
    const ratios = ours.map(
      (run, round) => Number(figure(run)) / Number(baseline[round] && figure(baseline[round])),
    );
    return ratios.some(Number.isNaN) ? "n/a" : times(median(ratios));
  };
  return aligned([
    [`pulumi-cockpit against ${revision}`, ...operations],
    ["time", ...operations.map((operation) => ratio((run) => run.operations[operation].seconds))],
    [
      "processor time of the provider",
      ...operations.map((operation) => ratio((run) => run.operations[operation].provider.seconds)),
    ],
    [
      "memory of the provider",
      ...operations.map((operation) => ratio((run) => run.operations[operation].provider.bytes)),
    ],
  ]);
}

/**
 * What was promised for many databases.
 * @param {Measurements} measurements
 * @param {EmulatorFigures} emulator
 */
function reportTargets({ ours = [], floor = [] }, emulator) {
  const of = new Runs(ours, floor);
  const refreshBeyond = of.time("refresh") - new Runs(floor, floor).time("refresh");
  return aligned([
    ["pulumi-cockpit", "measured", "target (500 databases, median of 3 quiet runs)"],
    ["up", times(of.ratio("up")), "at most 1.8× the floor"],
    ["preview without a change", times(of.ratio("preview")), "at most 1.6× the floor"],
    ["  its requests beyond login", String(total(of.requests("preview"))), "none"],
    ["refresh beyond the floor's", seconds(refreshBeyond), "at most 3 s"],
    ["  its requests beyond login", String(total(of.requests("refresh"))), "at most 10"],
    ["destroy", times(of.ratio("destroy")), "at most 2.4× the floor"],
    ["state of each database", kilobytes(of.largest("stateBytes") ?? 0), "at most 1.8 KB"],
    ["__provider", bytes(of.largest("providerText")), "at most 100 bytes"],
    ["peak of the provider process", megabytes(of.peak()), "at most 200 MB"],
    ...emulatorTargets(emulator),
  ]);
}

/** Of the dynamic form's time in the same run, at most; few databases and many. */
const pluginTargets = {
  few: { up: 0.6, preview: 0.75, refresh: 0.5, destroy: 0.52 },
  many: { up: 0.97, preview: 0.8, refresh: 0.75, destroy: 0.88 },
};

/**
 * What was promised of the plugin, beside the dynamic form in the same runs.
 * @param {Measurements} measurements
 * @param {"few" | "many"} size
 */
function reportPlugin({ ours = [], plugin = [], peer }, size) {
  const [dynamic, of] = [new Runs(ours, ours), new Runs(plugin, plugin)];
  const memory = Number(of.peak()) / Number(dynamic.peak());
  return aligned([
    ["pulumi-cockpit as a plugin", "of the dynamic form", "target"],
    ...operations.map((operation) => [
      operation,
      times(of.time(operation) / dynamic.time(operation)),
      `at most ${times(pluginTargets[size][operation])}`,
    ]),
    ["requests of a refresh", String(total(of.requests("refresh"))), "at most 10"],
    ["requests of a preview", String(total(of.requests("preview"))), "none"],
    ["state of each database", kilobytes(of.largest("stateBytes") ?? 0), "at most 1.4 KB"],
    [
      "peak of the provider process",
      Number.isNaN(memory) ? "n/a" : `${times(memory)}, ${megabytes(of.peak())}`,
      "at most 0.50× (500 databases), and 100 MB",
    ],
    ...(peer && size === "many" ? besidePeer(of, new Runs(peer, peer)) : []),
  ]);
}

/** @param {Runs} of @param {Runs} peer */
function besidePeer(of, peer) {
  const beside = (/** @type {Operation} */ operation) => times(of.time(operation) / peer.time(operation));
  return [
    ["up, of the plugin in Go", beside("up"), "at most 1.00×"],
    ["refresh, of the plugin in Go", beside("refresh"), "at most 0.50×"],
    ["  requests of that one", String(total(peer.requests("refresh"))), "–"],
    ["destroy, of the plugin in Go", beside("destroy"), "at most 1.00×"],
  ];
}

/** @param {EmulatorFigures} figures */
function emulatorTargets({ startSeconds, load: { reads, creations } }) {
  /** @param {typeof reads} rate */
  const perSecond = ({ perSecond, perProcessorSecond }) =>
    `${whole(perSecond)}/s, ${whole(perProcessorSecond)} per second of processor time`;
  return [
    ["emulator: start of the command", seconds(median(startSeconds)), "under 0.5 s"],
    ["  reads", perSecond(reads), "1,000/s on one core"],
    ["  creations", perSecond(creations), "–"],
  ];
}

module.exports = { reportPlugin, reportPrograms, reportTargets };
