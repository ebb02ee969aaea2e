import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { adoptionFrom } from "../support/adoption";
import { Cockpit } from "../support/cockpit";
import type { Project, Run } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const writesSince = () =>
  cockpit.requestsSince().filter((request) => !request.startsWith("GET ") && !/login|refresh/.test(request));

const liveIds = () =>
  cockpit
    .liveGroups()
    .map(({ id }) => id)
    .sort();

async function idsIn(project: Project): Promise<Record<string, string | undefined>> {
  const resources = await project.resources();
  return Object.fromEntries(resources.map(({ urn, id }) => [urn.split("::").at(-1) ?? "", id]));
}

const care = (database: string, options = "") => `
  const care = new Solution("care", { name: "Care" });
  new Database("${database}", { name: "Care Belgium", solutionId: care.id }, { ${options} });
`;

const third = (database: string, args = "") =>
  `new Database("${database}", { name: "Care New", ${args} solutionId: care.id });`;

test("[F51] a resource that is renamed in the program: each way that the message offers keeps what is there", async () => {
  const project = await cockpit.project({ program: care("care-belgium") });
  await project.succeeds(project.up());
  const { "care-belgium": id } = await idsIn(project);
  const before = liveIds();
  const state = await project.stateText();
  cockpit.requestsSince();

  await project.write(care("care-be"));
  const refused = [
    await project.preview(),
    await project.up(["--continue-on-error"]),
    await project.up(["--refresh"]),
  ];
  for (const run of refused) {
    expectRefusal(run, `name: the database "Care Belgium" (id ${id ?? ""}`, /aliases: \[\{ name: /);
    expect(run.output.indexOf("aliases")).toBeLessThan(run.output.indexOf("groupId of your choice"));
  }
  // The refresh has told whose it is.
  expect(refused[2]?.output).toMatch(/aliases: \[\{ name: "care-belgium" \}\]/);
  expect(refused[2]?.output).not.toMatch(/COCKPIT_ADOPT/);
  expect(writesSince()).toEqual([]);

  // The first way.
  await project.write(care("care-be", `aliases: [{ name: "care-belgium" }]`));
  await project.succeeds(project.up(["--expect-no-changes"]));
  expect((await idsIn(project))["care-be"]).toBe(id);

  // The second way, from the same start: what had it before is forgotten in that run.
  await importState(project, state);
  await project.write(care("care-be"));
  const adopted = await project.succeeds(project.up([], adoptionFrom((refused[0] as Run).output)));
  expect(adopted.diagnostics).toMatch(/\[cockpit:removed-from-state\]/);
  expect(await idsIn(project)).toEqual({ care: expect.anything() as unknown, "care-be": id });
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(liveIds()).toEqual(before);

  // The third way makes a second one, and the first one is still protected; its refusal leads back to the first way.
  await project.write(`${care("care-be")} ${third("care-new")}`);
  await project.succeeds(project.up());
  await project.write(`${care("care-be")} ${third("care-newer", `groupId: "care-2",`)}`);
  const second = await project.up();
  expectRefusal(
    second,
    /"Care New" .* is protected\. .*give the new resource aliases: \[\{ name: "care-new" \}\]/,
  );
  expect(liveIds()).toHaveLength(before.length + 2);
});

test("[F51] the first program of the README becomes the second one, by its messages alone", async () => {
  const first = `
    const petra = new Solution("petra", { name: "Petra", applicationId: "com.petra.app" });
    new Database("petra-france", { name: "Petra France", solutionId: petra.id });
  `;
  const second = (solution: string, database: string) => `
    const { OnboardedSolution } = require("pulumi-cockpit");
    new OnboardedSolution("petra", {
      solution: { name: "Petra", applicationId: "com.petra.app", ${solution} },
      database: { name: "Petra France", ${database} },
      organisation: { name: "Petra Corp", email: "care@petra.example" },
      externalServices: { demo: true },
      processes: { "patient-registration": {} },
    });
  `;
  const project = await cockpit.project({ program: first });
  await project.succeeds(project.up());
  const ids = await idsIn(project);
  const before = liveIds();
  const state = await project.stateText();

  await project.write(second("", ""));
  const refused = await project.up();
  expectRefusal(refused, /the solution "Petra" .*beside the component's arguments, in `solution`/);
  const ofSolution = "aliases: [{ parent: pulumi.rootStackResource }]";
  await project.write(second(ofSolution, ""));
  expectRefusal(await project.up(), /the database "Petra France" .*arguments, in `database`/);
  await project.write(
    second(ofSolution, `aliases: [{ name: "petra-france", parent: pulumi.rootStackResource }]`),
  );
  await project.succeeds(project.up());
  expect(await idsIn(project)).toMatchObject({
    petra: ids["petra"],
    "petra-database": ids["petra-france"],
    "petra-organisation": expect.anything() as unknown,
  });
  expect(liveIds()).toEqual(before);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  // Taking over instead, one message after the other; the rest of the steps is there by now.
  await importState(project, state);
  await project.write(second("", "").replace(/organisation: [^]*"patient-registration": {} },/, ""));
  const typed: string[] = [];
  for (let run = await project.up(); run.exitCode !== 0;) {
    const { COCKPIT_ADOPT: said = "" } = adoptionFrom(run.output);
    expect(typed).not.toContain(said);
    typed.push(said);
    run = await project.up([], { COCKPIT_ADOPT: said });
  }
  expect(await idsIn(project)).toEqual({ petra: ids["petra"], "petra-database": ids["petra-france"] });
  expect(liveIds()).toEqual(before);
});

test("[F51] every other recipe of docs/changing-the-program.md changes nothing", async () => {
  const component = `
    class Product extends pulumi.ComponentResource {
      constructor(name) { super("acme:index:Product", name); }
    }
    const product = new Product("product");
  `;
  const group = (options: string) => `
    const petra = new Solution("petra", { name: "Petra" }, { ${options} });
    new Database("france", { name: "France", solutionId: petra.id }, { ${options} });
  `;
  const project = await cockpit.project({ program: group("") });
  await project.succeeds(project.up());
  cockpit.requestsSince();
  const before = liveIds();
  const stays = async (program: string) => {
    await project.write(program);
    const { steps } = await project.succeeds(project.up());
    expect(new Set(steps.map(({ op }) => op))).toEqual(new Set(["same"]));
    expect(writesSince()).toEqual([]);
  };
  await stays(component + group("parent: product, aliases: [{ parent: pulumi.rootStackResource }],"));
  await stays(component + group("parent: product,"));
  const urns = (await project.resources()).map(({ urn }) => urn);
  const [database, solution] = ["Database", "Solution"].map((type) =>
    urns.find((urn) => urn.includes(`:${type}::`)),
  );
  const out = group(`aliases: ["URN"],`)
    .replace("URN", solution ?? "")
    .replace("URN", database ?? "");
  await stays(out);

  await project.must(["stack", "rename", "organization/clinics/test"]);
  const manifest = path.join(project.folder, "Pulumi.yaml");
  await writeFile(manifest, (await readFile(manifest, "utf8")).replace("name: petra", "name: clinics"));
  await stays(group(""));

  await stays(group("retainOnDelete: true,"));
  await project.write("");
  await project.succeeds(project.up());
  expect(await project.resources()).toEqual([]);
  expect(writesSince()).toEqual([]);
  expect(liveIds()).toEqual(before);
});

test("[F51] a project that was renamed alone, and an older state, make no second one", async () => {
  const program = (database: string) => `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false, ${database} });
  `;
  const project = await cockpit.project({
    program: `new Solution("petra", { name: "Petra", deletionProtection: false });`,
  });
  await project.succeeds(project.up());
  const oldest = await project.stateText();
  await project.write(program(`cluster: "europe-west-02"`));
  await project.succeeds(project.up());
  const older = await project.stateText();
  await project.write(program(`cluster: "europe-west-03"`));
  await project.succeeds(project.up());
  const live = liveIds();
  cockpit.requestsSince();

  const renamed = await cockpit.project({ name: "clinics", program: program(`cluster: "europe-west-03"`) });
  const preview = await renamed.preview();
  expectRefusal(preview, /Solution.*|the solution "Petra" \(id ic-petra/);
  expect(
    cockpit.requestsSince().filter((request) => /children|childs/.test(request)).length,
  ).toBeLessThanOrEqual(2);
  expectRefusal(await renamed.up(), /the solution "Petra" .*\[cockpit:name-exists\]/);

  // Before its replacement: the refresh drops what is gone, and nothing is created beside what came after it.
  await importState(project, older);
  await project.write(program(`cluster: "europe-west-02"`));
  await project.succeeds(project.refresh());
  for (const run of [await project.preview(), await project.up()]) {
    expectRefusal(run, /the database "France" .*\[cockpit:(already|name)-exists/);
  }
  // From before it was created at all: this very resource's id is known.
  await importState(project, oldest);
  await project.write(program(`cluster: "europe-west-03"`));
  const told = await project.succeeds(project.preview());
  expect(told.diagnostics).toMatch(/the database "France" .*already exists.*COCKPIT_ADOPT=/);
  const stopped = await project.up();
  expectRefusal(stopped, /the database "France" .*\[cockpit:(already|name)-exists/);
  expect(writesSince()).toEqual([]);
  await project.succeeds(project.up([], adoptionFrom(stopped.output)));
  expect(liveIds()).toEqual(live);
});

test("[F53] two databases of one resource name under parents of two types are two, each with its own protection", async () => {
  const program = (clusters: [string, string], names: [string, string], [eu, us]: [boolean, boolean]) => `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    class Region extends pulumi.ComponentResource {
      constructor(name, cluster, display, deletionProtection) {
        super("acme:index:" + name, name);
        this.db = new Database("db", { name: display, cluster, solutionId: petra.id, deletionProtection }, { parent: this });
      }
    }
    new Region("Eu", "${clusters[0]}", "${names[0]}", ${String(eu)});
    new Region("Us", "${clusters[1]}", "${names[1]}", ${String(us)});
  `;
  const west = "europe-west-02";
  const project = await cockpit.project({ program: program([west, west], ["Main", "Main"], [true, false]) });
  await project.succeeds(project.up());
  const made = (await project.resources()).filter(({ type }) => type.endsWith("Database"));
  expect(new Set(made.map(({ id }) => id)).size).toBe(2);
  expect(cockpit.liveGroups()).toHaveLength(3);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  // The unprotected one is replaced, the protected one is not touched.
  await project.write(program([west, "europe-west-03"], ["Main", "Main"], [true, false]));
  await project.succeeds(project.preview());
  await project.succeeds(project.up());
  expect(cockpit.liveGroups()).toHaveLength(3);
  await project.write(program(["europe-west-03", "europe-west-03"], ["Main", "Main"], [true, false]));
  expectRefusal(await project.preview(), /is protected/);
});

test("[F53] a name that was given up by an alias can be used again, and nobody is told to take over what another resource has", async () => {
  const program = (databases: string) => `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    const { Administrator } = require("pulumi-cockpit");
    const db = (resource, name, options) => new Database(resource, { name, solutionId: petra.id, deletionProtection: false }, options);
    const ada = (resource, email, options) => new Administrator(resource, { groupId: petra.id, name: "Ada", email }, options);
    ${databases}
  `;
  const project = await cockpit.project({
    program: program(`db("main", "France"); ada("boss", "ada@petra.example");`),
  });
  await project.succeeds(project.up());
  const renamed = `db("france", "France", { aliases: [{ name: "main" }] }); ada("ada", "ada@petra.example", { aliases: [{ name: "boss" }] });`;
  await project.write(program(renamed));
  await project.succeeds(project.up());
  await project.write(program(`${renamed} db("main", "Belgium"); ada("boss", "bob@petra.example");`));
  await project.succeeds(project.up());
  expect(
    cockpit
      .liveGroups()
      .map(({ name }) => name)
      .sort(),
  ).toEqual(["Belgium", "France", "Petra"]);
  expect(new Set((await project.resources()).map(({ id }) => id)).size).toBe(5);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  // Taking over what another resource of the program has is refused, whoever asks for it.
  const { id } = cockpit.liveGroup("France");
  await project.write(program(`${renamed} db("main", "Belgium"); db("twin", "France");`));
  const refused = await project.up([], { COCKPIT_ADOPT: id ?? "" });
  expectRefusal(
    refused,
    /COCKPIT_ADOPT names the database "France" .* but it is Database "france" of this program/,
  );
});

async function importState(project: Project, state: string): Promise<void> {
  const file = path.join(project.folder, "state.json");
  await writeFile(file, state);
  await project.must(["stack", "import", "--file", file]);
}
