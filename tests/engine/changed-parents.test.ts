import { Cockpit } from "../support/cockpit";
import type { Project, Run } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const prologue = `
  const { AccessToken, Administrator, AuthenticationProcess, ExternalServices, ParentOrganisation } = require("pulumi-cockpit");
  class Product extends pulumi.ComponentResource {
    constructor(name) { super("acme:index:Product", name); }
  }
`;
/** One of each kind, unprotected, in services that stay where they are (a second set is refused in the preview); with ids of the program's own choice, creation is what meets them, not the preview. */
const everything = (options: string) => `
  const services = new ExternalServices("services", { demo: true });
  const petra = new Solution("petra", { name: "Petra", groupId: "petra", deletionProtection: false },
    { ${options} dependsOn: [services] });
  const france = new Database("france", { name: "France", groupId: "petra-france", solutionId: petra.id, deletionProtection: false },
    { ${options} });
  const clinic = new ParentOrganisation("clinic", { databaseId: france.id, email: "clinic@petra.example" }, { ${options} });
  new AccessToken("token", { groupId: france.id, userId: clinic.userId.apply((id) => id ?? "unknown"), expiresIn: "90d" },
    { ${options} });
  new Administrator("ada", { groupId: petra.id, name: "Ada", email: "ada@petra.example" }, { ${options} });
  new AuthenticationProcess("login", { groupId: france.id, template: "login" }, { ${options} dependsOn: [services] });
`;
/** So that none of them is skipped because of another one. */
const independent = (program: string) =>
  program
    .replaceAll("petra.id", `"petra"`)
    .replaceAll("france.id", `"petra-france"`)
    .replaceAll("dependsOn: [services]", "");
const goOn = ["--continue-on-error"];

const writesSince = () =>
  cockpit
    .requestsSince()
    .filter((request) => !request.startsWith("GET ") && !/login|refresh|\/filter\//.test(request));

async function stateOf(project: Project): Promise<string[]> {
  return (await project.resources()).map(({ urn, id }) => `${urn} ${id ?? ""}`).sort();
}

function refusedDeletions(run: Run): string[] {
  return [...run.diagnostics.matchAll(/(\w+ "\w+") \(id [^)]*\) was not deleted/g)]
    .map(([, what]) => what ?? "")
    .sort();
}

test("[F52] what could not be created under another parent is not deleted where it was", async () => {
  const project = await cockpit.project({ program: prologue + everything("") });
  await project.succeeds(project.up());
  const before = await stateOf(project);
  const product = `const product = new Product("product");`;
  await project.write(prologue + product + independent(everything("parent: product,")));
  cockpit.requestsSince();
  const refused = new Set<string>();
  for (const run of [await project.up(goOn), await project.up([], { PULUMI_CONTINUE_ON_ERROR: "true" })]) {
    expectRefusal(run, "[cockpit:already-exists]", /aliases: \[\{ name: /);
    refusedDeletions(run).forEach((what) => refused.add(what));
    expect(writesSince()).toEqual([]);
  }
  // The engine leaves out what others of the refused ones depend on.
  expect(refused).toContain('AccessToken "token"');
  expect(writesSince()).toEqual([]);
  expect(await stateOf(project)).toEqual(before);

  // As the message says.
  await project.write(
    prologue + product + everything("parent: product, aliases: [{ parent: pulumi.rootStackResource }],"),
  );
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.up(goOn));
  expect(writesSince()).toEqual([]);
});

test("[F52] an outage in the middle of it deletes nothing either, and what is to go goes with the next run", async () => {
  const group = (options: string) => `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false }, { protect: false });
    const france = new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
    new ParentOrganisation("clinic", { databaseId: france.id, email: "clinic@petra.example" }, { ${options} });
  `;
  const project = await cockpit.project({ program: prologue + group("") });
  await project.succeeds(project.up());
  const before = await stateOf(project);
  await project.write(prologue + `const product = new Product("product");` + group("parent: product,"));
  cockpit.emulator.addFault({ method: "*", path: "**/hcparty/**", action: { status: 503 } });
  cockpit.emulator.addFault({ method: "*", path: "**/user/**", action: { status: 503 } });
  const outage = await project.up(goOn);
  expectRefusal(outage, /ParentOrganisation "clinic" \(id [^)]*\) was not deleted: .*has failed in this run/);
  expect(await stateOf(project)).toEqual(before);
  cockpit.emulator.clearFaults();

  // What is really to go goes with the next run that has no failure.
  await project.write(prologue + group("").replace(/new ParentOrganisation.*/, ""));
  await project.succeeds(project.up(goOn));
  expect(await project.resources()).toHaveLength(2);
});
