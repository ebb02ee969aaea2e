import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import type { Seed } from "../../emulator";
import { preparedEngine } from "../support/engine";
import { packageFolder, type Project } from "../support/project";
import { expectNoSecret, expectRefusal } from "../support/refusal";

/** Each provider of a program is a process of its own, so the engine finds the executable on PATH here, as a package's `bin`. */
let bin: string;
let here: Cockpit;
let there: Cockpit;
beforeEach(async () => {
  bin = await mkdtemp(path.join(tmpdir(), "cockpit-bin-"));
  await symlink(path.join(packageFolder, "plugin.js"), path.join(bin, "pulumi-resource-cockpit"));
  here = await Cockpit.start();
  there = await Cockpit.start({ seed: otherPlace });
});
afterEach(async () => {
  await here.dispose();
  await there.dispose();
  await rm(bin, { recursive: true, force: true });
});

const otherPlace: Seed = {
  environments: [
    {
      id: "ic-elsewhere",
      name: "Elsewhere",
      administrators: [
        { id: "ada", name: "Ada", email: "ada@elsewhere.example", login: "ada", password: "canary-there" },
      ],
    },
  ],
};

const yamlProject = (yaml: string): Promise<Project> =>
  here.project({ yaml, env: { PATH: [bin, preparedEngine().env.PATH].join(path.delimiter) } });

const provider = (name: string, { emulator }: Cockpit, more = ""): string => `
  ${name}:
    type: pulumi:providers:cockpit
    properties:
      url: ${emulator.url}
      gatewayUrl: ${emulator.gatewayUrl}
      username: ${emulator.username}
      password: ${emulator.password}
      ${more}
`;

const solution = (name: string, of: string): string => `
  ${name}:
    type: cockpit:Solution
    properties: { name: ${name}, deletionProtection: false }
    options: { provider: "\${${of}}" }
`;

const lookUp = (name: string, of: string): string => `
  ${name}:
    fn::invoke:
      function: cockpit:getSolution
      arguments: { id: "\${${name}.id}" }
      options: { provider: "\${${of}}" }
      return: environmentId
`;

test("two accounts in one program are two providers, and what one has made another one leaves alone", async () => {
  const resources = `resources:${provider("first", here)}${provider("second", there)}`;
  const project = await yamlProject(
    `${resources}${solution("petra", "first")}${solution("other", "second")}outputs:${lookUp("petra", "first")}${lookUp("other", "second")}`,
  );
  await project.succeeds(project.up());
  expect(here.liveGroups().map(({ name }) => name)).toEqual(["petra"]);
  expect(there.liveGroups().map(({ name }) => name)).toEqual(["other"]);
  const outputs = JSON.parse(await project.must(["stack", "output", "--json"])) as Record<string, string>;
  expect(outputs).toEqual({ petra: here.emulator.environmentId, other: there.emulator.environmentId });
  expectNoSecret(await project.stateText(), here.emulator.password, there.emulator.password);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.writeYaml(`${resources}${solution("petra", "second")}${solution("other", "second")}`);
  const swapped = await project.preview();
  expectRefusal(swapped, "petra", here.emulator.environmentId, "[cockpit:other-environment]");
  expectRefusal(await project.up(), here.emulator.environmentId);
  expect(here.liveGroups()).toHaveLength(1);
  expect(there.liveGroups()).toHaveLength(1);
});

test("a provider's environments are named by key, and what is wrong in its settings is said before anything is sent", async () => {
  const { environmentId } = here.emulator;
  const petra = (id: string, url = here.emulator.url): string =>
    `resources:${provider("first", here, `environments: { main: { id: ${id}, url: "${url}" } }`)}
  petra:
    type: cockpit:Solution
    properties: { environment: main, deletionProtection: false }
    options: { provider: "\${first}" }
`;
  const project = await yamlProject(petra(environmentId));
  await project.succeeds(project.up());
  expect(here.liveGroup("petra").superGroup).toBe(environmentId);

  here.requestsSince();
  await project.writeYaml(petra(environmentId, "https://cockpit.elsewhere.example"));
  const wrong = await project.preview();
  expect(wrong.exitCode).not.toBe(0);
  // An entry with an address of its own takes no login from the provider.
  expect(wrong.output).toContain("cockpit:environments.main: username is not set");
  expectNoSecret(wrong.output, here.emulator.password);
  expect(here.requestsSince()).toEqual([]);
});
