import { Cockpit } from "../support/cockpit";
import { confirmationOf, destroyConfirmed, confirmationsIn } from "../support/confirmation";
import type { Project } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const groups = (database = "") => `
  const { AccessToken, Administrator, AuthenticationProcess, ExternalServices, ParentOrganisation } = require("pulumi-cockpit");
  const services = new ExternalServices("services", { demo: true });
  const petra = new Solution("petra", { name: "Petra" }, { dependsOn: [services] });
  const france = new Database("france", { name: "France", solutionId: petra.id, ${database} });
`;
const organisation = `
  const clinic = new ParentOrganisation("clinic", { databaseId: france.id, email: "clinic@petra.example" });
  new AccessToken("token", { groupId: france.id, userId: clinic.userId, expiresIn: "90d" });
`;
const others = `
  new Administrator("ada", { groupId: petra.id, name: "Ada", email: "ada@petra.example" });
  new AuthenticationProcess("login", { groupId: france.id, template: "login" }, { dependsOn: [services] });
`;

async function projectThatIsUp(): Promise<Project> {
  const project = await cockpit.project({ program: groups() + organisation + others });
  await project.succeeds(project.up());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  cockpit.requestsSince();
  return project;
}

const writesSince = () => cockpit.requestsSince().filter((request) => !request.startsWith("GET "));
/** The API finds users by a POST. */
const isNoWrite = (request: string) => /login|refresh|user\/filter/.test(request);

async function protectedNames(project: Project): Promise<string[]> {
  const resources = await project.resources();
  return resources
    .filter(
      ({ type, outputs }) => !/Solution|Database/.test(type) && outputs?.["deletionProtection"] === true,
    )
    .map(({ urn }) => urn.split("::").at(-1) ?? "")
    .sort();
}

test("a destroy that is refused has deleted nothing in the database either", async () => {
  const project = await projectThatIsUp();
  expect(await protectedNames(project)).toEqual(["ada", "clinic", "login", "token"]);
  const before = await project.resources();
  const refused = await project.destroy();
  const [solution] = confirmationsIn(refused.diagnostics).filter((typed) => typed.startsWith("Petra@"));
  for (const run of [
    refused,
    await project.destroy(["--refresh"]),
    await project.destroy([], { COCKPIT_CONFIRM_DELETE: solution ?? "" }),
  ]) {
    expectRefusal(
      run,
      /was not deleted, because it is inside the database "France" \(id ic-france.*\), which is protected and .* COCKPIT_CONFIRM_DELETE=('\["Petra@\w+",")?France.*\[cockpit:inside-protected\]/,
    );
  }
  expect(writesSince().filter((request) => !isNoWrite(request))).toEqual([]);
  expect((await project.resources()).map(({ urn }) => urn)).toEqual(before.map(({ urn }) => urn));
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  // One refusal names all, although the engine has asked for what is in the database only.
  const deleted = await project.succeeds(project.destroy([], confirmationOf(refused)));
  expect(deleted.diagnostics).toMatch(/the database "France" .* was deleted although it was protected/);
  expect(cockpit.liveGroups()).toEqual([]);
});

test("neither has an up whose program declares none of it any more", async () => {
  const project = await projectThatIsUp();
  await project.write("");
  for (const run of [await project.up(), await project.up(["--refresh"])]) {
    expectRefusal(run, /is protected/);
  }
  expect(writesSince().filter((request) => !isNoWrite(request))).toEqual([]);
});

test("what is in a protected database goes without being confirmed where the database stays", async () => {
  const project = await projectThatIsUp();
  await project.write(groups() + organisation);
  await project.succeeds(project.up());
  await project.write(groups());
  await project.succeeds(project.up());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(await protectedNames(project)).toEqual([]);
});

test("a protection that is lifted is lifted from what is in the database, without a request", async () => {
  const project = await projectThatIsUp();
  await project.write(groups("deletionProtection: false") + organisation + others);
  await project.succeeds(project.up());
  expect(writesSince().filter((request) => !isNoWrite(request))).toEqual([]);
  expect(await protectedNames(project)).toEqual(["ada"]);
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await destroyConfirmed(project);
  expect(cockpit.liveGroups()).toEqual([]);
});
