import { Cockpit } from "../support/cockpit";
import { confirmationOf, destroyConfirmed, confirmationsIn } from "../support/confirmation";
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

test("[F42] a replacement of a protected database fails in the preview, and names what would go and the ways past", async () => {
  const project = await projectThatIsUp();
  const before = idsNow();
  const { id } = await project.resource("france");
  for (const login of ["ada", "bo"]) {
    await cockpit.asAdministrator("POST", `user/inGroup/${id}`, { id: login, login });
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
    expect(run.output).toMatch(/COCKPIT_CONFIRM_DELETE=France@\w{6} /);
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

test("typing the name back with its code lets one change replace it, and says so", async () => {
  const project = await projectThatIsUp();
  await project.write(program(elsewhere));
  const confirmed = confirmationOf(await project.preview());
  const preview = await project.succeeds(project.preview([], confirmed));
  expect(preview.diagnostics).toMatch(/COCKPIT_CONFIRM_DELETE is in force.*"France"/);
  const up = await project.succeeds(project.up([], confirmed));
  expect(up.diagnostics).toMatch(/"France" .* with no users and all its records was deleted although/);
  expect(cockpit.liveGroup("France").servers).toEqual(["europe-west-03"]);
  await project.write(program(asFirst));
  const later = await project.preview([], confirmed);
  expect(later.exitCode).not.toBe(0);
  expect(later.diagnostics).toMatch(/names it with a code that is not for this change/);
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

test("writing down the cluster that the server chose is not a replacement", async () => {
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

test("[F42] destroy deletes nothing that is protected, and names at once all that is to be typed back", async () => {
  const names = ["France", "Belgium", "Italy"];
  const project = await projectThatIsUp(`
    const petra = new Solution("petra", { name: "Petra" });
    for (const name of ${JSON.stringify(names)}) new Database(name, { name, solutionId: petra.id });
  `);
  const refused = await project.destroy();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(
    /the database "France".*COCKPIT_CONFIRM_DELETE=France@.*\[cockpit:protected\]/,
  );
  expect(refused.output).not.toMatch(/at .*\.js:\d+/);
  expect(idsNow()).toHaveLength(4);
  const typed = confirmationsIn(refused.diagnostics);
  expect(typed.map((each) => each.split("@")[0]).sort()).toEqual([...names, "Petra"].sort());

  const codes = typed.map((each) => each.split("@")[1] ?? "");
  for (const wrong of [
    "France",
    JSON.stringify([...names, "Petra"]),
    JSON.stringify(names.map((name) => `${name}@bcdfgh`)),
    // The code of one is none of another.
    JSON.stringify(typed.map((each, index) => each.replace(/@.*/, `@${codes[(index + 1) % codes.length]}`))),
    '["France"',
  ]) {
    expect((await project.destroy([], { COCKPIT_CONFIRM_DELETE: wrong })).exitCode).not.toBe(0);
  }
  expect(idsNow()).toHaveLength(4);
  expect(writesSince()).toEqual([]);
  const gone = await project.succeeds(project.destroy([], confirmationOf(refused)));
  expect(gone.diagnostics.match(/was deleted although it was protected/g)).toHaveLength(4);
  expect(idsNow()).toEqual([]);
});

test("[F42] removing a protected resource from the program deletes nothing", async () => {
  const project = await projectThatIsUp();
  await project.write(`new Solution("petra", { name: "Petra" });`);
  const refused = await project.up();
  expect(refused.exitCode).not.toBe(0);
  expect(confirmationsIn(refused.diagnostics)).toEqual([expect.stringMatching(/^France@/)]);
  expect(idsNow()).toHaveLength(2);
  await project.succeeds(project.up([], confirmationOf(refused)));
  expect(idsNow()).toHaveLength(1);
});

test("a name that changed in Cockpit since somebody looked does not let a deletion through", async () => {
  const project = await projectThatIsUp(program(asFirst));
  const before = confirmationOf(await project.destroy());
  const france = cockpit.liveGroup("France");
  await cockpit.asAdministrator("PUT", `group/${france.id}/name/Production`);
  const refused = await project.destroy([], before);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/called "Production" in Cockpit but "France" in the state/);
  expect(confirmationsIn(refused.diagnostics)).toContainEqual(expect.stringMatching(`^${france.id}@`));
  await destroyConfirmed(project);
  expect(idsNow()).toEqual([]);
});

test("of two groups of one name the ids are to be typed back; a code is of one of them only", async () => {
  const project = await projectThatIsUp(`
    for (const key of ["one", "two"]) {
      const solution = new Solution(key, { name: "Petra", deletionProtection: false });
      new Database(key + "-france", { name: "France", solutionId: solution.id });
    }
  `);
  const refused = await project.destroy();
  const ids = [await project.resource("one-france"), await project.resource("two-france")].map(
    ({ id }) => id ?? "",
  );
  const typed = confirmationsIn(refused.diagnostics);
  const [one = "", two = ""] = ids.map((id) => typed.find((each) => each.startsWith(`${id}@`)) ?? "");
  // The name does as well, alone or with its solution's, by the code of the one that is meant.
  const some = ["France", "Petra/France"].map((name, index) => one.replace(ids[index] ?? "", name));
  expect((await project.destroy([], { COCKPIT_CONFIRM_DELETE: JSON.stringify(some) })).exitCode).not.toBe(0);
  expect(idsNow()).toEqual(expect.arrayContaining(ids.slice(1)));
  expect(idsNow()).not.toContain(ids[0]);
  await project.succeeds(project.destroy([], { COCKPIT_CONFIRM_DELETE: two }));
  expect(idsNow()).toEqual([]);
});

test("a solution is not deleted with databases that this stack does not manage, unless they are named too", async () => {
  const project = await projectThatIsUp(
    `new Solution("petra", { name: "Petra", deletionProtection: false });`,
  );
  const { id } = await project.resource("petra");
  await cockpit.asAdministrator("POST", `group/by-hand/database?name=By%20hand&superGroup=${id}`);
  const refused = await project.destroy();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/with its database "By hand"/);
  await project.succeeds(project.destroy([], confirmationOf(refused)));
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

test("[F42] protection that the program switches on holds in the very run that forces a replacement", async () => {
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
