import { Cockpit } from "../support/cockpit";
import type { Project, Run } from "../support/project";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const urnOf = (type: "Solution" | "Database", name: string): string =>
  `urn:pulumi:test::petra::pulumi-nodejs:cockpit:${type}::${name}`;

const idOf = (name: string): string => cockpit.liveGroup(name).id ?? "";

/** What was changed in Cockpit since the last look, in its order: verb and logical name. */
function writesSince(): string[] {
  return cockpit
    .requestsSince()
    .filter((request) => !request.startsWith("GET "))
    .map((request) => request.replace(/\/group\/ic-([a-z0-9]+)-[\w-]+/, "$1"));
}

function liveNames(): (string | undefined)[] {
  return cockpit
    .liveGroups()
    .map(({ name }) => name)
    .sort();
}

function stepsOf(run: Run): string[] {
  return run.steps.map(({ op, name }) => `${op} ${name}`);
}

/** Each live group is in the state once, and nothing else is. */
async function expectAgreement(project: Project): Promise<void> {
  const inState = (await project.resources()).map(({ id }) => id).sort();
  const live = cockpit.liveGroups().map(({ id }) => id);
  expect(inState).toEqual(live.sort());
}

async function fails(run: Promise<Run>): Promise<Run> {
  const result = await run;
  expect(result.exitCode).not.toBe(0);
  return result;
}

test("ignoreChanges, aliases, parents, dependsOn and additionalSecretOutputs: nothing is asked, nothing is noise", async () => {
  const component = `
    class Group extends pulumi.ComponentResource {
      constructor(name, options) { super("example:index:Group", name, {}, options); }
    }
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    const group = new Group("group");
    const args = { solutionId: petra.id, deletionProtection: false };
  `;
  const project = await cockpit.project({
    program: `${component}
      const first = new Database("first", { ...args, name: "First", properties: { tier: "a" } },
        { ignoreChanges: ["name", "properties"] });
      const second = new Database("second", { ...args, name: "Second" },
        { dependsOn: [first], additionalSecretOutputs: ["servers"] });
      new Database("inside", { ...args, name: "Inside" }, { parent: group, dependsOn: [second] });
    `,
  });
  await project.succeeds(project.up());
  expect(writesSince()).toEqual([
    "POST petra/application",
    "POST first/database",
    "PUT first/properties",
    "POST second/database",
    "POST inside/database",
  ]);
  const id = idOf("Second");
  expect(await project.resource("inside")).toMatchObject({
    urn: expect.stringContaining("Group$pulumi-nodejs:cockpit:Database::inside") as string,
    id: idOf("Inside"),
  });
  const { servers } = (await project.resource("second")).outputs;
  expect(servers).toHaveProperty("ciphertext");

  const regrouped = `${component}
      const first = new Database("first", { ...args, name: "Changed", properties: { tier: "b", more: 1 } },
        { ignoreChanges: ["name", "properties"] });
      new Database("renamed", { ...args, name: "Second" }, {
        parent: group,
        aliases: [{ name: "second", parent: pulumi.rootStackResource }],
        dependsOn: [first],
        additionalSecretOutputs: ["servers"],
      });
      new Database("inside", { ...args, name: "Inside" }, { parent: group });
    `;
  await project.write(regrouped);
  const preview = await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(stepsOf(preview).sort()).toEqual(["same first", "same inside", "same petra", "same renamed"]);
  await project.succeeds(project.up());
  expect(cockpit.requestsSince()).toEqual([]);
  expect((await project.resource("renamed")).id).toBe(id);
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await expectAgreement(project);

  // The alias has done its work, and what was ignored so far is now meant.
  await project.write(
    regrouped
      .replace(/aliases.*\n/, "")
      .replace(`ignoreChanges: ["name", "properties"]`, `ignoreChanges: ["properties"]`),
  );
  const changed = await project.succeeds(project.up());
  expect(stepsOf(changed).sort()).toEqual(["same inside", "same petra", "same renamed", "update first"]);
  expect(writesSince()).toEqual(["PUT first/name/Changed"]);
  expect(cockpit.liveGroup("Changed").properties).toHaveLength(1);
});

