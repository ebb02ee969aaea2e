import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as functions from "../../provider/functions";
import * as resources from "../../provider/resources";
import { Cockpit } from "../support/cockpit";
import { environmentsSetting, seedOfCompanies } from "../support/environments";
import { repositoryRoot, type Project } from "../support/project";

let cockpit: Cockpit;
let folder: string;
beforeEach(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
  folder = await mkdtemp(path.join(tmpdir(), "cockpit-example-"));
});
afterEach(async () => {
  await cockpit.dispose();
  await rm(folder, { recursive: true, force: true });
});

async function comesUpAndStays(project: Project): Promise<void> {
  await project.succeeds(project.up());
  await project.succeeds(project.preview(["--expect-no-changes"]));
}

async function projectOf(example: string): Promise<Project> {
  await Promise.all([
    writeFile(path.join(folder, "Pulumi.yaml"), "name: example\nruntime: nodejs\n"),
    writeFile(path.join(folder, "package.json"), `{ "name": "example", "main": "index.ts" }`),
    writeFile(
      path.join(folder, "tsconfig.json"),
      `{ "compilerOptions": { "strict": true, "skipLibCheck": true, "module": "node16", "target": "es2022" } }`,
    ),
    writeFile(path.join(folder, "index.ts"), example),
  ]);
  const env = example.includes("environment:")
    ? { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "target") }
    : {};
  return cockpit.project({ folder, env });
}

test.each(Object.values(resources).map(({ type, example }) => [type, example]))(
  "the example of %s on its reference page comes up as it stands there",
  async (_type, example) => {
    const project = await projectOf(example);
    for (const [, key = ""] of example.matchAll(/requireSecret\("(\w+)"\)/g)) {
      await project.config(key, `k3y-of-the-example-${key}`, "--secret");
    }
    await comesUpAndStays(project);
  },
);

test.each(Object.values(functions).map(({ name, example }) => [name, example]))(
  "the example of %s on its reference page finds what is there",
  async (_name, example) => {
    const { environmentId } = cockpit.emulator;
    await cockpit.byHand("POST", `group/ic-petra/application?name=Petra&superGroup=${environmentId}`);
    await cockpit.byHand("POST", "group/ic-france/database?name=Petra%20France&superGroup=ic-petra");
    await cockpit.gatewayByHand("POST", "spec", { demo: true, label: "by hand" });
    const project = await projectOf(example);
    await comesUpAndStays(project);
    const outputs = JSON.parse(await project.must(["stack", "output", "--json"])) as object;
    expect(Object.values(outputs).flat()).not.toEqual([]);
  },
);

test("examples/petra comes up on two clusters", async () => {
  const project = await cockpit.project({ folder: path.join(repositoryRoot, "examples/petra") });
  await comesUpAndStays(project);
  expect(
    cockpit
      .liveGroups()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Invoices", "Petra", "Petra Belgium", "Petra France", "Petra Invoicing"]);
  expect(new Set(cockpit.liveGroups().flatMap(({ servers }) => servers)).size).toBeGreaterThan(1);
});
