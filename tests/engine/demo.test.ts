import { existsSync } from "node:fs";
import path from "node:path";
import { start, type RunningCommand } from "../support/engine";
import { until } from "../support/processes";
import { repositoryRoot } from "../support/project";

/** What a newcomer types first, twice. */
jest.setTimeout(300_000);

function demo(...args: string[]): RunningCommand {
  return start("npm", ["run", "--silent", "demo", "--", ...args], { cwd: repositoryRoot, env: process.env });
}

const kept = path.join(repositoryRoot, ".demo");

test("npm run demo -- open makes the example, keeps its page up until it is ended, and destroy leaves nothing", async () => {
  if (existsSync(kept)) {
    console.warn("The demo is not tried: somebody uses it here, in .demo/.");
    return;
  }
  const open = demo("open");
  try {
    const ready = /Open \S*?(http:\/\/127\.0\.0\.1:\d+)\S* in a browser/;
    const ended = open.finished.then(({ output }) => {
      throw new Error(`it ended before its page was up:\n${output}`);
    });
    const address = await Promise.race([ended, whenSaid(open, ready)]);
    const page = await fetch(address);
    expect([page.status, page.headers.get("content-type")]).toEqual([
      200,
      expect.stringContaining("text/html"),
    ]);
    expect((await fetch(address, { method: "HEAD" })).status).toBe(200);
    expect(open.output()).toContain("No changes: everything is as the program says.");
    expect(open.output()).toContain("EXTERNAL_SERVICES_SPEC_ID");

    ended.catch(() => undefined);
    open.signal("SIGTERM");
    await open.finished;
    // npm passes the signal on to its shell only; the demo notices that it is alone.
    await until("the page is gone", () => !existsSync(path.join(kept, "open.json")));
    await expect(untilRefused(address)).resolves.toBe(true);
  } finally {
    open.signal("SIGTERM");
    await open.finished;
    const { exitCode, output } = await demo("destroy").finished;
    expect([exitCode, output]).toEqual([0, expect.stringContaining("Everything is gone, .demo/ too.")]);
  }
  expect(existsSync(kept)).toBe(false);
});

async function whenSaid(command: RunningCommand, pattern: RegExp): Promise<string> {
  let isOver = false;
  void command.finished.then(() => (isOver = true));
  for (;;) {
    const [, found] = pattern.exec(command.output()) ?? [];
    if (found !== undefined || isOver) {
      return found ?? "";
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Whether nobody answers there any more. */
async function untilRefused(address: string): Promise<boolean> {
  for (let attempt = 0; attempt < 300; attempt++) {
    const answered = await fetch(address, { method: "HEAD" }).then(
      () => true,
      () => false,
    );
    if (!answered) {
      return true;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}