test("[F42] protect keeps the engine from deleting, retainOnDelete keeps the database", async () => {
  const program = `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    const args = { solutionId: petra.id, deletionProtection: false };
    new Database("guarded", { ...args, name: "Guarded", cluster: "europe-west-02" }, { protect: true });
    new Database("kept", { ...args, name: "Kept" }, { retainOnDelete: true });
  `;
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  cockpit.requestsSince();

  await project.write(program.replace(/new Database\("guarded".*/, ""));
  expect((await fails(project.up())).diagnostics).toMatch(/because it is protected/);
  await project.write(program.replace("europe-west-02", "europe-west-03"));
  expect((await fails(project.up())).diagnostics).toMatch(/is currently marked for protection/);
  await project.write(program.replace(/new Database\("kept".*/, ""));
  expect(stepsOf(await project.succeeds(project.up()))).toContain("delete kept");
  expect(writesSince()).toEqual([]);
  expect(liveNames()).toEqual(["Guarded", "Kept", "Petra"]);
  expect((await project.resources()).map(({ id }) => id)).not.toContain(idOf("Kept"));
});

test("what was removed from the state is taken over by the command that the stopped run names", async () => {
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
      new Database("france", {
        name: "France", solutionId: petra.id, properties: { seats: 250 }, deletionProtection: false,
      });
    `,
  });
  await project.succeeds(project.up());
  const before = cockpit.liveGroups();
  const [solution, database] = [idOf("Petra"), idOf("France")];
  await project.must(["state", "delete", urnOf("Solution", "petra"), "--target-dependents", "--yes"]);
  expect(await project.resources()).toEqual([]);
  cockpit.requestsSince();

  const first = await fails(project.up());
  expect(first.output).toContain(`COCKPIT_ADOPT=${solution}`);
  expect(first.output).not.toContain(`COCKPIT_ADOPT=${database}`);
  expect(writesSince()).toEqual([]);
  expect(cockpit.liveGroups()).toEqual(before);

  const second = await fails(project.up([], { COCKPIT_ADOPT: solution }));
  expect(second.output).toContain(`COCKPIT_ADOPT='${JSON.stringify([solution, database])}'`);
  expect(writesSince()).toEqual(["PUT petra/properties"]);

  await project.succeeds(project.up([], { COCKPIT_ADOPT: JSON.stringify([solution, database]) }));
  expect(writesSince()).toEqual(["PUT france/properties"]);
  await expectAgreement(project);
  expect(cockpit.liveGroups().map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(cockpit.requestsSince()).toEqual([]);

  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  expect(await project.resources()).toEqual([]);
});

test("[F43] a forced replacement meets the old database and stops; taking that over never deletes it", async () => {
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
      new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
    `,
  });
  await project.succeeds(project.up());
  const id = idOf("France");
  const before = cockpit.emulator.groups();
  const replace = ["--replace", urnOf("Database", "france")];
  cockpit.requestsSince();

  const stopped = await fails(project.up(replace));
  expect(stopped.diagnostics).toMatch(
    /the database "France" \(id ic-france-[\w-]+ on [\w-]+\).*\[cockpit:(already|name)-exists/,
  );
  expect(stopped.diagnostics).toContain(`COCKPIT_ADOPT=${id}`);
  expect(stopped.diagnostics).toContain("deleteBeforeReplace");
  expect(writesSince()).toEqual([]);
  expect(cockpit.emulator.groups()).toEqual(before);
  await expectAgreement(project);

  // Somebody follows the first hint in the very same replacement: once, and again with the id typed back everywhere.
  for (const env of [{ COCKPIT_ADOPT: id }, { COCKPIT_ADOPT: id, COCKPIT_CONFIRM_DELETE: id }]) {
    const taken = await project.succeeds(project.up(replace, env));
    expect(stepsOf(taken)).toContain("delete-replaced france");
    expect(taken.diagnostics).toMatch(
      /(was taken over \(COCKPIT_ADOPT\)|is Database "france" of this program too).*\[cockpit:removed-from-state\]/,
    );
    expect(writesSince()).toEqual(["PUT france/properties"]);
    expect(idOf("France")).toBe(id);
  }

  await project.succeeds(project.up());
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  expect(writesSince()).toEqual([]);
  expect(idOf("France")).toBe(id);
  await expectAgreement(project);
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});

test("[F43] a forced replacement deletes first where deleteBeforeReplace says so, and never what is protected", async () => {
  const program = `
    const petra = new Solution("petra", { name: "Petra" }, { deleteBeforeReplace: true });
    new Database("france", { name: "France", solutionId: petra.id }, { deleteBeforeReplace: true });
  `;
  const project = await cockpit.project({ program: program.replaceAll("deleteBeforeReplace: true", "") });
  await project.succeeds(project.up());
  const before = cockpit.emulator.groups();
  const [solution, database] = [idOf("Petra"), idOf("France")];
  const replace = ["--replace", urnOf("Solution", "petra")];
  cockpit.requestsSince();

  const met = await fails(project.up(replace));
  expect(met.diagnostics).toContain(`COCKPIT_ADOPT=${solution}`);
  await project.write(program);
  const refused = await fails(project.up(replace));
  expect(refused.diagnostics).toMatch(/the database "France".* is protected/);
  expect(writesSince()).toEqual([]);
  expect(cockpit.emulator.groups()).toEqual(before);
  await expectAgreement(project);

  await project.write(program.replaceAll("name:", "deletionProtection: false, name:"));
  await project.succeeds(project.up());
  await project.succeeds(project.preview(replace));
  expect(writesSince()).toEqual([]);
  await project.succeeds(project.up(replace));
  expect(writesSince().filter((write, index, all) => all.indexOf(write) === index)).toEqual([
    "DELETE france",
    "DELETE petra",
    "POST petra/application",
    "POST france/database",
  ]);
  expect(idOf("Petra")).not.toBe(solution);
  expect(idOf("France")).not.toBe(database);
  await expectAgreement(project);
});

test("[F43] deleteBeforeReplace turns the order of a replacement round, replaceOnChanges makes one of a rename", async () => {
  const program = `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    const args = { solutionId: petra.id, cluster: "europe-west-02", deletionProtection: false };
    const early = new Database("early", { ...args, name: "Early" }, { deleteBeforeReplace: true });
    const late = new Database("late", { ...args, name: "Late" });
    new Database("named", { ...args, name: "Named" },
      { replaceOnChanges: ["name"], deleteBeforeReplace: true, dependsOn: [early, late] });
    new Database("calm", { ...args, name: "Calm" }, { replaceOnChanges: ["name"] });
  `;
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  const old = new Map(["Early", "Late", "Named", "Calm"].map((name) => [name, idOf(name)]));
  writesSince();

  const changed = program
    .replace("europe-west-02", "europe-west-03")
    .replace(`"Named"`, `"New name"`)
    .replace(`name: "New name"`, `name: "New name", cluster: "europe-west-02"`)
    .replace(`name: "Calm"`, `name: "Calm", cluster: "europe-west-02", hardDelete: true`);
  await project.write(changed);
  const preview = await project.succeeds(project.preview());
  const replaced = preview.steps.filter(({ op }) => op === "replace");
  expect(Object.fromEntries(replaced.map(({ name, replaceKeys }) => [name, replaceKeys]))).toEqual({
    early: ["cluster"],
    late: ["cluster"],
    named: ["name"],
  });
  expect(stepsOf(preview)).toContain("update calm");
  expect(writesSince()).toEqual([]);

  await project.succeeds(project.up());
  const writes = writesSince();
  expect(writes.indexOf("DELETE early")).toBeLessThan(writes.indexOf("POST early/database"));
  expect(writes.indexOf("POST late/database")).toBeLessThan(writes.indexOf("DELETE late"));
  expect(writes.indexOf("DELETE named")).toBeLessThan(writes.indexOf("POST named/database"));
  expect(liveNames()).toEqual(["Calm", "Early", "Late", "New name", "Petra"]);
  expect(idOf("Calm")).toBe(old.get("Calm"));
  expect([...old.values()]).not.toContain(idOf("New name"));
  await expectAgreement(project);

  // A rename alone computes the same id: without deleteBeforeReplace it stops, with it the next id is used.
  await project.write(changed.replace(`"New name"`, `"Newer name"`).replace(`"Calm"`, `"Calmer"`));
  const stopped = await fails(project.up());
  expect(stopped.diagnostics).toMatch(
    /the database "Calm".*deleteBeforeReplace.*\[cockpit:replaced-under-same-id\]/,
  );
  expect(liveNames()).toContain("Calm");
  await project.write(changed.replace(`"New name"`, `"Newest name"`));
  await project.succeeds(project.up());
  expect(liveNames()).toEqual(["Calm", "Early", "Late", "Newest name", "Petra"]);
  await expectAgreement(project);
});

test("--target, --target-dependents and --exclude touch what they name, and nothing else", async () => {
  const program = `
    const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
    const args = { solutionId: petra.id, deletionProtection: false };
    new Database("one", { ...args, name: "One" });
    new Database("two", { ...args, name: "Two" });
    new Solution("doc", { name: "Petra Doc", deletionProtection: false });
  `;
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  const ids = cockpit.liveGroups().map(({ id }) => id);
  await project.write(program.replaceAll(/name: "([\w ]+)"/g, `name: "$1 2"`));
  writesSince();

  await project.succeeds(project.up(["--target", urnOf("Database", "one")]));
  expect(liveNames()).toEqual(["One 2", "Petra", "Petra Doc", "Two"]);
  await project.succeeds(
    project.up(["--exclude", urnOf("Database", "two"), "--exclude", urnOf("Solution", "doc")]),
  );
  expect(liveNames()).toEqual(["One 2", "Petra 2", "Petra Doc", "Two"]);
  await project.write(program.replaceAll(/name: "([\w ]+)"/g, `name: "$1 3"`));
  await project.succeeds(project.up(["--target", urnOf("Solution", "petra"), "--target-dependents"]));
  expect(liveNames()).toEqual(["One 3", "Petra 3", "Petra Doc", "Two 3"]);
  expect(cockpit.liveGroups().map(({ id }) => id)).toEqual(ids);
  expect(writesSince()).toHaveLength(5);

  await project.succeeds(project.destroy(["--target", urnOf("Solution", "petra"), "--target-dependents"]));
  expect(liveNames()).toEqual(["Petra Doc"]);
  await expectAgreement(project);
});

test("refresh --preview-only, up --refresh, transformations, and every output in a preview of an update", async () => {
  const program = `
    pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
      type.startsWith("pulumi-nodejs:cockpit:") ? { props: { ...props, deletionProtection: false }, opts } : undefined);
    pulumi.runtime.registerStackTransform(({ type, props, opts }) =>
      type.endsWith(":Database") ? { props: { ...props, properties: { ...props.properties, owner: "ops" } }, opts } : undefined);
    const petra = new Solution("petra", {
      name: "Petra", applicationId: "com.petra.app", cluster: "europe-west-02", properties: { tier: "test" },
    });
    const france = new Database("france", {
      name: "France", solutionId: petra.id, cluster: "europe-west-03", shards: 3, replicas: 2, properties: { seats: 1 },
    });
    const outputs = (resource, ...keys) => Object.fromEntries(keys.map((key) => [key, resource[key]]));
    const shared = ["id", "name", "cluster", "properties", "deletionProtection", "hardDelete", "groupId", "servers", "environmentId"];
    exports.petra = outputs(petra, ...shared, "applicationId", "specId");
    exports.france = outputs(france, ...shared, "solutionId", "shards", "replicas");
  `;
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  const { environmentId } = cockpit.emulator;
  const shared = { deletionProtection: false, environmentId };
  const solution = {
    ...shared,
    id: idOf("Petra"),
    name: "Petra",
    cluster: "europe-west-02",
    servers: ["europe-west-02"],
    applicationId: "com.petra.app",
    properties: { tier: "test" },
    specId: environmentId,
  };
  const database = {
    ...shared,
    id: idOf("France"),
    name: "France",
    cluster: "europe-west-03",
    servers: ["europe-west-03"],
    properties: { seats: 1, owner: "ops" },
    solutionId: idOf("Petra"),
    shards: 3,
    replicas: 2,
  };
  const outputsOf = async (): Promise<unknown> =>
    JSON.parse(await project.must(["stack", "output", "--json"]));
  expect(await outputsOf()).toEqual({ petra: solution, france: database });

  await cockpit.asAdministrator("PUT", `group/${database.id}/name/Elsewhere`);
  cockpit.requestsSince();
  const state = await project.stateText();
  const only = await project.succeeds(
    project.start(["refresh", "--preview-only", "--diff"]).finished as Promise<Run>,
  );
  expect(only.output).toMatch(/~ name\s*: "France" => "Elsewhere"/);
  expect(await project.stateText()).toBe(state);
  expect(writesSince()).toEqual([]);

  // The drift is seen and put right in one run, together with a change of the program.
  await project.write(program.replace(`"com.petra.app"`, `"com.petra.next"`));
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/~ applicationId: "com.petra.app" => "com.petra.next"/);
  expect(preview.output).not.toMatch(/error|warning: (?!Solution "petra": changing applicationId)/);
  const mended = await project.succeeds(project.up(["--refresh"]));
  expect(
    stepsOf(mended)
      .filter((step) => step.startsWith("update"))
      .sort(),
  ).toEqual(["update france", "update petra"]);
  expect(writesSince().sort()).toEqual(["PUT france/name/France", "PUT petra/applicationId/com.petra.next"]);
  expect(await outputsOf()).toEqual({
    petra: { ...solution, applicationId: "com.petra.next" },
    france: database,
  });
  await project.succeeds(project.preview(["--expect-no-changes"]));
});
