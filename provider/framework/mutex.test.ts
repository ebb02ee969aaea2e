import { Mutex } from "./mutex";

test("runs one task after the other, a failed one too, and says when it is idle", async () => {
  const mutex = new Mutex();
  const log: string[] = [];
  const task = (name: string, fails = false) =>
    mutex.run(async () => {
      log.push(`${name} begins`);
      await Promise.resolve();
      log.push(`${name} ends`);
      return fails ? Promise.reject(new Error(name)) : name;
    });
  const failed = expect(task("first", true)).rejects.toThrow("first");
  const done = expect(task("second")).resolves.toBe("second");
  await mutex.idle();
  expect(log).toEqual(["first begins", "first ends", "second begins", "second ends"]);
  await failed;
  await done;
});
