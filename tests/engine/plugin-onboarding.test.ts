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

const program = (password: string) => `
config:
  smtpPassword: { type: string, secret: true }
resources:
  petra:
    type: cockpit:OnboardedSolution
    properties:
      solution: { name: Petra, applicationId: com.petra.app, deletionProtection: false }
      database: { name: Petra France, cluster: europe-west-02, deletionProtection: false }
      organisation: { name: Petra Corp, email: care@petra.example, token: { expiresIn: 90d } }
      externalServices:
        sender: { email: hello@petra.example }
        email: { type: smtp, host: smtp.petra.example, port: 587, user: petra, password: "${password}" }
      processes:
        patient-registration: { language: fr }
outputs:
  variables: \${petra.variables}
  token: \${petra.variables["PARENT_ORGANISATION_TOKEN"]}
`;

test("the wizard in one component, from YAML: children as any resource, secrets kept, and no change the second time", async () => {
  const yaml = await cockpit.project({ yaml: program("${smtpPassword}"), env: plugin.env });
  await yaml.config("smtpPassword", "canary-smtp", "--secret");
  const preview = await yaml.succeeds(yaml.preview());
  expect(preview.steps.map(({ op, name }) => `${op} ${name}`).sort()).toEqual([
    "create petra",
    "create petra-database",
    "create petra-organisation",
    "create petra-patient-registration",
    "create petra-services",
    "create petra-token",
  ]);
  expect(preview.output).not.toContain("canary-smtp");
  await yaml.succeeds(yaml.up());
  const outputs = JSON.parse(await yaml.must(["stack", "output", "--json", "--show-secrets"])) as {
    variables: Record<string, string>;
    token: string;
  };
  expect(outputs.variables).toMatchObject({
    EXTERNAL_SERVICES_SPEC_ID: cockpit.emulator.environmentId,
    PARENT_ORGANISATION_ID: (await yaml.resource("petra-organisation")).id,
    EMAIL_AUTHENTICATION_PROCESS_ID: (await yaml.resource("petra-patient-registration")).id,
  });
  expect(outputs.token).toMatch(/.{20}/);
  const state = await yaml.stateText();
  expect(state).not.toContain("canary-smtp");
  expect(state).not.toContain(outputs.token);
  await yaml.succeeds(yaml.preview(["--expect-no-changes"]));
  await yaml.succeeds(yaml.refresh(["--expect-no-changes"]));
  await yaml.succeeds(yaml.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});
