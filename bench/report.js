// @ts-check
"use strict";

const { aligned } = require("../scripts/align-table");

/**
 * @typedef {import("./pulumi-stack").Operation} Operation
 * @typedef {Record<string, number>} Requests by method; `login` apart
 * @typedef {object} Measurement of one program in one run
 * @property {Record<Operation, { seconds: number, requests: Requests }>} operations
 * @property {number} stateBytes of each resource
 * @property {number | undefined} providerText how long the longest is
 * @property {number | undefined} providerBytes at the peak
 * @typedef {{ floor: Measurement[], tutorial: Measurement[], ours: Measurement[] }} Measurements
 * @typedef {object} EmulatorFigures
 * @property {number[]} startSeconds
 * @property {Awaited<ReturnType<typeof import("./emulator-load").measureLoad>>} load
 */

const operations = /** @type {const} */ (["up", "preview", "refresh", "destroy"]);
const labels = { floor: "components (the floor)", tutorial: "tutorial-style", ours: "pulumi-cockpit" };
const programs = /** @type {const} */ (["floor", "tutorial", "ours"]);

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
const whole = (value) => (value === undefined ? "n/a" : Math.round(value).toLocaleString("en"));

/** @param {Requests} requests */
const total = (requests) =>
  Object.entries(requests).reduce((sum, [name, count]) => (name === "login" ? sum : sum + count), 0);

/** @param {Requests} requests */
const described = (requests) =>
  Object.entries(requests)
    .map(([name, count]) => `${count} ${name}`)
    .join(", ") || "none";

/** @param {Measurements} measurements */
function reportPrograms(measurements) {
  /** @param {typeof programs[number]} program @param {Operation} operation */
  const time = (program, operation) =>
    median(measurements[program].map((run) => run.operations[operation].seconds));
  /** @param {typeof programs[number]} program @param {Operation} operation the run that needed most */
  const requests = (program, operation) =>
    measurements[program]
      .map((run) => run.operations[operation].requests)
      .reduce((most, other) => (total(other) > total(most) ? other : most));
  /** @param {typeof programs[number]} program @param {Operation} operation */
  const ratio = (program, operation) => time(program, operation) / time("floor", operation);
  /** @param {typeof programs[number]} program @param {"stateBytes" | "providerText" | "providerBytes"} figure */
  const largest = (program, figure) => {
    const values = measurements[program].map((run) => run[figure]).filter((value) => value !== undefined);
    return values.length === 0 ? undefined : Math.max(...values);
  };

  const timeTable = aligned([
    ["", ...operations, "state each", "__provider", "provider's peak"],
    ...programs.map((program) => [
      labels[program],
      ...operations.map((operation) =>
        program === "floor"
          ? seconds(time(program, operation))
          : `${seconds(time(program, operation))} (${times(ratio(program, operation))})`,
      ),
      kilobytes(largest(program, "stateBytes") ?? 0),
      ...(program === "floor"
        ? ["–", "–"]
        : [`${largest(program, "providerText")} bytes`, megabytes(largest(program, "providerBytes"))]),
    ]),
  ]);
  const requestTable = aligned([
    ["requests", ...operations],
    ...programs
      .filter((program) => program !== "floor")
      .map((program) => [
        labels[program],
        ...operations.map((operation) => described(requests(program, operation))),
      ]),
  ]);
  const refreshBeyond = time("ours", "refresh") - time("floor", "refresh");
  const targets = [
    ["up", times(ratio("ours", "up")), "at most 1.8× the floor"],
    ["preview without a change", times(ratio("ours", "preview")), "at most 1.6× the floor"],
    ["  its requests beyond login", String(total(requests("ours", "preview"))), "none"],
    ["refresh beyond the floor's", seconds(refreshBeyond), "at most 3 s"],
    ["  its requests beyond login", String(total(requests("ours", "refresh"))), "at most 10"],
    ["destroy", times(ratio("ours", "destroy")), "at most 2.4× the floor"],
    ["state of each database", kilobytes(largest("ours", "stateBytes") ?? 0), "at most 1.8 KB"],
    ["__provider", `${largest("ours", "providerText")} bytes`, "at most 100 bytes"],
    ["peak of the provider process", megabytes(largest("ours", "providerBytes")), "at most 200 MB"],
  ];
  return { timeTable, requestTable, targets };
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

/**
 * @param {Measurements} measurements
 * @param {EmulatorFigures} emulator
 */
function report(measurements, emulator) {
  const { timeTable, requestTable, targets } = reportPrograms(measurements);
  const targetTable = aligned([
    ["pulumi-cockpit", "measured", "target (500 databases, median of 3 quiet runs)"],
    ...targets,
    ...emulatorTargets(emulator),
  ]);
  return [timeTable, requestTable, targetTable].join("\n\n");
}

module.exports = { report };
