import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { adoptionFrom } from "../support/adoption";
import { Cockpit } from "../support/cockpit";
import { AttachedPlugin } from "../support/plugin";
import { repositoryRoot, type Project } from "../support/project";

/** What the pages of docs/ tell a beginner, and somebody in distress, done as it stands there. */
let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

async function blocksOf(page: string, language: string): Promise<string[]> {
  const text = await readFile(path.join(repositoryRoot, "docs", page), "utf8");
  return [...text.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, "gms"))].map(
    ([, code = ""]) => code,
  );
}

async function writeProgram(project: Project, program: string): Promise<void> {
  await Promise.all([
    writeFile(path.join(project.folder, "Pulumi.yaml"), "name: petra\nruntime: nodejs\n"),
    writeFile(path.join(project.folder, "package.json"), `{ "name": "petra", "main": "index.ts" }`),
    writeFile(
      path.join(project.folder, "tsconfig.json"),
      `{ "compilerOptions": { "strict": true, "skipLibCheck": true, "module": "node16", "target": "es2022" } }`,
    ),
    writeFile(path.join(project.folder, "index.ts"), program),
  ]);
}

test("getting started makes the wizard's solution, its .env and a second country; a lost state is taken up again as disaster recovery says", async () => {
  const [first = "", second = ""] = await blocksOf("getting-started.md", "typescript");
  const project = await cockpit.project({ program: "" });
  await writeProgram(project, first);
  await project.succeeds(project.up());
  const env = await readFile(path.join(project.folder, ".env"), "utf8");
  for (const name of [
    "EXTERNAL_SERVICES_SPEC_ID",
    "PARENT_ORGANISATION_ID",
    "EMAIL_AUTHENTICATION_PROCESS_ID",
  ]) {
    expect(env).toMatch(new RegExp(`^${name}=.+$`, "m"));
  }

  await writeProgram(project, first + second);
  await project.succeeds(project.up());
  const names = () => cockpit.liveGroups().map(({ id, name }) => [name, id]);
  const before = names();
  expect(before.map(([name]) => name).sort()).toEqual(["Petra", "Petra Belgium", "Petra France"]);

  await project.must(["stack", "rm", "--yes", "--force"]);
  await project.must(["stack", "init", project.stack]);
  const adopted = new Set<string>();
  for (let round = 0; round < 8; round++) {
    const run = await project.up([], { COCKPIT_ADOPT: JSON.stringify([...adopted]) });
    if (run.exitCode === 0) {
      break;
    }
    const known = adopted.size;
    const { COCKPIT_ADOPT: said = "[]" } = adoptionFrom(run.diagnostics);
    (JSON.parse(said) as string[]).forEach((id) => adopted.add(id));
    expect([run.diagnostics, adopted.size > known]).toEqual([run.diagnostics, true]);
  }
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(names()).toEqual(before);
});

test("the Registry's overview comes up in YAML", async () => {
  const [yaml = ""] = await blocksOf("_index.md", "yaml");
  const plugin = await AttachedPlugin.start(cockpit);
  try {
    const project = await cockpit.project({ yaml, env: plugin.env });
    await project.succeeds(project.up());
    expect(JSON.parse(await project.must(["stack", "output", "--json"]))).toMatchObject({
      specId: cockpit.emulator.environmentId,
      databaseId: cockpit.liveGroup("Petra France").id,
    });
  } finally {
    await plugin.stop();
  }
});
