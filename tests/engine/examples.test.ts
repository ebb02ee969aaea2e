import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import type { Seed } from "../../emulator";
import * as functions from "../../provider/functions";
import * as resources from "../../provider/resources";
import { Cockpit } from "../support/cockpit";
import { destroyConfirmed } from "../support/confirmation";
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

function idsOfLiveGroups() {
  return cockpit
    .liveGroups()
    .map(({ id }) => id)
    .sort();
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
    await cockpit.asAdministrator(
      "POST",
      `group/ic-petra/application?name=Petra&superGroup=${environmentId}`,
    );
    await cockpit.asAdministrator("POST", "group/ic-france/database?name=Petra%20France&superGroup=ic-petra");
    await cockpit.gatewayAsAdministrator("POST", "spec", { demo: true, label: "by hand" });
    await cockpit.asAdministrator("POST", "role/AUDITOR/inGroup/ic-petra/withDescription", {
      permissions: ["TopicManagement.Create"],
    });
    await cockpit.asAdministrator("POST", "user/inGroup/ic-france", {
      id: "ada",
      name: "Ada",
      login: "ada@petra.example",
      email: "ada@petra.example",
    });
    const project = await projectOf(example);
    await comesUpAndStays(project);
    const outputs = JSON.parse(await project.must(["stack", "output", "--json"])) as object;
    const made = (await project.resources()).filter(({ type }) => type.includes(":cockpit:"));
    expect([Object.values(outputs), made].flat(2)).not.toEqual([]);
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

test("examples/transfer moves its solution between the two environments of its seed", async () => {
  const transfer = path.join(repositoryRoot, "examples/transfer");
  await cockpit.dispose();
  cockpit = await Cockpit.start({
    seed: JSON.parse(await readFile(path.join(transfer, "seed.json"), "utf8")) as Seed,
  });
  const { url, gatewayUrl } = cockpit.emulator;
  const common = { url, gatewayUrl };
  const project = await cockpit.project({
    folder: transfer,
    env: {
      COCKPIT_ENVIRONMENTS: JSON.stringify({
        source: {
          ...common,
          id: "ic-petra-corp",
          username: "ada@petra.example",
          password: "emulator-password-1",
        },
        target: {
          ...common,
          id: "ic-clinic-group",
          username: "bo@clinic.example",
          password: "emulator-password-2",
        },
      }),
    },
  });
  await comesUpAndStays(project);
  const ids = idsOfLiveGroups();
  expect(cockpit.liveGroup("Petra").superGroup).toBe("ic-petra-corp");
  for (const [from, to, environmentId] of [
    ["source", "target", "ic-clinic-group"],
    ["target", "source", "ic-petra-corp"],
  ] as const) {
    await project.config("environment", to);
    const preview = await project.succeeds(project.preview());
    expect(preview.output).toMatch(`Solution "petra": transfer in place from the environment "${from}"`);
    await comesUpAndStays(project);
    expect(cockpit.liveGroup("Petra").superGroup).toBe(environmentId);
    expect(idsOfLiveGroups()).toEqual(ids);
  }
  await destroyConfirmed(project);
  expect(cockpit.liveGroups()).toEqual([]);
});
