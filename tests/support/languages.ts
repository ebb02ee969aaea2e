import { execFile, execFileSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { start } from "./engine";
import { examplesOfSchema } from "./examples";
import { cachedFolder } from "./machine-cache";
import type { Cockpit } from "./cockpit";
import { AttachedPlugin } from "./plugin";
import { packageFolder, repositoryRoot } from "./project";

/** `test` where all tools of a language are there; otherwise one that is counted as skipped, and says why. */
export function testWith(tools: Record<string, readonly string[]>): jest.It {
  for (const [tool, args] of Object.entries(tools)) {
    try {
      execFileSync(tool, args, { stdio: "ignore" });
    } catch {
      console.warn(`Skipped: ${[tool, ...args].join(" ")} does not work on this machine`);
      return test.skip;
    }
  }
  return test;
}

/** The project of a language in examples/languages. */
export function exampleIn(language: string): string {
  return path.join(repositoryRoot, "examples/languages", language);
}

/** How the examples of the reference are tried in a language. */
export interface Examples {
  /** The name of the block of code. */
  block: string;
  /** The file, below the program's folder, that the example of that name becomes. */
  file: (name: string, code: string) => { path: string; text: string };
  /** What fails where one of these files doesn't fit the SDK. */
  command: (files: string[]) => [string, ...string[]];
}

async function examplesFit(folder: string, env: Record<string, string>, examples: Examples): Promise<void> {
  const files: string[] = [];
  for (const [name, code] of Object.entries(examplesOfSchema(examples.block))) {
    const file = examples.file(name, code);
    await mkdir(path.dirname(path.join(folder, file.path)), { recursive: true });
    await writeFile(path.join(folder, file.path), `${file.text}\n`);
    files.push(file.path);
  }
  expect(files.length).toBeGreaterThan(20);
  const [command, ...args] = examples.command(files);
  const { exitCode, output } = await start(command, args, { cwd: folder, env: { ...process.env, ...env } })
    .finished;
  expect([exitCode, output]).toEqual([0, output]);
}

/**
 * The program of a language, from the SDK that `package add` generates for it to nothing left: what it declares is the same in
 * each. An import takes the place of a database that the state has lost.
 */
export async function livesFromAddToDestroy(
  cockpit: Cockpit,
  language: string,
  env: Record<string, string>,
  examples: Examples,
): Promise<void> {
  const plugin = await AttachedPlugin.start(cockpit);
  try {
    const project = await cockpit.project({
      folder: exampleIn(language),
      modules: "installed",
      env: { ...plugin.env, ...env },
    });
    await project.must(["package", "add", path.join(packageFolder, "plugin.js")]);
    await examplesFit(project.folder, env, examples);

    await project.succeeds(project.up());
    const names = cockpit.liveGroups().map(({ name }) => name);
    expect(names.sort()).toEqual(["Clinic", "Clinic Belgium", "Petra", "Petra France"]);
    const outputs = await project.must(["stack", "output", "--json", "--show-secrets"]);
    expect(JSON.parse(outputs)).toEqual({
      databaseId: cockpit.liveGroup("Petra France").id,
      solutionOfDatabase: cockpit.liveGroup("Petra").id,
      organisationId: (await project.resource("clinic-organisation")).id,
    });
    await project.succeeds(project.preview(["--expect-no-changes"]));
    await project.succeeds(project.refresh(["--expect-no-changes"]));

    const { urn, id = "" } = await project.resource("france");
    await project.must(["state", "delete", urn, "--yes"]);
    const noCode = ["--protect=false", "--generate-code=false"];
    await project.must(["import", "cockpit:index:Database", "france", id, ...noCode, "--yes"]);
    await project.succeeds(project.preview(["--expect-no-changes"]));

    await project.config("protected", "false");
    await project.succeeds(project.up());
    await project.succeeds(project.destroy());
    expect(cockpit.liveGroups()).toEqual([]);
  } finally {
    await plugin.stop();
  }
}

const sdk = "pulumi==3.272.0";

/** What Python needs on its path so that Pulumi's own packages are there already when a virtual environment is created. */
export async function pythonEnvironment(): Promise<Record<string, string>> {
  const packages = await cachedFolder(`python/${sdk.replace("==", "-")}`, async (folder) => {
    const pip = ["-m", "pip", "install", "--quiet", "--only-binary", ":all:", "--target", folder];
    await promisify(execFile)("python3", [...pip, sdk], { timeout: 120_000 });
  });
  return { PYTHONPATH: packages, PIP_DISABLE_PIP_VERSION_CHECK: "1" };
}
