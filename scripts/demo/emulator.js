// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { root } = require("../install");
const { bold } = require("./style");
const { folder } = require("./session");

/** Says where the emulator is that `npm run demo -- open` keeps up, so that the other commands work on it. */
const openFile = path.join(folder, "open.json");
/** Where it is when nobody else is there, so that a page that was left open finds it again. */
const port = 4950;

/** @returns {Promise<import("./session").Emulator | undefined>} the one that another command keeps up */
async function emulatorKeptUp() {
  if (!fs.existsSync(openFile)) {
    return undefined;
  }
  const { pid, ...emulator } = JSON.parse(fs.readFileSync(openFile, "utf8"));
  try {
    process.kill(pid, 0);
    await fetch(emulator.url, { method: "HEAD" });
    return { ...emulator, keptUp: true, close: () => Promise.resolve() };
  } catch {
    fs.rmSync(openFile, { force: true });
    return undefined;
  }
}

/**
 * @param {boolean} hasPage whether somebody is to look at its page
 * @returns {Promise<import("./session").Emulator>}
 */
async function startOwnEmulator(hasPage) {
  const emulatorModule = path.join(root, "dist", "emulator");
  /** @type {typeof import("../../emulator")} */
  const { startEmulator } = require(emulatorModule);
  const data = path.join(folder, "cockpit");
  const emulator = hasPage
    ? await startEmulator({ data, port }).catch(() => startEmulator({ data }))
    : await startEmulator({ data });
  const { url, gatewayUrl, username, password, environmentId } = emulator;
  return {
    ...{ url, gatewayUrl, username, password, environmentId },
    keptUp: hasPage,
    close: () => emulator.close(),
  };
}

/**
 * Keeps the emulator up, for its page and for the demo's other commands, until it is interrupted.
 * @param {import("./session").Emulator} emulator
 */
async function keepUp({ close, keptUp, ...login }) {
  void keptUp;
  fs.writeFileSync(openFile, JSON.stringify({ ...login, pid: process.pid }), { mode: 0o600 });
  console.log(`
Open ${bold(login.url)} in a browser: it shows what Cockpit has, the messages it sent and each request, as they come.
In another terminal, npm run demo -- up, preview, destroy and the others work on it. To end it: Ctrl+C`);
  const idle = setInterval(() => {}, 60_000);
  await new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) {
      process.once(signal, resolve);
    }
  });
  clearInterval(idle);
  fs.rmSync(openFile, { force: true });
  await close();
}

module.exports = { emulatorKeptUp, keepUp, startOwnEmulator };
