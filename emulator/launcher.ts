import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const everyMs = 250;
const shells = /^-?(sh|bash|dash|zsh|ash|busybox)$/;

/**
 * Calls back once what started this process by npm (`npx`, `npm run`) is gone. npm passes a signal on to its shell only, which dies
 * of it and leaves its child behind. A process that was not started by npm may well be meant to outlive its parent, and
 * so may one that a script puts in the background.
 */
export function onLauncherGone(gone: () => void): void {
  const script = process.env.npm_lifecycle_script;
  if (script === undefined || /(^|[^&>])&([^&>]|$)/.test(script) || process.platform === "win32") {
    return;
  }
  const parent = process.ppid;
  const above = parentOf(parent);
  const watched = above !== undefined && shells.test(above.command) ? above.pid : undefined;
  const timer = setInterval(() => {
    if (process.ppid === parent && (watched === undefined || isRunning(watched))) {
      return;
    }
    clearInterval(timer);
    gone();
  }, everyMs);
  timer.unref();
}

/** The command that a process runs, and its parent. */
function parentOf(pid: number): { command: string; pid: number } | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const end = stat.lastIndexOf(")");
    return {
      command: stat.slice(stat.indexOf("(") + 1, end),
      pid: Number(stat.slice(end + 2).split(" ")[1]),
    };
  } catch {
    return parentByPs(pid);
  }
}

function parentByPs(pid: number): { command: string; pid: number } | undefined {
  try {
    const line = execFileSync("ps", ["-o", "ppid=,comm=", "-p", String(pid)], { encoding: "utf8" });
    const [, parent, command = ""] = /^\s*(\d+)\s+(.*?)\s*$/.exec(line) ?? [];
    return { command: command.split("/").at(-1) ?? "", pid: Number(parent) };
  } catch {
    return undefined;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
