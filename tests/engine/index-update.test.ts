import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (version: number, more = "") => `
  const { IndexUpdate } = require("pulumi-cockpit");
  const petra = new Solution("petra", { deletionProtection: false });
  const france = new Database("france", { solutionId: petra.id, deletionProtection: false });
  const update = new IndexUpdate("indexes", { databaseId: france.id, triggers: { app: ${version} }${more} });
  exports.documents = update.documents;
`;
const updates = () => cockpit.requestsSince().filter((request) => /^PUT .*\/dd$/.test(request)).length;

test("indexes are updated once for each change of a trigger, and deleting that changes nothing", async () => {
  const project = await cockpit.project({ program: program(1) });
  await project.succeeds(project.up());
  expect(updates()).toBe(1);
  expect((await project.resource("indexes")).outputs.documents).toContain("_design/Patient");
  await project.succeeds(project.refresh());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.write(program(2));
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/app *: 1 => 2/);
  expect(updates()).toBe(0);
  // A lost answer is asked for again, which does no harm.
  cockpit.emulator.addFault({
    method: "PUT",
    path: "**/dd",
    phase: "after",
    times: 1,
    action: { drop: true },
  });
  const up = await project.succeeds(project.up());
  expect(up.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "indexes" }]);
  expect(updates()).toBe(2);
  await project.succeeds(project.destroy());
  expect(updates()).toBe(0);
});

test("the indexes of what is not a database are not updated", async () => {
  const project = await cockpit.project({
    program: program(1).replace("france.id, triggers", "petra.id, triggers"),
  });
  const up = await project.up();
  expect(up.exitCode).not.toBe(0);
  expect(up.diagnostics).toMatch(/databaseId: the solution "petra" .*\[cockpit:wrong-kind\]/);
  expect(updates()).toBe(0);
});

test("it waits until they are built, fails by its time-out and goes on in the next run, and keeps schema versions", async () => {
  await cockpit.dispose();
  cockpit = await Cockpit.start({ seed: { indexSeconds: 4 } });
  const versions = () => cockpit.liveGroup("france")?.designDocSchemaVersions ?? [];
  const looks = () => cockpit.requestsSince().filter((request) => /^GET .*\/byGroup\/.*\/i$/.test(request));
  const project = await cockpit.project({ program: program(1, ", timeout: 2, schemaVersions: [2]") });
  const late = await project.up();
  expect(late.exitCode).not.toBe(0);
  expect(late.diagnostics).toMatch(
    /"indexes": the indexes of \S+ were not built within 2 seconds.*Cockpit goes on building them\..*\[cockpit:timeout\]/s,
  );
  expect(versions()).toEqual([2]);
  looks();
  await project.write(program(1, ', timeout: "5m", schemaVersions: [3]'));
  const up = await project.succeeds(project.up());
  expect(up.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "create", name: "indexes" }]);
  expect(looks().length).toBeGreaterThan(2);
  expect(versions()).toEqual([3]);
  await project.write(program(1, ', timeout: "6m", schemaVersions: [3]'));
  await project.succeeds(project.preview(["--expect-no-changes"]));
});
