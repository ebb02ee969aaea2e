import { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (database: string, solution = "") => `
  const petra = new Solution("petra", { name: "Petra", ${solution} });
  new Database("france", { name: "France", solutionId: petra.id, ${database} });
`;
const asFirst = `cluster: "europe-west-02"`;
const elsewhere = `cluster: "europe-west-03"`;

async function projectThatIsUp(text = program(asFirst)): Promise<Project> {
  const project = await cockpit.project({ program: text });
  await project.succeeds(project.up());
  cockpit.requestsSince();
  return project;
}

const idsNow = () =>
  cockpit
    .liveGroups()
    .map(({ id }) => id)
    .sort();
const writesSince = () => cockpit.requestsSince().filter((request) => !request.startsWith("GET "));

test("a replacement of a protected database fails in the preview, and names what would go and the ways past", async () => {
  const project = await projectThatIsUp();
  const before = idsNow();
  const { id } = await project.resource("france");
  for (const login of ["ada", "bo"]) {
    await cockpit.byHand("POST", `user/inGroup/${id}`, { id: login, login });
  }
  cockpit.requestsSince();
  await project.write(program(elsewhere));
  for (const run of [await project.preview(), await project.up()]) {
    expect(run.exitCode).not.toBe(0);
    expect(run.output).toMatch(/france/);
    expect(run.output).toMatch(/cluster from "europe-west-02" to "europe-west-03"/);
    expect(run.output).toMatch(
      /the database "France" \(id ic-france-.*with 2 users and all its records is protected/,
    );
    expect(run.output).toMatch(/COCKPIT_CONFIRM_DELETE=France/);
    expect(run.output).toMatch(/deletionProtection: false/);
  }
  expect(idsNow()).toEqual(before);
  expect(writesSince()).toEqual([]);
});

test("a replacement of a protected solution names the databases that would go with it", async () => {
  const project = await projectThatIsUp(program(asFirst, asFirst));
  await project.write(program(asFirst, elsewhere));
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toMatch(
    /the solution "Petra" .* with its database "France" \(no users\) and all their records/,
  );
});

test("lifting the protection and replacing in one run is refused; in two runs it goes, with a warning", async () => {
  const project = await projectThatIsUp();
  const { id } = await project.resource("france");
  await project.write(program(`${elsewhere}, deletionProtection: false`));
  expect((await project.preview()).exitCode).not.toBe(0);

  await project.write(program(`${asFirst}, deletionProtection: false`));
  await project.succeeds(project.up());
  expect(writesSince()).toEqual([]);

  await project.write(program(`${elsewhere}, deletionProtection: false`));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => op === "replace")).toEqual([
    expect.objectContaining({ name: "france", replaceKeys: ["cluster"] }),
  ]);
  expect(preview.diagnostics).toMatch(/deletes the database "France".*all its records/);
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("France")).toMatchObject({ servers: ["europe-west-03"] });
  expect(cockpit.liveGroup("France").id).not.toBe(id);
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("typing the name back lets one run replace it", async () => {
  const project = await projectThatIsUp();
  await project.write(program(elsewhere));
  const confirmed = { COCKPIT_CONFIRM_DELETE: "France" };
  await project.succeeds(project.preview([], confirmed));
  await project.succeeds(project.up([], confirmed));
  expect(cockpit.liveGroup("France").servers).toEqual(["europe-west-03"]);
  await project.write(program(asFirst));
  expect((await project.preview()).exitCode).not.toBe(0);
});

test("another parent, or one that is not known yet, is a replacement too", async () => {
  const project = await projectThatIsUp();
  await project.write(`
    new Solution("petra", { name: "Petra" });
    const doc = new Solution("doc", { name: "Petra Doc" });
    new Database("france", { name: "France", solutionId: doc.id, cluster: "europe-west-02" });
  `);
  const preview = await project.preview();
  expect(preview.exitCode).not.toBe(0);
  expect(preview.output).toMatch(/solutionId from "ic-petra-.*" to a value not known yet/);
});

test("writing down the cluster that the server chose is no replacement", async () => {
  const project = await projectThatIsUp(program(""));
  const { id, outputs } = await project.resource("france");
  const [chosen] = outputs.servers as string[];
  await project.write(program(`cluster: "${chosen}"`));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => op !== "same")).toEqual([
    expect.objectContaining({ op: "update", name: "france" }),
  ]);
  await project.succeeds(project.up());
  expect((await project.resource("france")).id).toBe(id);

  await project.write(program(""));
  await project.succeeds(project.up());
  expect((await project.resource("france")).id).toBe(id);
});

test("destroy deletes nothing that is protected, and says what to type back", async () => {
  const project = await projectThatIsUp();
  const refused = await project.destroy();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/the database "France".*COCKPIT_CONFIRM_DELETE=France.*It was not deleted/);
  expect(refused.output).not.toMatch(/at .*\.js:\d+/);
  expect(idsNow()).toHaveLength(2);

  for (const wrong of ["france", "Petra/Belgium", "Fran", '["France"']) {
    expect((await project.destroy([], { COCKPIT_CONFIRM_DELETE: wrong })).exitCode).not.toBe(0);
  }
  expect(idsNow()).toHaveLength(2);
  const confirmed = JSON.stringify(["Petra", "Petra/France"]);
  await project.succeeds(project.destroy([], { COCKPIT_CONFIRM_DELETE: confirmed }));
  expect(idsNow()).toEqual([]);
});

