// @ts-check
/**
 * `npm run demo [-- up | open | preview | destroy | any other pulumi command]`: the engine's own commands on
 * examples/petra against the emulator. What they keep is in .demo/, so that later ones go on from there.
 */
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { emulatorKeptUp, keepUp, startOwnEmulator } = require("./emulator");
const { openStack } = require("./leftovers");
const { Session, folder, removeEverything } = require("./session");
const { bold, printTable, section, shellQuoted } = require("./style");
const { lockClone } = require("../lock-clone");
const { main, prepare } = require("../prepare");
const { endWithLauncher } = require("../started");

const usage = `npm run demo -- [COMMAND]

  up         creates or updates the example on an emulator; what happens without a command
  open       keeps the emulator up, and its page, while other commands go on beside it
  preview    shows what up would do, e.g. npm run demo -- preview --diff
  destroy    takes everything away
  …          any other pulumi command, e.g. npm run demo -- stack output`;

/** @param {Session} session */
async function up(session, /** @type {string[]} */ args) {
  section("Making what the program in examples/petra declares");
  const code = await session.show(["up", "--yes", "--skip-preview", "--suppress-outputs", ...args]);
  if (code !== 0) {
    return code;
  }

  section("Looking for differences between the program and what is there");
  const differences = await session.show(["preview", "--expect-no-changes", "--suppress-outputs"]);
  if (differences !== 0) {
    return differences;
  }
  console.log("No changes: everything is as the program says.");

  section("What there is now");
  await printResources(session);
  section("How to go on");
  console.log(`The program is examples/petra/index.ts. Change it as you like, or change a name without editing:

  npm run demo -- config set invoicingName "Petra Billing"
  npm run demo -- preview --diff
  npm run demo -- up

To see what protects the data of patients, move a database to another cluster in the program and preview.
To see all of it on a page: ${pageOf(session)}
To take everything away: npm run demo -- destroy`);
  return 0;
}

/** @param {Session} session */
const pageOf = ({ emulator: { keptUp, url } }) => (keptUp ? url : "npm run demo -- open");

/** @param {Session} session */
async function printResources(session) {
  const { resources } = await session.state();
  const rows = resources
    .map(({ urn, type, id, outputs: { name = "", servers = [], solutionId } }) => ({
      // A solution comes before its databases, and what belongs to neither after them.
      order: `${servers.length === 0 ? 1 : 0} ${solutionId === undefined ? id : `${solutionId} ${name}`}`,
      cells: [urn.replace(/.*::/, ""), type.replace(/.*:/, ""), name, servers.join(", "), id],
    }))
    .sort((one, other) => one.order.localeCompare(other.order));
  printTable([["RESOURCE", "KIND", "NAME", "CLUSTER", "ID"], ...rows.map(({ cells }) => cells)]);

  section("What the app needs, under the names that Cockpit prints");
  /** @type {Record<string, unknown>} */
  const outputs = JSON.parse(await session.ask(["stack", "output", "--json"]));
  const variables = Object.entries(outputs).filter(([name]) => /^[A-Z_]+$/.test(name));
  printTable([["VARIABLE", "VALUE"], ...variables.map(([name, value]) => [name, String(value)])]);
}

/** @param {Session} session */
async function preview(session, /** @type {string[]} */ args) {
  section("What up would do");
  const code = await session.show(["preview", ...args]);
  if (code === 0) {
    console.log("Nothing was changed. To do it: npm run demo -- up");
  }
  return code;
}

