import { URL as nodeUrl } from "node:url";
import { StartupError } from "./errors";

/** A test environment that plays a browser takes the place of what servers and native modules are made with. */
export function refuseSimulatedBrowser({
  Request: request,
  URL: url,
}: {
  Request?: unknown;
  URL?: unknown;
}): void {
  if (request === undefined || url !== nodeUrl) {
    throw new StartupError(
      `The emulator can't run in a test environment that simulates a browser (jsdom). Put @jest-environment node (Jest) or @vitest-environment node (Vitest) in a comment at the top of this test file, or start it in the runner's global set-up.`,
    );
  }
}

refuseSimulatedBrowser(globalThis);
