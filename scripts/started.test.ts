import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { createInterface } from "node:readline";

/** Whether a process of this number runs, which on Linux an ended one does until somebody asked for its exit code. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

test("a command that is killed by its pid ends with what it started, and with what that has started", async () => {
  const grandchild = `setInterval(() => {}, 1000); console.log(process.pid);`;
  const child = `
    require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(grandchild)}], { stdio: "inherit" });
    setInterval(() => {}, 1000);
    console.log(process.pid);`;
  const command = spawn(
    process.execPath,
    [
      "-e",
      `require(${JSON.stringify(path.join(__dirname, "started"))}).endWithAllStarted();
       require("node:child_process").spawn(process.execPath, ["-e", ${JSON.stringify(child)}], { stdio: "inherit" });
       setInterval(() => {}, 1000);`,
    ],
    { stdio: ["ignore", "pipe", "pipe"] },
  );
  const errors: string[] = [];
  command.stderr.setEncoding("utf8").on("data", (text: string) => errors.push(text));
  const pids: number[] = [];
  for await (const line of createInterface(command.stdout)) {
    pids.push(Number(line));
    if (pids.length === 2) {
      command.kill("SIGTERM");
    }
  }
  // Its output ended with the last process that held it.
  const [code] = command.exitCode === null ? ((await once(command, "exit")) as [number]) : [command.exitCode];
  expect(code).toBe(143);
  expect(errors.join("")).toBe("Ended by SIGTERM, with everything that was started.\n");
  expect(pids.map(lives)).toEqual([false, false]);
});
