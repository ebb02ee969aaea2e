import { cp, mkdtemp, readFile, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { preparedEngine, start } from "../support/engine";
import { repositoryRoot } from "../support/project";

jest.setTimeout(300_000);

/** The tests of examples/testing, in the runners that its users have. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), "cockpit-testing-"));
  const example = path.join(repositoryRoot, "examples/testing");
  await cp(example, folder, { recursive: true, filter: (source) => !source.includes("node_modules") });
  const { devDependencies } = JSON.parse(await readFile(path.join(example, "package.json"), "utf8")) as {
    devDependencies: Record<string, string>;
  };
  // Vitest is not a tool of this repository; what else the example needs is here already.
  const runner = path.join(folder, "runner");
  await command("npm", [
    "install",
    "--prefix",
    runner,
    "--prefer-offline",
    `vitest@${devDependencies["vitest"] ?? ""}`,
  ]);
  await symlink(path.join(repositoryRoot, "node_modules"), path.join(folder, "node_modules"), "junction");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** As somebody would run it who never saw the repository. */
async function command(name: string, args: string[]): Promise<string> {
  const inherited = Object.entries(process.env).filter(
    ([each]) => !/^(npm_|node_|jest_|cockpit_)/i.test(each),
  );
  const engine = preparedEngine();
  const env = {
    ...Object.fromEntries(inherited),
    ...engine.env,
    PATH: `${path.dirname(engine.pulumi)}${path.delimiter}${engine.env["PATH"] ?? process.env["PATH"] ?? ""}`,
    PULUMI_HOME: path.join(folder, "home"),
    PULUMI_SKIP_UPDATE_CHECK: "1",
    NO_COLOR: "1",
  };
  const { exitCode, output } = await start(name, args, { cwd: folder, env }).finished;
  if (exitCode !== 0) {
    throw new Error(`${name} ${args.join(" ")} ended with ${exitCode}:\n${output}`);
  }
  return output;
}

test("the same tests pass in Jest and in Vitest", async () => {
  expect(
    await command(process.execPath, [path.join(repositoryRoot, "node_modules/jest/bin/jest.js"), "-w", "1"]),
  ).toMatch(/Tests: +3 passed, 3 total/);
  expect(
    await command(process.execPath, [path.join(folder, "runner/node_modules/vitest/vitest.mjs"), "run"]),
  ).toMatch(/Tests +3 passed \(3\)/);
});
