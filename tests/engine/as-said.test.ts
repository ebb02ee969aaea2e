import { Cockpit } from "../support/cockpit";
import { expectRefusal } from "../support/refusal";

/** What a program says is what is created, by the login that it says. */
let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const stored = (name: string, identifier: string) => {
  const found = cockpit.liveGroup(name).properties?.find(({ type }) => type?.identifier === identifier);
  return JSON.parse(found?.typedValue?.stringValue ?? "") as unknown;
};

test("nulls of custom properties and triggers are kept, and a component is a trigger by its URN", async () => {
  const program = (version: string) => `
    const { IndexUpdate } = require("pulumi-cockpit");
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false, properties: {
      layout: { type: "json", value: { footer: null, columns: [1, null, { deep: null }], title: "x" } },
      empty: { type: "json", value: null },
    } });
    const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
    const part = new pulumi.ComponentResource("petra:index:Part", "part");
    new IndexUpdate("indexes", { databaseId: france.id, triggers: { version: ${version}, part, france } });`;
  const project = await cockpit.project({ program: program("null") });
  await project.succeeds(project.up());
  expect(stored("Petra", "empty")).toBeNull();
  expect(stored("Petra", "layout")).toEqual({ footer: null, columns: [1, null, { deep: null }], title: "x" });
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await project.write(program("1"));
  const { steps } = await project.succeeds(project.preview());
  expect(steps.filter(({ op }) => op !== "same").map(({ name }) => name)).toEqual(["indexes"]);

  await project.write(`
    const { IndexUpdate } = require("pulumi-cockpit");
    const loop = { a: 1 }; loop.self = loop;
    new IndexUpdate("indexes", { databaseId: "ic-1", triggers: { loop } });`);
  const refused = await project.preview();
  expectRefusal(refused, 'IndexUpdate "indexes": triggers: loop: self: holds itself');
  expect(refused.output).not.toMatch(/RangeError|\n\s+at /);
  await project.succeeds(project.destroy());
});

test("look-ups and resources of one run have one login, or nothing is created", async () => {
  const project = await cockpit.project({
    program: `
      const { getSolutions } = require("pulumi-cockpit");
      // As a tool that brings a program up within its own process, with another login in its envVars.
      process.env.COCKPIT_USERNAME = "${cockpit.emulator.environmentId}/petra-administrator";
      module.exports = (async () => {
        const { solutions } = await getSolutions();
        const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
        return { found: solutions.length };
      })();`,
  });
  cockpit.requestsSince();
  for (const run of [await project.preview(), await project.up()]) {
    expectRefusal(
      run,
      /look-ups of this program and its resources have different settings \(cockpit:username\)/,
    );
  }
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);

  await project.write(`
    const { getSolutions } = require("pulumi-cockpit");
    module.exports = getSolutions().then(({ solutions }) => {
      new Solution("petra", { name: "Petra", deletionProtection: false });
      return { found: solutions.length };
    });`);
  await project.succeeds(project.up());
  const { inputs, outputs } = await project.resource("petra");
  expect(Object.keys({ ...inputs, ...outputs })).not.toContain("__lookUps");
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.destroy());
});

test("a captcha that is a secret or an output is the one whose key the app gets", async () => {
  const project = await cockpit.project({
    program: `
      const { OnboardedSolution } = require("pulumi-cockpit");
      const config = new pulumi.Config();
      const petra = new OnboardedSolution("petra", {
        solution: { name: "Petra", deletionProtection: false },
        database: { name: "Petra France", deletionProtection: false },
        externalServices: {
          sender: { email: "hello@petra.example" },
          email: { type: "sendgrid", apiKey: config.requireSecret("sendgridKey") },
          captcha: config.requireSecretObject("captcha"),
        },
      });
      exports.variables = pulumi.all(petra.variables);`,
  });
  await project.config("sendgridKey", "SG.canary", "--secret");
  await project.config("captcha.type", "recaptcha", "--path");
  await project.config("captcha.siteKey", "6Lx", "--path");
  await project.config("captcha.secretKey", "6Ly", "--path", "--secret");
  await project.succeeds(project.up());
  expect(JSON.parse(await project.must(["stack", "output", "--json", "--show-secrets"]))).toMatchObject({
    variables: { RECAPTCHA_SITE_KEY: "6Lx" },
  });
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.destroy());
});

test("a property that is stored in a form of another type is replaced where it is declared, beside what was added by hand", async () => {
  const project = await cockpit.project({
    program: `new Solution("petra", { name: "Petra", deletionProtection: false, properties: { seats: 250, flag: true } });`,
  });
  await project.succeeds(project.up());
  const group = cockpit.liveGroup("Petra");
  const stored = (identifier: string, type: string, typedValue: object) => ({
    type: { identifier, type },
    typedValue,
  });
  const byHand = stored("byhand", "INTEGER", { type: "INTEGER", integerValue: 12 });
  const mismatched = [
    stored("seats", "INTEGER", { type: "STRING", stringValue: "250" }),
    stored("flag", "BOOLEAN", { type: "BOOLEAN", stringValue: "true" }),
    byHand,
  ];
  cockpit.emulator.addFault({
    method: "GET",
    path: `/rest/v2/group/${group.id}`,
    action: { status: 200, body: { ...group, properties: mismatched } },
  });
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  const { properties } = cockpit.liveGroup("Petra");
  expect(properties).toHaveLength(3);
  expect(properties).toEqual(
    expect.arrayContaining([
      stored("seats", "INTEGER", { type: "INTEGER", integerValue: 250 }),
      stored("flag", "BOOLEAN", { type: "BOOLEAN", booleanValue: true }),
      byHand,
    ]),
  );
  cockpit.emulator.clearFaults();
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("the options import and id are refused with the way that works, which works to the letter", async () => {
  const { environmentId } = cockpit.emulator;
  await cockpit.asAdministrator("POST", `group/ic-hand/application?name=Hand&superGroup=${environmentId}`);
  const project = await cockpit.project({
    program: `new Solution("hand", { name: "Hand", deletionProtection: false }, { import: "ic-hand" });`,
  });
  const refused = await project.preview();
  expectRefusal(refused, 'set groupId: "ic-hand"', "COCKPIT_ADOPT=ic-hand");
  expect(refused.output).not.toMatch(/TypeError|\n\s+at /);
  await project.write(
    `new Solution("hand", { name: "Hand", deletionProtection: false, groupId: "ic-hand" });`,
  );
  await project.succeeds(project.up([], { COCKPIT_ADOPT: "ic-hand" }));
  expect(await project.resource("hand")).toMatchObject({ id: "ic-hand" });
});

test("line breaks around a setting are not part of it, and quotes are told", async () => {
  const { username, password, environmentId } = cockpit.emulator;
  const program = `new Solution("petra", { name: "Petra" });`;
  const broken = {
    COCKPIT_USERNAME: `${username}\n`,
    COCKPIT_PASSWORD: `${password}\r\n`,
    COCKPIT_ENVIRONMENT: `${environmentId}\n`,
  };
  const project = await cockpit.project({ program, env: broken });
  await project.succeeds(project.preview());
  const quoted = await project.preview([], { COCKPIT_PASSWORD: `"${password}"` });
  expectRefusal(quoted, "the password was sent with the quotes around it", "[cockpit:unauthorized]");
  expect(quoted.output).not.toContain(password);
});
