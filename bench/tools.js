// @ts-check
/**
 * `npm run bench -- --tools`: what people look at. The summary of a preview of many steps, and the emulator's page with many
 * databases in a real browser.
 */
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { performance } = require("node:perf_hooks");
const { root } = require("../scripts/prepare");

const steps = 1000;
const databases = 1000;
const solutions = 10;
const limits = { summarySeconds: 1, summaryMegabytes: 150, summaryCharacters: 64_000, pageSeconds: 1 };

/** A preview that creates, renames and deletes, as `pulumi preview --json` prints it. */
function preview() {
  const ops = ["create", "update", "delete"];
  return JSON.stringify({
    steps: Array.from({ length: steps }, (_, index) => {
      const op = ops[index % ops.length];
      const urn = `urn:pulumi:production::care::pulumi-nodejs:cockpit:Database::clinic-${index}`;
      const state = (/** @type {string} */ name) => ({
        urn,
        type: "pulumi-nodejs:cockpit:Database",
        id: `ic-clinic-${index}-7103aa64-d7d9-54e6-ba0d-67add265e168`,
        inputs: { name, solutionId: `ic-${index % solutions}` },
        outputs: { name, solutionId: `ic-${index % solutions}`, servers: ["europe-west-02"] },
      });
      return {
        op,
        urn,
        ...(op === "create" ? {} : { oldState: state(`Clinic ${index}`) }),
        ...(op === "delete" ? {} : { newState: state(`Clinic number ${index}`) }),
        ...(op === "update" ? { detailedDiff: { name: { kind: "update", inputDiff: true } } } : {}),
      };
    }),
    changeSummary: {},
  });
}

/** @returns {{ seconds: number, megabytes: number, characters: number }} of the command as its package has it */
function measureSummary() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cockpit-bench-summary-"));
  try {
    const [file, usage, hook] = ["preview.json", "usage.json", "hook.js"].map((name) =>
      path.join(folder, name),
    );
    fs.writeFileSync(String(file), preview());
    fs.writeFileSync(
      String(hook),
      `process.on("exit", () => require("fs").writeFileSync(${JSON.stringify(usage)}, String(process.resourceUsage().maxRSS)));`,
    );
    const command = path.join(root, "dist", "cli", "command.js");
    const started = performance.now();
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      ["--require", String(hook), command, "summary", String(file)],
      { encoding: "utf8", maxBuffer: 64_000_000 },
    );
    const seconds = (performance.now() - started) / 1000;
    // 20: records would be lost, as they would here.
    if (status !== 20) {
      throw new Error(`the summary ended with ${status}: ${stderr}`);
    }
    return {
      seconds,
      megabytes: Number(fs.readFileSync(String(usage), "utf8")) / 1024,
      characters: stdout.length,
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @returns {Promise<number | undefined>} seconds until the page shows the last database; nothing where no browser runs */
async function measurePage() {
  /** @type {typeof import("../emulator")} */
  const { startEmulator } = require(path.join(root, "dist", "emulator"));
  const { chromium } = require("playwright-core");
  const emulator = await startEmulator();
  try {
    const authorization = `Basic ${Buffer.from(`${emulator.username}:${emulator.password}`).toString("base64")}`;
    const make = async (/** @type {string} */ route) => {
      const { status } = await fetch(`${emulator.url}/rest/v2/${route}`, {
        method: "POST",
        headers: { authorization },
      });
      if (status !== 200) {
        throw new Error(`POST ${route}: ${status}`);
      }
    };
    for (let number = 0; number < solutions; number++) {
      await make(`group/ic-s${number}/application?name=Solution%20${number}`);
    }
    for (let number = 0; number < databases; number++) {
      await make(`group/ic-${number}/database?name=Clinic%20${number}&superGroup=ic-s${number % solutions}`);
    }
    const { default: packed } = await import("@sparticuz/chromium");
    const browser = await chromium
      .launch({ executablePath: await packed.executablePath(), args: ["--disable-gpu"] })
      .catch((/** @type {Error} */ error) => void console.error(`no browser runs here: ${error.message}`));
    if (!browser) {
      return undefined;
    }
    try {
      const page = await browser.newPage();
      // The browser itself is warm by then, as somebody's is.
      await page.goto("about:blank");
      const started = performance.now();
      await page.goto(emulator.url);
      await page.locator(`[data-id="ic-${databases - 1}"]`).waitFor({ state: "attached" });
      return (performance.now() - started) / 1000;
    } finally {
      await browser.close();
    }
  } finally {
    await emulator.close();
  }
}

/** @returns {Promise<string>} */
async function reportTools() {
  const { seconds, megabytes, characters } = measureSummary();
  const page = await measurePage();
  return [
    `Summary of ${steps} steps: ${seconds.toFixed(2)} s (at most ${limits.summarySeconds}), ${megabytes.toFixed(0)} MB (${limits.summaryMegabytes}), ${characters} characters (${limits.summaryCharacters})`,
    page === undefined
      ? "The emulator's page: not measured"
      : `The emulator's page with ${databases} databases: ${page.toFixed(2)} s (at most ${limits.pageSeconds})`,
  ].join("\n");
}

module.exports = { reportTools };
