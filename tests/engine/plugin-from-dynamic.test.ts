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

const dynamic = `
  const { AccessToken, OnboardedSolution } = require("pulumi-cockpit");
  const mine = new Solution("mine", { name: "Mine", properties: { tier: "production" } });
  const own = new Database("own", { name: "Own", solutionId: mine.id, cluster: "europe-west-02" });
  new OnboardedSolution("petra", {
    solution: { name: "Petra" },
    database: { name: "Petra France" },
    organisation: { name: "Petra Corp", email: "care@petra.example", token: { expiresIn: "90d" } },
    externalServices: { sender: { email: "hello@petra.example" }, email: { type: "smtp", host: "smtp.petra.example", port: 587, user: "petra", password: "canary-smtp" } },
    processes: { "patient-registration": {} },
  });
`;
const yaml = `
resources:
  mine: { type: "cockpit:Solution", properties: { name: Mine, properties: { tier: production } } }
  own: { type: "cockpit:Database", properties: { name: Own, solutionId: "\${mine.id}", cluster: europe-west-02 } }
  petra:
    type: cockpit:OnboardedSolution
    properties:
      solution: { name: Petra }
      database: { name: Petra France }
      organisation: { name: Petra Corp, email: care@petra.example, token: { expiresIn: 90d } }
      externalServices:
        sender: { email: hello@petra.example }
        email: { type: smtp, host: smtp.petra.example, port: 587, user: petra, password: canary-smtp }
      processes: { patient-registration: {} }
`;

test("a stack of dynamic resources moves over to the plugin with no replacement and no writing call", async () => {
  const project = await cockpit.project({ program: dynamic });
  await project.succeeds(project.up());
  const before = new Map(
    (await project.resources()).map(({ urn, id }) => [urn.slice(urn.lastIndexOf("::") + 2), id]),
  );
  expect(before.size).toBe(8);

  await project.writeYaml(yaml);
  cockpit.requestsSince();
  const preview = await project.succeeds(project.preview(["--expect-no-changes"], plugin.env));
  expect(preview.steps.filter(({ op }) => op !== "same")).toEqual([]);
  await project.succeeds(project.up(["--expect-no-changes"], plugin.env));
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET"))).toEqual([]);

  const after = await project.resources();
  expect(new Map(after.map(({ urn, id }) => [urn.slice(urn.lastIndexOf("::") + 2), id]))).toEqual(before);
  expect(after.map(({ type }) => type).filter((type) => !type.startsWith("cockpit:index:"))).toEqual([]);
  await project.succeeds(project.refresh([], plugin.env));
  await project.succeeds(project.preview(["--expect-no-changes"], plugin.env));
  expect(await project.stateText()).not.toMatch(/__provider|canary-smtp/);
});
