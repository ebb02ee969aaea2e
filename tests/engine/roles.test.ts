import { Cockpit } from "../support/cockpit";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (description = "Reads", permission = "TopicManagement.Create") => `
  const { Role, DefaultRoles } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const auditor = new Role("auditor", {
    groupId: petra.id, name: "AUDITOR", description: "${description}", permissions: ["${permission}"],
  });
  const defaults = new DefaultRoles("defaults", {
    groupId: petra.id, userType: "user", roles: ["BASIC_USER", auditor.id],
  });
`;

test("roles and who has them by default: previewed, made, changed in place, replaced under the same id, and gone with the program", async () => {
  const project = await cockpit.project({ program: program("Reads", "TopicManagement.Creat") });
  const refused = await project.preview();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/did you mean "TopicManagement.Create"\?/);

  await project.write(program());
  await project.succeeds(project.up());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  const groupId = cockpit.liveGroup("Petra").id;
  const id = `${groupId}:AUDITOR`;
  const role = () => cockpit.asAdministrator("GET", `role/${id}`) as Promise<{ rev: string }>;
  const defaults = () => cockpit.asAdministrator("GET", `group/${groupId}/defaultRoles`);
  expect((await project.resource("auditor")).id).toBe(id);
  expect(await defaults()).toMatchObject({ USER: [{ roles: ["BASIC_USER", id] }] });

  await cockpit.asAdministrator("PUT", `role/${id}`, ["UserManagement.Search"]);
  await project.succeeds(project.refresh());
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/"UserManagement.Search"\s*=>\s*"TopicManagement.Create"/);
  await project.succeeds(project.up());
  expect(await role()).toMatchObject({ permissions: ["TopicManagement.Create"] });

  await project.write(program("Looks"));
  await project.succeeds(project.up());
  expect(await role()).toMatchObject({ description: "Looks", id });
  expect(await defaults()).toMatchObject({ USER: [{ roles: ["BASIC_USER", id] }] });
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.succeeds(project.destroy());
  await expect(role()).rejects.toThrow("404");
});
