import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (more = "", ada = `email: "ada@petra.example", parentId: clinic.id,`) => `
  const { Role, User } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
  const reader = new Role("READER", { groupId: petra.id, permissions: ["TopicManagement.Create"] });
  const clinic = new User("clinic", {
    databaseId: france.id, userType: "organisation", name: "Clinic", email: "clinic@petra.example",
  });
  new User("ada", {
    databaseId: france.id, userType: "healthcare-party", firstName: "Ada", roles: ["BASIC_USER", reader.id],
    autoDelegations: { all: [clinic.id] }, loginIdentifiers: [{ assigner: "azure", value: "a1" }], ${ada}
  });
  new User("exporter", { databaseId: france.id, userType: "user", login: "exporter", ${more} });
`;

test("people of a database are previewed, made, changed in place, corrected after manual changes, and gone with the program", async () => {
  const project = await cockpit.project({ program: program() });
  await project.succeeds(project.up());
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  const groupId = cockpit.liveGroup("France").id;
  const users = async () =>
    (
      (await cockpit.asAdministrator(
        "GET",
        `user/inGroup/${groupId}?includeMetadataFromGlobalUser=true`,
      )) as {
        rows: { id: string; name: string; rev: string; systemMetadata: unknown }[];
      }
    ).rows;
  const named = async (name: string) => (await users()).find((user) => user.name === name);
  const role = `${cockpit.liveGroup("Petra").id}:READER`;
  expect(await named("ada")).toMatchObject({
    autoDelegations: { all: [(await project.resource("clinic")).id] },
    systemMetadata: { roles: ["BASIC_USER", role], inheritsRoles: false },
  });

  await project.write(program(`status: "disabled",`, `email: "a.petrova@petra.example",`));
  await project.succeeds(project.up());
  expect(await named("ada")).toMatchObject({ email: "a.petrova@petra.example" });
  expect(await named("exporter")).toMatchObject({ status: "DISABLED" });

  const ada = await named("ada");
  await cockpit.asAdministrator("POST", `user/${ada?.id}/inGroup/${groupId}/roles/set`, { ids: [] });
  await cockpit.asAdministrator(
    "DELETE",
    `user/inGroup/${groupId}/${(await named("exporter"))?.id}?rev=${(await named("exporter"))?.rev}`,
  );
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  expect(await named("ada")).toMatchObject({ systemMetadata: { roles: ["BASIC_USER", role] } });
  expect(await named("exporter")).toBeDefined();

  // The role is in use until the people who have it are gone.
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});

test("two of one e-mail address and patients are refused in the preview", async () => {
  const france = `const { User } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });`;
  const user = (name: string, userType: string) =>
    `new User("${name}", { databaseId: france.id, userType: "${userType}", email: "ada@petra.example" });`;
  const project = await cockpit.project({ program: `${france} ${user("ada", "patient")}` });
  expect((await project.preview()).output).toMatch(/patients are not declared: what Cockpit keeps of one/);
  await project.write(france);
  await project.succeeds(project.up());
  await project.write(`${france} ${user("ada", "user")} ${user("eve", "organisation")}`);
  expect((await project.preview()).output).toMatch(/another resource of this program gives it to somebody/);
});
