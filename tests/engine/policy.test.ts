import { cp, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { AttachedPlugin } from "../support/plugin";
import { repositoryRoot, type Project, type Run } from "../support/project";

/** The policies of examples/policy, run by the real engine over programs of both forms. */
let cockpit: Cockpit;
let plugin: AttachedPlugin;
let pack: string;
beforeAll(async () => {
  cockpit = await Cockpit.start();
  plugin = await AttachedPlugin.start(cockpit);
  pack = await mkdtemp(path.join(tmpdir(), "cockpit-policy-"));
  await cp(path.join(repositoryRoot, "examples/policy"), pack, {
    recursive: true,
    filter: (source) => !source.includes("node_modules"),
  });
  await symlink(path.join(repositoryRoot, "node_modules"), path.join(pack, "node_modules"), "junction");
});
afterAll(async () => {
  await plugin.stop();
  await cockpit.dispose();
  await rm(pack, { recursive: true, force: true });
});

interface Values {
  cluster: string;
  protection: boolean;
  demo: boolean;
  email: string;
  expiresIn: string;
  permission: string;
}
const wrong: Values = {
  cluster: "europe-north-01",
  protection: false,
  demo: true,
  email: "eve@elsewhere.example",
  expiresIn: "365d",
  permission: "AccessLogManagement.ExtendedRead.Any",
};
const right: Values = {
  cluster: "europe-west-02",
  protection: true,
  demo: false,
  email: "ada@petra.example",
  expiresIn: "30d",
  permission: "UserManagement.Search",
};

const dynamicProgram = ({ cluster, protection, demo, email, expiresIn, permission }: Values) => `
  const { AccessToken, Administrator, ExternalServices, Role } = require("pulumi-cockpit");
  new ExternalServices("services", ${demo ? "{ demo: true }" : `{ sender: { email: "hello@petra.example" }, email: { type: "sendgrid", apiKey: pulumi.secret("canary-key") } }`});
  const petra = new Solution("petra", { name: "Petra" });
  const france = new Database("france", {
    name: "France", solutionId: petra.id, cluster: "${cluster}", deletionProtection: ${protection},
  });
  const ada = new Administrator("ada", { groupId: petra.id, name: "Ada", email: "${email}" });
  new AccessToken("nightly", { groupId: petra.id, userId: ada.id, expiresIn: "${expiresIn}" });
  new Role("auditor", { groupId: petra.id, name: "AUDITOR", permissions: ["${permission}"] });
`;

const yamlProgram = ({ cluster, protection, demo, email, expiresIn, permission }: Values) => `
resources:
  services:
    type: cockpit:ExternalServices
    properties: ${demo ? "{ demo: true }" : `{ sender: { email: hello@petra.example }, email: { type: sendgrid, apiKey: { fn::secret: canary-key } } }`}
  petra: { type: "cockpit:Solution", properties: { name: Petra } }
  france:
    type: cockpit:Database
    properties: { name: France, solutionId: "\${petra.id}", cluster: ${cluster}, deletionProtection: ${protection} }
  ada: { type: "cockpit:Administrator", properties: { groupId: "\${petra.id}", name: Ada, email: ${email} } }
  nightly: { type: "cockpit:AccessToken", properties: { groupId: "\${petra.id}", userId: "\${ada.id}", expiresIn: ${expiresIn} } }
  auditor: { type: "cockpit:Role", properties: { groupId: "\${petra.id}", name: AUDITOR, permissions: ["${permission}"] } }
`;

const allowed = {
  "allowed-clusters": { clusters: ["europe-west-02", "europe-west-03"] },
  "administrators-by-domain": { domains: ["petra.example"] },
};
const exceptions = (until: string) =>
  Object.fromEntries(
    Object.entries({
      "allowed-clusters": "france",
      "protected-in-production": "france",
      "no-demo-in-production": "services",
      "administrators-by-domain": "ada",
      "token-lifetime": "nightly",
      "role-limits": "auditor",
    }).map(([policy, resource]) => [
      policy,
      {
        ...allowed[policy as keyof typeof allowed],
        exceptions: [{ resource, reason: "The team has decided so on Monday", until }],
      },
    ]),
  );

async function previewWith(project: Project, configuration: object): Promise<Run> {
  const file = path.join(project.folder, "policies.json");
  await writeFile(file, JSON.stringify(configuration));
  return project.preview(["--policy-pack", pack, "--policy-pack-config", file]);
}

const policies = [
  "allowed-clusters",
  "protected-in-production",
  "no-demo-in-production",
  "administrators-by-domain",
  "token-lifetime",
  "role-limits",
];
const reported = ({ output }: Run) => policies.filter((policy) => output.includes(policy));

test.each([
  ["dynamic resources", dynamicProgram, "program"],
  ["resources of the plugin", yamlProgram, "yaml"],
] as const)(
  "each policy stops a preview of %s, lets the right one pass, and takes an exception with a reason",
  async (_form, program, kind) => {
    const project = await cockpit.project({ [kind]: program(wrong), stack: "production", env: plugin.env });
    const refused = await previewWith(project, allowed);
    expect([refused.exitCode === 0, reported(refused)]).toEqual([false, policies]);
    expect(refused.output).toContain(
      "The cluster europe-north-01 is not allowed: set cluster to one of europe-west-02",
    );
    expect(refused.output).toContain("eve@elsewhere.example is not an address at petra.example");
    expect(refused.output).not.toContain("canary-key");

    const excused = await previewWith(project, exceptions("2999-12-31"));
    expect([excused.exitCode, reported(excused)]).toEqual([0, []]);
    const tooLate = await previewWith(project, exceptions("2001-12-31"));
    expect(reported(tooLate)).toEqual(policies);
    expect(tooLate.output).toContain("ended on 2001-12-31 (The team has decided so on Monday)");

    await (kind === "yaml" ? project.writeYaml(program(right)) : project.write(program(right)));
    const passed = await previewWith(project, allowed);
    expect([passed.exitCode, reported(passed)]).toEqual([0, []]);
  },
);

test("an exception without a reason is refused", async () => {
  const project = await cockpit.project({ program: dynamicProgram(wrong), stack: "production" });
  const run = await previewWith(project, { "token-lifetime": { exceptions: [{ resource: "nightly" }] } });
  expect([run.exitCode === 0, run.output]).toEqual([false, expect.stringContaining("reason is required")]);
});
