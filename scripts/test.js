// @ts-check
/** `npm test [-- what Jest takes]`: prepares everything, runs Jest, and ends with one plain line of counts. */
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { main, prepare, root } = require("./prepare");
const { endWithAllStarted, endWithLauncher } = require("./started");

/**
 * @typedef {{ status: string, fullName: string }} Test
 * @typedef {{ numPassedTests: number, numFailedTests: number, numRuntimeErrorTestSuites: number, success: boolean,
 *   testResults: { assertionResults: Test[] }[] }} Report
 */

/**
 * @param {string[]} args
 * @param {import("../toolchain/engine").Engine} engine
 * @returns {Promise<{ code: number, report: Report | undefined, markedSkipped: string[] }>}
 */
async function runJest(args, engine) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-test-"));
  const file = path.join(folder, "report.json");
  const markedSkipped = path.join(folder, "skipped");
  try {
    const jest = path.join(root, "node_modules", "jest", "bin", "jest.js");
    const code = await new Promise((resolve, reject) => {
      const child = spawn(process.execPath, [jest, "--json", `--outputFile=${file}`, ...args], {
        cwd: root,
        // Jest prints its report for readers on stderr, and the JSON once more on stdout.
        stdio: ["inherit", "ignore", "inherit"],
        env: {
          ...process.env,
          COCKPIT_TEST_ENGINE: JSON.stringify(engine),
          COCKPIT_SKIPPED: markedSkipped,
        },
      });
      child.on("error", reject);
      child.on("close", (exitCode) => resolve(exitCode ?? 1));
    });
    const read = (/** @type {string} */ name) => (fs.existsSync(name) ? fs.readFileSync(name, "utf8") : "");
    return {
      code,
      report: JSON.parse(read(file) || "null") ?? undefined,
      markedSkipped: read(markedSkipped)
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    };
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** @param {string[]} args */
async function test(args) {
  const counts = { passed: 0, failed: 0, skipped: 0 };
  try {
    const { engine } = await prepare({ engine: true });
    endWithLauncher();
    const { code, report, markedSkipped } = await runJest(args, engine);
    if (report === undefined) {
      throw new Error(`Jest ended without a report, with exit code ${code}.`);
    }

    const tests = report.testResults.flatMap((result) => result.assertionResults);
    const skipped = tests.filter(({ status }) => ["pending", "skipped", "todo", "disabled"].includes(status));
    for (const what of [...skipped.map(({ fullName }) => fullName), ...markedSkipped]) {
      console.log(`skipped: ${what}`);
    }
    // For Jest a test has passed that found that it can't be tried here.
    counts.passed = report.numPassedTests - markedSkipped.length;
    counts.skipped = skipped.length + markedSkipped.length;
    counts.failed = report.numFailedTests + report.numRuntimeErrorTestSuites;
    if (code !== 0 && counts.failed === 0) {
      throw new Error(`Jest ended with exit code ${code}.`);
    }
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    counts.failed += 1;
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
}

endWithAllStarted();
main(() => test(process.argv.slice(2)));
