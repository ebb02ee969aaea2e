import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { AttachedPlugin } from "../support/plugin";

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

const program = `
resources:
  services: { type: "cockpit:ExternalServices", properties: { sender: { email: hello@petra.example } } }
  petra:
    type: cockpit:Solution
    properties: { name: Petra, applicationId: com.petra.app, properties: { tier: production } }
    options: { dependsOn: ["\${services}"] }
  france: { type: "cockpit:Database", properties: { name: Petra France, solutionId: "\${petra.id}" } }
  clinic: { type: "cockpit:ParentOrganisation", properties: { databaseId: "\${france.id}", email: care@petra.example } }
  backend: { type: "cockpit:AccessToken", properties: { groupId: "\${france.id}", userId: "\${clinic.userId}", expiresIn: 90d } }
  ada: { type: "cockpit:Administrator", properties: { groupId: "\${petra.id}", email: ada@petra.example } }
  indexes: { type: "cockpit:IndexUpdate", properties: { databaseId: "\${france.id}" } }
  entrance: { type: "cockpit:TransferToken", properties: { description: entrance, expiresIn: 2h } }
  registration:
    type: cockpit:AuthenticationProcess
    properties: { groupId: "\${france.id}", template: patient-registration, parentOrganisationId: "\${clinic.id}" }
`;

test("everything that exists is imported by its id, and the program that the engine writes then changes nothing", async () => {
  const maker = await cockpit.project({ yaml: program, env: plugin.env });
  await maker.succeeds(maker.up());
  const created = await maker.resources();

  const project = await cockpit.project({ yaml: "resources: {}\n", name: "other", env: plugin.env });
  const wanted = created.map(({ type, urn, id }) => ({
    type,
    name: urn.slice(urn.lastIndexOf("::") + 2),
    id,
  }));
  expect(wanted).toHaveLength(9);
  await writeFile(path.join(project.folder, "import.json"), JSON.stringify({ resources: wanted }));
  cockpit.requestsSince();
  const said = await project.must([
    "import",
    "--file",
    "import.json",
    "--yes",
    "--protect=false",
    "--out",
    "generated.yaml",
  ]);
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET"))).toEqual([]);
  expect(said).toContain("shows a token only once");
  expect(said).not.toContain("almost certainly a bug");

  const state = new Map(
    (await project.resources()).map((resource) => [
      resource.urn.slice(resource.urn.lastIndexOf("::") + 2),
      resource,
    ]),
  );
  expect(state.get("petra")?.inputs).toMatchObject({
    name: "Petra",
    applicationId: "com.petra.app",
    properties: { tier: "production" },
  });
  expect(state.get("clinic")?.inputs).toMatchObject({ email: "care@petra.example" });

  await project.writeYaml(await readFile(path.join(project.folder, "generated.yaml"), "utf8"), "other");
  cockpit.requestsSince();
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.up(["--expect-no-changes"]));
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET"))).toEqual([]);
});

test("the keys of external services, which Cockpit does not show, are missing from an import and asked of the program", async () => {
  const services = (password: string) =>
    `resources:
  services:
    type: cockpit:ExternalServices
    properties:
      sender: { email: hello@petra.example }
      email: { type: smtp, host: smtp.petra.example, port: 587, user: petra${password} }
`;
  const maker = await cockpit.project({ yaml: services(", password: canary-smtp"), env: plugin.env });
  await maker.succeeds(maker.up());
  const { id = "" } = await maker.resource("services");
  const project = await cockpit.project({ yaml: "resources: {}\n", name: "other", env: plugin.env });
  const said = await project.must([
    "import",
    "cockpit:index:ExternalServices",
    "services",
    id,
    "--yes",
    "--protect=false",
  ]);
  expect(said).toContain("does not show the keys and passwords");
  expect(said).not.toMatch(/bug in the provider|canary/);
  await project.writeYaml(services(""), "other");
  const incomplete = await project.preview();
  expect(incomplete.exitCode).not.toBe(0);
  expect(incomplete.output).toMatch(/password/);
  await project.writeYaml(services(", password: canary-smtp-2"), "other");
  const rotated = await project.succeeds(project.preview());
  expect(rotated.steps).toMatchObject([{ op: "update", name: "services" }]);
  expect(rotated.output).not.toContain("canary");
});

test("an import that can't be says why", async () => {
  const maker = await cockpit.project({
    yaml: `resources:\n  petra: { type: "cockpit:Solution" }\n`,
    env: plugin.env,
  });
  await maker.succeeds(maker.up());
  const petra = (await maker.resource("petra")).id ?? "";
  const project = await cockpit.project({ yaml: "resources: {}\n", name: "other", env: plugin.env });
  const importing = async (type: string, id: string) =>
    (await project.start(["import", type, "thing", id, "--yes"]).finished).output;
  expect(await importing("cockpit:index:Solution", "ic-nothing")).toContain("does not exist");
  expect(await importing("cockpit:index:Database", petra)).toContain("Import it as a Solution");
  expect(await importing("cockpit:index:Administrator", "ada")).toContain(
    "the id to import has the form groupId/userId",
  );
  expect(await importing("cockpit:index:ExternalServices", "ic-nothing")).toContain(
    "is not one that this provider works in",
  );
});
