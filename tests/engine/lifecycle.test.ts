import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const petra = `
  const petra = new Solution("petra", { name: "Petra", applicationId: "com.petra.app" });
  new Database("france", { name: "France", solutionId: petra.id, cluster: "europe-west-02" });
  new Database("belgium", {
    name: "Belgium",
    solutionId: petra.id,
    cluster: "europe-west-03",
    properties: { tier: "production", seats: 250 },
  });
  exports.specId = petra.specId;
`;

test("[F33] up creates what is declared, a preview then shows nothing and asks nothing, destroy takes it away", async () => {
  const project = await cockpit.project({ program: petra });

  const preview = await project.succeeds(project.preview());
  expect(preview.steps.map(({ op, name }) => `${op} ${name}`).sort()).toEqual([
    "create belgium",
    "create france",
    "create petra",
  ]);
  expect(cockpit.liveGroups()).toEqual([]);
  expect(cockpit.requestsSince().every((request) => request.startsWith("GET "))).toBe(true);

  await project.succeeds(project.up());
  const solution = cockpit.liveGroup("Petra");
  expect(solution).toMatchObject({
    superGroup: cockpit.emulator.environmentId,
    applicationId: "com.petra.app",
  });
  expect(cockpit.liveGroup("France")).toMatchObject({ superGroup: solution.id, servers: ["europe-west-02"] });
  const writes = cockpit.requestsSince().filter((request) => !request.startsWith("GET "));
  expect(writes.map((request) => request.replace(/ic-[\w-]+/, "ID")).sort()).toEqual([
    "POST /group/ID/application",
    "POST /group/ID/database",
    "POST /group/ID/database",
    "PUT /group/ID/properties",
  ]);

  const unchanged = await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(unchanged.output).toMatch(/unchanged/);
  expect(cockpit.requestsSince()).toEqual([]);

  const refreshed = await project.succeeds(project.refresh(["--expect-no-changes"]));
  expect(refreshed.exitCode).toBe(0);

  const lifted = petra.replaceAll("name:", "deletionProtection: false, name:");
  await project.write(lifted);
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  expect(await project.resources()).toEqual([]);
});

test("names, project id and properties change in place, and the preview says so", async () => {
  const project = await cockpit.project({
    program: `new Solution("petra", { name: "Petra", properties: { seats: 250, tier: "test" } });`,
  });
  await project.succeeds(project.up());
  const { id } = await project.resource("petra");

  await project.write(
    `new Solution("petra", { name: "Petra 🩺", applicationId: "com.petra.app", properties: { seats: 300 } });`,
  );
  const preview = await project.succeeds(project.preview());
  expect(preview.steps).toEqual([expect.objectContaining({ op: "update", name: "petra" })]);
  expect(preview.output).toMatch(/~ name\s*: "Petra" => "Petra 🩺"/);
  expect(preview.output).toMatch(/\+ applicationId\s*: "com.petra.app"/);
  expect(preview.output).toMatch(/~ seats: 250 => 300/);
  expect(preview.output).toMatch(/- tier\s*: "test"/);

  await project.succeeds(project.up());
  expect(cockpit.liveGroup("Petra 🩺")).toMatchObject({ id, applicationId: "com.petra.app" });
  expect((await project.resource("petra")).id).toBe(id);
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await project.write(`new Solution("petra", { name: "Petra" });`);
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("Petra").applicationId).toBeUndefined();
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("[F31] refresh reports what changed outside, and nothing else", async () => {
  const project = await cockpit.project({ program: petra });
  await project.succeeds(project.up());
  const belgium = cockpit.liveGroup("Belgium");
  await cockpit.asAdministrator(
    "PUT",
    `group/${cockpit.liveGroup("France").id}/name/${encodeURIComponent("Odd / name?")}`,
  );
  await cockpit.asAdministrator("PUT", `group/${belgium.id}/properties`, {
    properties: [
      ...(belgium.properties ?? []).map((property) =>
        property.type?.identifier === "seats"
          ? { ...property, typedValue: { type: "INTEGER", integerValue: 1 } }
          : property,
      ),
      {
        type: { identifier: "note", type: "STRING" },
        typedValue: { type: "STRING", stringValue: "by hand" },
      },
    ],
  });

  const refreshed = await project.succeeds(project.refresh());
  expect(refreshed.steps.filter(({ op }) => op !== "refresh")).toEqual([]);
  expect((await project.resource("france")).outputs.name).toBe("Odd / name?");
  expect((await project.resource("belgium")).outputs.properties).toEqual({ tier: "production", seats: 1 });

  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/~ name\s*: "Odd \/ name\?" => "France"/);
  expect(preview.output).toMatch(/~ seats\s*: 1 => 250/);
  expect(preview.output).not.toMatch(/note/);

  await project.succeeds(project.up());
  const properties = cockpit.liveGroup("Belgium").properties ?? [];
  expect(properties.map((property) => property.type?.identifier).sort()).toEqual(["note", "seats", "tier"]);
  expect(cockpit.liveGroup("France").id).toBe((await project.resource("france")).id);
});

test("[F28] what was deleted outside is created again, and deleting it again is quiet", async () => {
  const project = await cockpit.project({ program: petra });
  await project.succeeds(project.up());
  const old = cockpit.liveGroup("France").id;
  await cockpit.asAdministrator("DELETE", `group/${old}`);

  const refreshed = await project.succeeds(project.refresh());
  expect(refreshed.output).toMatch(/deleted/);
  expect((await project.resources()).length).toBe(2);
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("France").id).not.toBe(old);

  await cockpit.asAdministrator("DELETE", `group/${cockpit.liveGroup("France").id}`);
  await project.write(petra.replace(/new Database\("france".*\n/, ""));
  await project.succeeds(project.up());
  expect(
    cockpit
      .liveGroups()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Belgium", "Petra"]);
});
