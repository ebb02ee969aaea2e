import { spawn } from "node:child_process";
import { once } from "node:events";

/** What `toolchain/engine.js` prepared, handed to the tests by `npm test`. */
export interface Engine {
  pulumi: string;
  version: string;
  env: Record<string, string>;
}

export function preparedEngine(): Engine {
  const text = process.env.COCKPIT_TEST_ENGINE;
  if (text === undefined) {
    throw new Error("These tests need the Pulumi engine: run them by `npm test -- <pattern>`.");
  }
  return JSON.parse(text) as Engine;
}

export interface Outcome {
  exitCode: number | null;
  /** Everything that a person would have seen. */
  output: string;
}

export interface RunningCommand {
  pid: number;
  finished: Promise<Outcome>;
  /** Everything printed so far. */
  output(): string;
  signal(name: NodeJS.Signals): void;
}

/** Starts a command; nothing of it survives the test that awaits `finished`. */
export function start(
  command: string,
  args: readonly string[],
  options: { cwd: string; env: NodeJS.ProcessEnv },
): RunningCommand {
  const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  const append = (chunk: Buffer): void => {
    output += chunk.toString("utf8");
  };
  child.stdout.on("data", append);
  child.stderr.on("data", append);
  const finished = once(child, "close").then(([exitCode]: (number | null)[]) => ({
    exitCode: exitCode ?? null,
    output,
  }));
  return {
    pid: child.pid ?? 0,
    finished,
    output: () => output,
    signal: (name) => child.kill(name),
  };
}
