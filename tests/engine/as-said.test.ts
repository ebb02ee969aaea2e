import { Cockpit } from "../support/cockpit";
import { expectRefusal } from "../support/refusal";

/** What a program says is what is made, by the login that it says. */
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
    const loop = { a: 1 }; loop.self = loop;
    new Solution("petra", { name: "Petra", deletionProtection: false, properties: { loop: { type: "json", value: loop } } });`);
  const refused = await project.preview();
  expectRefusal(refused, 'Solution "petra": properties: loop: value: self: holds itself');
  expect(refused.output).not.toMatch(/RangeError|\n\s+at /);
  await project.succeeds(project.destroy());
});

test("look-ups and resources of one run have one login, or nothing is made", async () => {
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
