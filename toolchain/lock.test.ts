import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { withLock } from "./lock";
import { FakeMachine } from "./testing";

let machine: FakeMachine;
let file: string;
beforeEach(() => {
  machine = new FakeMachine();
  file = path.join(machine.folder, "some", "lock");
});
afterEach(() => machine.remove());

test("lets one in at a time", async () => {
  let inside = 0;
  let most = 0;
  const action = async () => {
    inside += 1;
    most = Math.max(most, inside);
    await new Promise(setImmediate);
    inside -= 1;
  };
  await Promise.all([1, 2, 3].map(() => withLock(file, machine.log, action)));
  expect(most).toBe(1);
  expect(machine.said[0]).toContain(`waiting for process ${process.pid}`);
});

test("is free again after a failure", async () => {
  const failing = withLock(file, machine.log, () => Promise.reject(new Error("no")));
  await expect(failing).rejects.toThrow("no");
  expect(await withLock(file, machine.log, () => Promise.resolve("yes"))).toBe("yes");
  expect(fs.readdirSync(path.dirname(file))).toEqual([]);
});

test("is taken over from a process that is gone", async () => {
  const gone = spawnSync(process.execPath, ["-e", ""]).pid;
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, String(gone));
  expect(await withLock(file, machine.log, () => Promise.resolve("mine"))).toBe("mine");
  expect(machine.said).toEqual([]);
  expect(fs.readdirSync(path.dirname(file))).toEqual([]);
});