/** @param {Session} session */
async function destroy(session, /** @type {string[]} */ args) {
  section("Taking everything away");
  console.log(`Solutions and databases are protected (deletionProtection, on by default): a plain pulumi destroy is refused.
As Cockpit's own dialog asks, the name of each is typed back. A refusal shows each with a code, which holds for this change only.
`);
  const command = ["destroy", "--yes", "--skip-preview", ...args];
  /** @type {Set<string>} */
  const typed = new Set();
  // What the engine comes to only after something else is gone is refused, and shown, in a later run.
  for (;;) {
    const confirmation = typed.size === 0 ? {} : { COCKPIT_CONFIRM_DELETE: JSON.stringify([...typed]) };
    const { code, output } = await session.attempt(command, confirmation);
    const shown = toTypeBack(output).filter((name) => !typed.has(name));
    if (code === 0 || shown.length === 0) {
      console.log(output);
      return code;
    }
    for (const name of shown) {
      typed.add(name);
    }
    const value = shellQuoted(JSON.stringify([...typed]));
    console.log(`$ COCKPIT_CONFIRM_DELETE=${value} pulumi ${command.join(" ")}\n`);
  }
}

/**
 * The names with their codes, as refusals show them: one as it is, or several as a JSON array.
 * @param {string} output
 * @returns {string[]}
 */
function toTypeBack(output) {
  const values = output.match(/(?<=COCKPIT_CONFIRM_DELETE=)('[^']*'|[^\s']+)/g) ?? [];
  return values
    .map((value) => value.replace(/^'|'$/g, ""))
    .flatMap((value) => (value.startsWith("[") ? JSON.parse(value) : [value]))
    .filter((value) => /@\w+$/.test(value));
}

/**
 * @param {Session} session
 * @param {string} command
 * @param {string[]} args
 */
async function run(session, command, args) {
  await openStack(session);
  const known = new Map(Object.entries({ up, preview, destroy }));
  return known.get(command)?.(session, args) ?? session.show([command, ...args]);
}

/** @param {string[]} argumentsGiven */
async function demo([command = "up", ...args]) {
  if (["help", "--help", "-h"].includes(command)) {
    return console.log(usage);
  }
  if (command === "destroy" && !fs.existsSync(folder)) {
    return console.log("There is nothing to take away. To begin: npm run demo");
  }

  console.log(
    bold("Petra Corp's two products on an embedded Cockpit. Everything is kept in .demo/ until the end."),
  );
  const { engine } = await prepare({ engine: true });
  endWithLauncher();
  const opens = command === "open";
  const emulator = await lockClone("demo", async () => {
    const isNew = !fs.existsSync(folder);
    if (isNew) {
      removeEverything();
    }
    fs.mkdirSync(path.join(folder, "state"), { recursive: true });
    const other = await emulatorKeptUp();
    if (opens && other !== undefined) {
      return void console.log(`It is open already, at ${other.url}`);
    }
    const emulator = other ?? (await startOwnEmulator(opens));
    if (opens && !isNew) {
      return emulator;
    }
    await runOn(engine, emulator, opens ? "up" : command, args);
    if (opens && process.exitCode === 0) {
      return emulator;
    }
    return void (await emulator.close());
  });
  if (emulator !== undefined) {
    await keepUp(emulator);
  }
}

/**
 * @param {import("../../toolchain/engine").Engine} engine
 * @param {import("./session").Emulator} emulator
 * @param {string} command
 * @param {string[]} args
 */
async function runOn(engine, emulator, command, args) {
  const session = new Session(engine, emulator);
  try {
    process.exitCode = await run(session, command, args);
  } catch (error) {
    await emulator.close();
    if (session.interruptedBy === undefined) {
      throw error;
    }
  }
  if (session.interruptedBy !== undefined) {
    process.exitCode = 130;
    console.error(`\nInterrupted. What was done so far is kept; to go on: npm run demo -- ${command}`);
  } else if (process.exitCode !== 0) {
    console.error(`\npulumi ended with exit code ${process.exitCode}: what it printed above says why.`);
  } else if (command === "destroy") {
    if (emulator.keptUp) {
      return console.log("\nEverything is gone. The emulator stays up until it is ended.");
    }
    await emulator.close();
    removeEverything();
    console.log("\nEverything is gone, .demo/ too.");
  }
}

main(() => demo(process.argv.slice(2)));
