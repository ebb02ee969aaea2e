import { Cockpit } from "../support/cockpit";
import { confirmationOf } from "../support/confirmation";
import { AttachedPlugin } from "../support/plugin";
import type { Project, Run } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
let plugin: AttachedPlugin;
beforeEach(async () => {
  cockpit = await Cockpit.start();
  plugin = await AttachedPlugin.start(cockpit);
});
afterEach(async () => {
  await plugin.stop();
  await cockpit.dispose();
});

const project = (yaml: string): Promise<Project> => cockpit.project({ yaml, env: plugin.env });

const changesOf = ({ steps }: Run): string[] =>
  steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);

const program = (petra: string, france: string) => `
resources:
  petra:
    type: cockpit:Solution
    properties:
      ${petra}
  france:
    type: cockpit:Database
    properties:
      solutionId: \${petra.id}
      ${france}
outputs:
  databaseId: \${france.id}
  servers: \${france.servers}
`;

test("a program in YAML is previewed exactly, brought up, refreshed and taken down", async () => {
  const yaml = await project(program("name: Petra", "cluster: europe-west-02"));
  const first = await yaml.succeeds(yaml.preview());
  expect(cockpit.requestsSince()).toEqual(expect.not.arrayContaining([expect.stringMatching(/^(POST|PUT)/)]));
  expect(changesOf(first)).toEqual(["create petra", "create france"]);

  await yaml.succeeds(yaml.up());
  expect(cockpit.liveGroup("france").superGroup).toBe((await yaml.resource("petra")).id);
  cockpit.requestsSince();
  await yaml.succeeds(yaml.preview(["--expect-no-changes"]));
  expect(cockpit.requestsSince()).toEqual([]);

  // What changes is shown, as deep as it goes, and nothing else; what depends on nothing of it stays known.
  await yaml.writeYaml(
    program(
      "{ name: Petra 2, properties: { tier: production, since: { type: date, value: '2026-01-31' } } }",
      "cluster: europe-west-02",
    ),
  );
  const renamed = await yaml.succeeds(yaml.preview());
  expect(changesOf(renamed)).toEqual(["update petra"]);
  expect(renamed.output).toMatch(/~ name +: "Petra" => "Petra 2"/);
  await yaml.succeeds(yaml.up());
  await yaml.writeYaml(
    program(
      "{ name: Petra 2, properties: { tier: production, since: { type: date, value: '2026-02-28' } } }",
      "cluster: europe-west-02",
    ),
  );
  const nested = await yaml.succeeds(yaml.preview());
  expect(nested.output).toContain('~ value: "2026-01-31" => "2026-02-28"');
  expect(nested.output).not.toContain("tier");
  await yaml.succeeds(yaml.up());

  // A replacement of what is protected is refused in the preview, without a crash.
  await yaml.writeYaml(program("name: Petra 2", "cluster: europe-north-01"));
  const refused = await yaml.preview();
  expectRefusal(
    refused,
    'changing cluster from "europe-west-02" to "europe-north-01" replaces it',
    "COCKPIT_CONFIRM_DELETE",
  );
  const confirmed = await AttachedPlugin.start(cockpit, confirmationOf(refused));
  const allowed = await yaml.preview([], confirmed.env);
  await confirmed.stop();
  expect(allowed.exitCode).toBe(0);
  expect(allowed.steps.filter(({ op }) => op === "replace")).toMatchObject([
    { name: "france", replaceKeys: ["cluster"] },
  ]);

  // Drift is told, and fixed.
  await yaml.writeYaml(program("name: Petra 2", "cluster: europe-west-02"));
  await cockpit.asAdministrator("PUT", `group/${cockpit.liveGroup("france").id}/name/Changed`);
  await yaml.succeeds(yaml.refresh());
  const drift = await yaml.succeeds(yaml.preview());
  expect(drift.output).toContain('~ name: "Changed" => "france"');
  await yaml.succeeds(yaml.up());

  const kept = await yaml.destroy();
  expectRefusal(kept, "[cockpit:protected]");
  await yaml.writeYaml(program("{ name: Petra 2, deletionProtection: false }", "deletionProtection: false"));
  await yaml.succeeds(yaml.up());
  await yaml.succeeds(yaml.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});

test("what was created before a failure stays in the state, and the next run completes it", async () => {
  const yaml = await project(program("name: Petra", "properties: { tier: production }"));
  cockpit.emulator.addFault({ method: "PUT", path: "/rest/v2/group/*/properties", action: { status: 400 } });
  const failed = await yaml.up();
  expect(failed.exitCode).not.toBe(0);
  const { id } = cockpit.liveGroup("france");
  expect(await yaml.resource("france")).toMatchObject({ id, initErrors: [expect.any(String)] });
  cockpit.emulator.clearFaults();
  cockpit.requestsSince();
  await yaml.succeeds(yaml.up());
  expect(cockpit.requestsSince().filter((request) => request.startsWith("POST"))).toEqual([]);
  expect(cockpit.liveGroup("france").id).toBe(id);
});
