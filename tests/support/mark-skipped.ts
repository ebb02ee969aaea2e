import { appendFileSync } from "node:fs";

/**
 * Call this in a test that finds that the machine lacks a tool it needs, then return: `npm test` counts it as skipped and prints
 * the reason with its name. Jest has no way to skip a test that is already running.
 */
export function markSkipped(reason: string): void {
  const name = expect.getState().currentTestName ?? "";
  console.warn(`Skipped: ${name}: ${reason}`);
  const file = process.env["COCKPIT_SKIPPED"];
  if (file !== undefined) {
    appendFileSync(file, `${JSON.stringify(`${name}: ${reason}`)}\n`);
  }
}
