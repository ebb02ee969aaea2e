import { Cockpit } from "../support/cockpit";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

test("deletedWith that a component hands down is refused before anything is created", async () => {
  const project = await cockpit.project({
    program: `
      const { OnboardedSolution } = require("pulumi-cockpit");
      const anchor = new Solution("anchor", { deletionProtection: false });
      class Product extends pulumi.ComponentResource {
        constructor(name, options) {
          super("petra:index:Product", name, {}, options);
          new OnboardedSolution(name, { database: {} }, { parent: this });
        }
      }
      new Product("petra", { deletedWith: anchor });
    `,
  });
  expectRefusal(await project.preview(), /with deletedWith, .*the engine would drop it from the state/);
});

test("lifting the protection says what may be lost from now on, and replaces no token", async () => {
  const program = (args: string) => `
    const { AccessToken, ParentOrganisation } = require("pulumi-cockpit");
    const petra = new Solution("petra", { name: "Petra" });
    const france = new Database("france", { name: "France", solutionId: petra.id, ${args} });
    const clinic = new ParentOrganisation("clinic", { databaseId: france.id, email: "clinic@petra.example" });
    new AccessToken("token", { groupId: france.id, userId: clinic.userId, expiresIn: "90d" });
  `;
  const project = await cockpit.project({ program: program("") });
  await project.succeeds(project.up());
  await project.write(program("deletionProtection: false, hardDelete: true"));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => /replace|delete|create/.test(op))).toEqual([]);
  expect(preview.diagnostics).toMatch(
    /Database "france": its protection is lifted. From now on .* deletes the database "France" .* with 1 user and all its records, irreversibly \(hardDelete\), without asking/,
  );
});

test("a preview names the environment it would create in, what wins over the stack, and what the run would stumble over", async () => {
  const project = await cockpit.project({
    program: `
      const { AuthenticationProcess, ExternalServices } = require("pulumi-cockpit");
      const petra = new Solution("petra", { name: "Petra" });
      new Database("france", { name: "France", solutionId: petra.id, cluster: "europe-west-99" });
      new Database("italy", { name: "Italy", solutionId: petra.id, cluster: "europe-west-98" });
      new AuthenticationProcess("login", { groupId: petra.id, template: "login" });
    `,
  });
  await project.config("cockpit:url", "https://api.icure.cloud");
  cockpit.requestsSince();
  const { diagnostics } = await project.succeeds(project.preview());
  const { environmentId, url, username } = cockpit.emulator;
  expect(diagnostics).toContain(`(${environmentId}) at ${url}, by ${username}.`);
  expect(diagnostics.match(/New resources are created/g)).toHaveLength(1);
  expect(diagnostics).toContain("COCKPIT_URL over cockpit:url (https://api.icure.cloud)");
  expect(diagnostics).toMatch(/Database "france": cluster: this account has nothing on "europe-west-99" yet/);
  expect(diagnostics).toMatch(/the process "login" once it is there sends nothing yet/);
  // However many there are to create: the account, its environment, its groups once, its external services.
  const requests = cockpit.requestsSince();
  expect(requests.filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(requests.length).toBeLessThanOrEqual(6);

  await project.write(`
    const { AuthenticationProcess, ExternalServices } = require("pulumi-cockpit");
    const services = new ExternalServices("services", { demo: true });
    const petra = new Solution("petra", { name: "Petra" });
    const text = { groupId: petra.id, template: "login", sms: { message: "{{it.validationCode}}" } };
    const login = new AuthenticationProcess("login", text, { dependsOn: services });
    new ExternalServices("twice", { demo: true }, { dependsOn: login });
  `);
  const second = await project.preview();
  expectRefusal(second, /"services" and "twice" are both the external services/);
  expect(second.diagnostics).toMatch(/sends no SMS: the environment has Cockpit's demo set-up/);
});
