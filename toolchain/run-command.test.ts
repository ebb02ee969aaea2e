import { runCommand } from "./run-command";

const environment = process.env;

test("collects what a command prints, line by line", async () => {
  const lines: string[] = [];
  const result = await runCommand("/bin/sh", ["-c", "echo one; echo two; echo three >&2; exit 3"], {
    environment,
    onLine: (line) => lines.push(line),
  });
  expect(result).toEqual({ code: 3, stdout: "one\ntwo\n", stderr: "three\n" });
  expect(lines.sort()).toEqual(["one", "three", "two"]);
});

test("says why a command could not be started", async () => {
  const result = await runCommand("/nowhere/to/be/found", [], { environment });
  expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining("ENOENT") as string });
});

test.each([
  [{ silentFor: 0.3 }, "no answer for 0.3 s"],
  [{ within: 0.3 }, "not finished for 0.3 s"],
])("kills a command and all that it started after %j", async (limits, reason) => {
  // The grandchild holds the pipe: the call could not end before it does.
  const result = await runCommand("/bin/sh", ["-c", "sleep 60 & sleep 60"], { environment, ...limits });
  expect(result).toMatchObject({ code: 1, stderr: expect.stringContaining(reason) as string });
});
