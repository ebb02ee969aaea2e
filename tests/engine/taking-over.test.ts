import { Cockpit } from "../support/cockpit";
import { variableIn } from "../support/confirmation";
import type { Project, Run } from "../support/project";
import { expectRefusal } from "../support/refusal";

/** What is in a database, renamed in the program or declared in another stack: each message is followed to the letter. */
let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const prologue = `const { AccessToken, Administrator, AuthenticationProcess, ExternalServices, ParentOrganisation } = require("pulumi-cockpit");`;
const groups = `
  const services = new ExternalServices("services", { demo: true });
  const petra = new Solution("petra", { name: "Petra", groupId: "petra" }, { dependsOn: [services] });
  const france = new Database("france", { name: "France", groupId: "petra-france", solutionId: petra.id });
  const dependsOn = [france];`;
const elsewhere = `const dependsOn = [];`;
const parts = (version: string, aliased = false) => {
  const options = (name: string) => `{ dependsOn, ${aliased ? `aliases: [{ name: "${name}" }]` : ""} }`;
  return `
    const clinic = new ParentOrganisation("clinic${version}", { databaseId: "petra-france", name: "Clinic", email: "clinic@petra.example" }, ${options("clinic")});
    new AccessToken("token${version}", { groupId: "petra-france", userId: clinic.userId, name: "backend", expiresIn: "90d" }, ${options("token")});
    new Administrator("ada${version}", { groupId: "petra", name: "Ada", email: "ada@petra.example" }, ${options("ada")});
    new AuthenticationProcess("login${version}", { groupId: "petra-france", template: "login", name: "Login" }, ${options("login")});`;
};

const writesSince = () =>
  cockpit
    .requestsSince()
    .filter((request) => !request.startsWith("GET ") && !/login|refresh|\/filter\//.test(request));

async function idsIn(project: Project): Promise<(string | undefined)[]> {
  const resources = await project.resources();
  return resources.map(({ id }) => id).sort();
}

/** All that a run asks to take over. */
function toAdopt(run: Run): Record<string, string> {
  const named = [...run.diagnostics.matchAll(/COCKPIT_ADOPT=(?:'[^']*'|[^\s'])+/g)]
    .map(([text]) => variableIn("COCKPIT_ADOPT", text) ?? "")
    .flatMap((typed) => (typed.startsWith("[") ? (JSON.parse(typed) as string[]) : [typed]));
  return { COCKPIT_ADOPT: JSON.stringify([...new Set(named)]) };
}

test("parts that are renamed in the program stay what they are by the alias that each refusal names", async () => {
  const project = await cockpit.project({ program: prologue + groups + parts("") });
  await project.succeeds(project.up());
  const before = await idsIn(project);
  cockpit.requestsSince();
  // A process has no name of its own in a database: another one of other resources is another process.
  await project.write(prologue + groups + parts("-2").replace("login-2", "login"));
  const refused = await project.up(["--refresh", "--continue-on-error"]);
  for (const name of ["clinic", "token", "ada"]) {
    expectRefusal(refused, `aliases: [{ name: "${name}" }]`);
  }
  expect(writesSince()).toEqual([]);
  await project.write(prologue + groups + parts("-2", true));
  await project.succeeds(project.up());
  expect(await idsIn(project)).toEqual(before);
  expect(writesSince()).toEqual([]);
});

test("another stack takes parts over as a preview and a run say, and lets go of them as they say", async () => {
  const project = await cockpit.project({ program: prologue + groups + parts("") });
  await project.succeeds(project.up());
  const other = await cockpit.project({ name: "other", program: prologue + elsewhere + parts("") });
  cockpit.requestsSince();
  const refused = await other.up(["--continue-on-error"]);
  expect(writesSince()).toEqual([]);
  const known = toAdopt(refused);
  const announced = [
    /ParentOrganisation "clinic" takes over the organisation "Clinic" .*: nothing is created\. .*pulumi state delete/,
    /Administrator "ada" takes over the administrator "Ada" .*: nothing is created\. .*pulumi state delete/,
    /AuthenticationProcess "login" takes over the process "Login" .*: nothing is created\. .*pulumi state delete/,
  ];
  const preview = await other.succeeds(other.preview([], known));
  expect(writesSince()).toEqual([]);
  // Only now the user of the token is known.
  const second = await other.up(["--continue-on-error"], known);
  for (const words of announced) {
    expect([preview.diagnostics, second.diagnostics]).toEqual([
      expect.stringMatching(words),
      expect.stringMatching(words),
    ]);
  }
  expectRefusal(second, 'the token "backend"', "the old value no longer works");
  const { diagnostics } = await other.succeeds(other.up([], toAdopt(second)));
  expect(diagnostics).toMatch(
    /AccessToken "token" takes over the token "backend" .*: it is issued again, and the old value no longer works/,
  );

  // As it was said: the first stack lets go of what the other one has now.
  const taken = new Set(await idsIn(other));
  for (const { urn } of (await project.resources()).reverse().filter((each) => taken.has(each.id))) {
    await project.must(["state", "delete", urn, "--yes"]);
  }
  await project.write(prologue + groups);
  cockpit.requestsSince();
  await project.succeeds(project.up());
  await other.succeeds(other.preview(["--expect-no-changes", "--refresh"]));
  expect(writesSince()).toEqual([]);
});
