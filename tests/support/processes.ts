import { execFileSync } from "node:child_process";
import { setTimeout as wait } from "node:timers/promises";

interface Process {
  pid: number;
  parent: number;
  command: string;
}

/** The host of our resources below a running engine. */
export function providerOf(engine: number): Process | undefined {
  const all = processes();
  const below = new Set([engine]);
  for (let grown = true; grown;) {
    const before = below.size;
    all.filter(({ parent }) => below.has(parent)).forEach(({ pid }) => below.add(pid));
    grown = below.size > before;
  }
  return all.find(
    ({ pid, command }) => below.has(pid) && command.includes("node") && command.includes("dynamic-provider"),
  );
}

export function isRunning(pid: number): boolean {
  return processes().some((one) => one.pid === pid && !one.command.includes("<defunct>"));
}

/** Resolves as soon as the condition holds; fails after half a minute. */
export async function until<Value>(what: string, condition: () => Value | undefined | false): Promise<Value> {
  for (let attempt = 0; attempt < 600; attempt++) {
    const value = condition();
    if (value !== undefined && value !== false) {
      return value;
    }
    await wait(50);
  }
  throw new Error(`waited in vain until ${what}`);
}

function processes(): Process[] {
  return execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" })
    .split("\n")
    .flatMap((line) => {
      const match = /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line);
      return match ? [{ pid: Number(match[1]), parent: Number(match[2]), command: match[3] ?? "" }] : [];
    });
}