test("removing a protected resource from the program deletes nothing", async () => {
  const project = await projectThatIsUp();
  await project.write(`new Solution("petra", { name: "Petra" });`);
  const refused = await project.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/COCKPIT_CONFIRM_DELETE=France/);
  expect(idsNow()).toHaveLength(2);
  await project.succeeds(project.up([], { COCKPIT_CONFIRM_DELETE: "France" }));
  expect(idsNow()).toHaveLength(1);
});

test("a name that changed in Cockpit since somebody looked does not let a deletion through", async () => {
  const project = await projectThatIsUp(program(asFirst));
  const france = cockpit.liveGroup("France");
  await cockpit.byHand("PUT", `group/${france.id}/name/Production`);
  for (const typed of ["France", "Production"]) {
    const refused = await project.destroy([], { COCKPIT_CONFIRM_DELETE: typed });
    expect(refused.exitCode).not.toBe(0);
    expect(refused.output).toMatch(/called "Production" in Cockpit but "France" in the state/);
  }
  await project.succeeds(
    project.destroy([], { COCKPIT_CONFIRM_DELETE: JSON.stringify([france.id, "Petra"]) }),
  );
});

test("a name that two groups have is no confirmation; Solution/Database or an id is", async () => {
  const project = await projectThatIsUp(`
    for (const name of ["Petra", "Doc"]) {
      const solution = new Solution(name, { deletionProtection: false });
      new Database(name + "-production", { name: "Production", solutionId: solution.id });
    }
  `);
  expect((await project.destroy([], { COCKPIT_CONFIRM_DELETE: "Production" })).exitCode).not.toBe(0);
  expect(cockpit.liveGroups().filter(({ name }) => name === "Production")).toHaveLength(2);
  const { id } = await project.resource("Doc-production");
  await project.succeeds(
    project.destroy([], { COCKPIT_CONFIRM_DELETE: JSON.stringify(["Petra/Production", id]) }),
  );
  expect(idsNow()).toEqual([]);
});

test("Solution/Database is no confirmation where two solutions of the same name have the database", async () => {
  const project = await projectThatIsUp(`
    for (const key of ["one", "two"]) {
      const solution = new Solution(key, { name: "Petra", deletionProtection: false });
      new Database(key + "-france", { name: "France", solutionId: solution.id });
    }
  `);
  const refused = await project.destroy([], { COCKPIT_CONFIRM_DELETE: "Petra/France" });
  expect(refused.exitCode).not.toBe(0);
  const ids = [await project.resource("one-france"), await project.resource("two-france")].map(
    ({ id }) => id,
  );
  for (const id of ids) {
    expect(refused.output).toContain(`COCKPIT_CONFIRM_DELETE=${id} `);
  }
  expect(idsNow()).toEqual(expect.arrayContaining(ids));
  await project.succeeds(project.destroy([], { COCKPIT_CONFIRM_DELETE: JSON.stringify(ids) }));
  expect(idsNow()).toEqual([]);
});

test("a solution is not deleted with databases that this stack does not manage, unless they are named too", async () => {
  const project = await projectThatIsUp(
    `new Solution("petra", { name: "Petra", deletionProtection: false });`,
  );
  const { id } = await project.resource("petra");
  await cockpit.byHand("POST", `group/by-hand/database?name=By%20hand&superGroup=${id}`);
  const refused = await project.destroy();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/with its database "By hand"/);
  await project.succeeds(project.destroy([], { COCKPIT_CONFIRM_DELETE: "By hand" }));
  expect(idsNow()).toEqual([]);
});

test("hardDelete leaves nothing, and soft deletion leaves a mark", async () => {
  const project = await projectThatIsUp(`
    new Solution("soft", { deletionProtection: false });
    new Solution("hard", { deletionProtection: false, hardDelete: true });
  `);
  await project.succeeds(project.destroy());
  const left = cockpit.emulator.groups().map(({ name }) => name);
  expect(left).toContain("soft");
  expect(left).not.toContain("hard");
});

test("protection that the program switches on holds in the very run that forces a replacement", async () => {
  const unprotected = `${asFirst}, deletionProtection: false`;
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra" });
      new Database("france", { solutionId: petra.id, ${unprotected} }, { deleteBeforeReplace: true });
    `,
  });
  await project.succeeds(project.up());
  const { id, urn } = await project.resource("france");
  await project.write(`
    const petra = new Solution("petra", { name: "Petra" });
    new Database("france", { solutionId: petra.id, ${asFirst} }, { deleteBeforeReplace: true });
  `);
  const refused = await project.up(["--replace", urn]);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/is protected/);
  expect(cockpit.liveGroup("france").id).toBe(id);
});
