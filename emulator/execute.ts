import { spawn } from "node:child_process";
import { constants } from "node:os";
import { StartupError } from "./contract/errors";
import type { Emulator } from "./index";

const isWindows = process.platform === "win32";
const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/** What a program needs to use the emulator; other settings of Cockpit that stand in the environment would lead elsewhere. */
export function variablesOf(emulator: Emulator, inherited: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { url, gatewayUrl, username, password, environments } = emulator;
  return {
    ...inherited,
    COCKPIT_ENVIRONMENT: undefined,
    COCKPIT_ENVIRONMENTS: undefined,
    COCKPIT_URL: url,
    COCKPIT_GATEWAY_URL: gatewayUrl,
    COCKPIT_USERNAME: username,
    COCKPIT_PASSWORD: password,
    ...(environments.length > 1 && { COCKPIT_ENVIRONMENTS: byId(environments) }),
  };
}

/** The value of COCKPIT_ENVIRONMENTS. */
export const byId = (environments: Emulator["environments"]): string =>
  JSON.stringify(Object.fromEntries(environments.map((environment) => [environment.id, environment])));

/**
 * Runs a command until it ends and returns its exit code, as a shell would. Signals are passed on; what the command has
 * started itself gets them too, since npm keeps them from its children.
 */
export async function execute(
  [command = "", ...args]: readonly string[],
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  // In a terminal its keys reach the command anyway, and only the terminal's own group may read from it.
  const apart = !isWindows && !process.stdin.isTTY;
  const child = spawn(command, args, {
    env: environment,
    stdio: "inherit",
    detached: apart,
    shell: isWindows,
  });
  const passOn = (signal: NodeJS.Signals) => {
    if (child.pid === undefined || (signal === "SIGINT" && !apart)) {
      return;
    }
    try {
      process.kill(apart ? -child.pid : child.pid, signal);
    } catch {
      // It has ended just now.
    }
  };
  for (const signal of signals) {
    process.on(signal, passOn);
  }
  try {
    return await new Promise<number>((ended, failed) => {
      child.once("error", (error: NodeJS.ErrnoException) =>
        failed(
          new StartupError(
            error.code === "ENOENT"
              ? `There is no command ${command}.`
              : `The command ${command} can't be run: ${error.message}.`,
          ),
        ),
      );
      child.once("exit", (code, signal) =>
        ended(code ?? 128 + (signal === null ? 0 : constants.signals[signal])),
      );
    });
  } finally {
    for (const signal of signals) {
      process.off(signal, passOn);
    }
    if (apart) {
      passOn("SIGTERM");
    }
  }
}
