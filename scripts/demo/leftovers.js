// @ts-check
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { engineFile, folder, stack } = require("./session");

/** @param {string} pid */
function commandOf(pid) {
  const file = `/proc/${pid}/cmdline`;
  if (fs.existsSync(file)) {
    return fs.readFileSync(file, "utf8");
  }
  return spawnSync("ps", ["-p", pid, "-o", "command="], { encoding: "utf8" }).stdout ?? "";
}

/** An engine outlives a demo that is killed. There is one demo at a time here, so what still runs is a leftover. */
function stopEngine() {
  if (!fs.existsSync(engineFile)) {
    return;
  }
  const pid = fs.readFileSync(engineFile, "utf8");
  if (pid !== "" && commandOf(pid).includes("pulumi")) {
    process.kill(Number(pid), "SIGKILL");
  }
}

function isLocked() {
  const locks = path.join(folder, "state", ".pulumi", "locks");
  return (
    fs.existsSync(locks) &&
    fs.readdirSync(locks, { recursive: true }).some((file) => /\.json$/.test(String(file)))
  );
}

/**
 * Makes the stack if it is not there, and puts in order what an interrupted run has left of it.
 * @param {import("./session").Session} session
 */
async function openStack(session) {
  stopEngine();
  await session.ask(["stack", "select", "--create", stack]);
  if (isLocked()) {
    console.log("An earlier run was killed and has left the stack locked: unlocking it (pulumi cancel).");
    await session.ask(["cancel", "--yes"]);
  }
  let { resources, pendingOperations } = await session.state();
  const live = await session.liveGroups();
  const isGone = (/** @type {import("./session").Resource} */ { type, id }) =>
    /:(Solution|Database)$/.test(type) && !live.some((group) => group.id === id);
  if (pendingOperations > 0 || resources.some(isGone)) {
    console.log("An earlier run did not end what it had begun: looking what came of it (pulumi refresh).");
    await session.ask(["refresh", "--yes", "--skip-preview", "--clear-pending-creates"]);
    ({ resources } = await session.state());
  }
  const known = new Set(resources.map(({ id }) => id));
  const unknown = live.filter(({ id }) => !known.has(id));
  if (unknown.length === 0) {
    return;
  }
  console.log(
    `An earlier run made what the state does not know: ${unknown.map(({ name }) => name).join(", ")}.\n` +
      "Nothing is made twice, and nothing is taken over unasked: COCKPIT_ADOPT, with their ids, allows it for this run.",
  );
  session.environment.COCKPIT_ADOPT = JSON.stringify(unknown.map(({ id }) => id));
}

module.exports = { openStack };
