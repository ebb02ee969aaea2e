import { appendFileSync } from "node:fs";

/**
 * To be called by a test that finds that the machine lacks what it needs, and returns: `npm test` counts it as skipped, and prints
 * the reason with its name. Jest itself can't be told so once a test runs.
 */
export function notTried(reason: string): void {
  const name = expect.getState().currentTestName ?? "";
  console.warn(`Skipped: ${name}: ${reason}`);
  const file = process.env["COCKPIT_NOT_TRIED"];
  if (file !== undefined) {
    appendFileSync(file, `${JSON.stringify(`${name}: ${reason}`)}\n`);
  }
}
