// @ts-check
"use strict";

const { fork } = require("node:child_process");
const { once } = require("node:events");
const fs = require("node:fs");
const path = require("node:path");

const command = path.join(__dirname, "..", "dist", "emulator", "command.js");
const maxSecondsToStart = 30;

/** The processor time of a process in seconds, or undefined where the system does not tell. */
function processorSeconds(/** @type {number | string | undefined} */ pid) {
  try {
    const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const ticksPerSecond = 100;
    return (Number(fields[11]) + Number(fields[12])) / ticksPerSecond;
  } catch {
    return undefined;
  }
}

/** The emulator as its users start it, in a process of its own. */
class EmulatorProcess {
  /**
   * @param {import("node:child_process").ChildProcess} child
   * @param {string} welcome
   * @param {number} startSeconds
   */
  constructor(child, welcome, startSeconds) {
    this.child = child;
    this.startSeconds = startSeconds;
    const variable = (/** @type {string} */ name) =>
      new RegExp(`export ${name}=(\\S+)`).exec(welcome)?.[1] ?? "";
    this.url = variable("COCKPIT_URL");
    this.username = variable("COCKPIT_USERNAME");
    this.password = variable("COCKPIT_PASSWORD");
  }

  /** @param {string} data */
  static async start(data) {
    const started = process.hrtime.bigint();
    const child = fork(command, ["--port", "0", "--data", data], {
      execArgv: ["--require", path.join(__dirname, "exit-with-parent.js")],
      stdio: ["ignore", "pipe", "inherit", "ipc"],
      // A terminal's ^C is for the bench, which stops this once nobody needs it.
      detached: process.platform !== "win32",
    });
    const limit = setTimeout(() => child.kill("SIGKILL"), maxSecondsToStart * 1000);
    let welcome = "";
    for await (const text of child.stdout?.setEncoding("utf8") ?? []) {
      welcome += text;
      if (/^ready$/m.test(welcome)) {
        break;
      }
    }
    clearTimeout(limit);
    if (!/^ready$/m.test(welcome)) {
      throw new Error(`The emulator did not start: ${welcome}`);
    }
    const emulator = new EmulatorProcess(child, welcome, Number(process.hrtime.bigint() - started) / 1e9);
    await emulator.#logIn();
    return emulator;
  }

  /** The first login makes the key that signs tokens: by chance up to a second, which is no real Cockpit's. */
  async #logIn() {
    const { username, password } = this;
    const response = await fetch(`${this.url}/rest/v2/auth/login`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    if (!response.ok) {
      throw new Error(`The login was refused: ${response.status} ${await response.text()}`);
    }
  }

  processorSeconds() {
    return processorSeconds(this.child.pid);
  }

  /** @param {number} delayMs before each answer */
  async delay(delayMs) {
    await this.#steer("POST", "faults", { action: { delayMs } });
  }

  /** @returns {Promise<{ method: string, path: string }[]>} the requests since this was last asked */
  async takeRequests() {
    const requests = await (await this.#steer("GET", "requests")).json();
    await this.#steer("DELETE", "requests");
    return /** @type {{ method: string, path: string }[]} */ (requests);
  }

  async stop() {
    const isGone = this.child.exitCode !== null || this.child.signalCode !== null;
    if (isGone) {
      return;
    }
    // Its data are thrown away: nothing needs to be tidied up.
    this.child.kill("SIGKILL");
    await once(this.child, "exit");
  }

  /**
   * @param {string} method
   * @param {string} route
   * @param {unknown} [body]
   */
  async #steer(method, route, body) {
    const response = await fetch(`${this.url}/emulator/v1/${route}`, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) {
      throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
    }
    return response;
  }
}

module.exports = { EmulatorProcess, processorSeconds };
