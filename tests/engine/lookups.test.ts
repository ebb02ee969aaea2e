import { Cockpit } from "../support/cockpit";
import { asAdministratorOf, companies, environmentsSetting, seedOfCompanies } from "../support/environments";
import type { Project, Run } from "../support/project";
import { expectNoSecret, expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
  await createGroup("source", "application", "ic-petra", "Petra", companies.source.id);
  await createGroup("source", "database", "ic-france", "France", "ic-petra");
  await createGroup("target", "application", "ic-clinic", "Clinic", companies.target.id);
});
afterEach(() => cockpit.dispose());

const { source, target } = companies;
const passwords = [source.password, target.password];

function createGroup(company: "source" | "target", kind: string, id: string, name: string, parent: string) {
  return asAdministratorOf(cockpit, company, "POST", `group/${id}/${kind}?name=${name}&superGroup=${parent}`);
}

function projectOf(program: string): Promise<Project> {
  return cockpit.project({
    program: `const cockpit = require("pulumi-cockpit");\n${program}`,
    env: { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", "target") },
  });
}

async function outputsOf(project: Project): Promise<Record<string, unknown>> {
  return JSON.parse(await project.must(["stack", "output", "--json"])) as Record<string, unknown>;
}

/** One sentence, and nothing of how the program came to it. */
function expectOneMessage(run: Run, message: string): void {
  expectRefusal(run, message);
  expect(run.diagnostics.split(message)).toHaveLength(2);
  expect(run.output).not.toMatch(/\n\s+at |unhandled exception|node_modules|provider\/functions/);
  expectNoSecret(run.output, ...passwords);
}

test("a program looks up by id and by name, as promises and as outputs, and builds on what it finds", async () => {
  const project = await projectOf(`
    const petra = cockpit.getSolutionOutput({ name: "Petra" });
    const france = cockpit.getDatabaseOutput({ name: "France", solutionId: petra.id });
    const belgium = new Database("belgium", { name: "Belgium", solutionId: petra.id, deletionProtection: false });
    exports.petra = petra;
    exports.france = france.servers;
    exports.belgium = cockpit.getDatabaseOutput({ id: belgium.id }).name;
    exports.clinic = cockpit.getSolution({ id: "ic-clinic" }).then(({ environmentId }) => environmentId);
    exports.solutions = cockpit.getSolutions().then(({ solutions }) => solutions.map(({ name }) => name));
    exports.databases = cockpit.getDatabasesOutput({ environment: pulumi.output("source"), solutionId: belgium.solutionId })
      .databases.apply((all) => all.map(({ name }) => name));
    exports.environments = cockpit.getEnvironmentsOutput().environments;
    exports.clusters = cockpit.getClusters({ environment: "source" });
  `);
  cockpit.requestsSince();
  const preview = await project.succeeds(project.preview());
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(preview.output).toMatch(/environmentId *: "ic-source"/);
  // What depends on what is not there yet is neither asked for nor made up.
  expect(preview.output).toMatch(/belgium *: \[unknown\]/);
  const run = await project.succeeds(project.up());
  expect(cockpit.liveGroup("Belgium")).toMatchObject({ superGroup: "ic-petra" });
  expect(await outputsOf(project)).toMatchObject({
    petra: { id: "ic-petra", name: "Petra", environmentId: source.id, specId: source.id, properties: {} },
    france: ["europe-west-02"],
    belgium: "Belgium",
    clinic: target.id,
    solutions: ["Clinic", "Petra"],
    databases: ["Belgium", "France"],
    environments: [
      { id: target.id, name: target.name, key: "target" },
      { id: source.id, name: source.name, key: "source" },
    ],
    clusters: { clusters: ["europe-west-02"] },
  });
  await project.succeeds(project.preview(["--expect-no-changes"]));
  for (const text of [preview.output, run.output, await project.stateText()]) {
    expectNoSecret(text, ...passwords);
  }
});

test("what is not found, and what is ambiguous, end the program with one message that says what to do", async () => {
  const project = await projectOf(`exports.id = cockpit.getSolutionOutput({ name: "Pluto" }).id;`);
  const notFound =
    'getSolution: there is no solution called "Pluto" in the environments "source" (ic-source) and "target" (ic-target). There are "Clinic", "Petra". Give one of these names, or an id; of what this program itself makes or renames, use the resource\'s outputs.';
  expectOneMessage(await project.preview(), notFound);
  await project.write(`require("pulumi-cockpit").getSolution({ name: "Pluto" });`);
  expectOneMessage(await project.up(), notFound);

  await createGroup("target", "application", "ic-other-petra", "Petra", target.id);
  const ambiguous =
    'getSolution: 2 solutions are called "Petra": "ic-petra" in the environment "source" (ic-source); "ic-other-petra" in the environment "target" (ic-target). To get one of them, ask by `id` or give `environment`.';
  await project.write(`exports.id = require("pulumi-cockpit").getSolutionOutput({ name: "Petra" }).id;`);
  expectOneMessage(await project.up(), ambiguous);
  await project.write(
    `module.exports = async () => ({ id: (await require("pulumi-cockpit").getSolution({ name: "Petra" })).id });`,
  );
  expectOneMessage(await project.preview(), ambiguous);
});

test("a failed look-up that another one depends on ends the program with its message too", async () => {
  const project = await projectOf(`
    const petra = cockpit.getSolutionOutput({ name: "Pluto" });
    const { databases } = cockpit.getDatabasesOutput({ solutionId: petra.id });
    exports.names = databases.apply((all) => all.map(({ name }) => name));
  `);
  expectRefusal(await project.preview(), 'getSolution: there is no solution called "Pluto"');
});

test("a program can tell the two apart and go on", async () => {
  await createGroup("target", "application", "ic-other-petra", "Petra", target.id);
  const project = await projectOf(`
    const nameOf = (error) => [
      error instanceof cockpit.NotFoundError, error instanceof cockpit.AmbiguousError, error instanceof pulumi.RunError, error.name,
    ];
    module.exports = async () => ({
      missing: await cockpit.getSolution({ name: "Pluto" }).catch(nameOf),
      twice: await cockpit.getSolution({ name: "Petra" }).catch(nameOf),
      wrong: await cockpit.getSolution({ id: "ic-1", name: "Petra" }).catch((error) => [...nameOf(error), error.message]),
    });
  `);
  await project.succeeds(project.up());
  expect(await outputsOf(project)).toEqual({
    missing: [true, false, true, "NotFoundError"],
    twice: [false, true, true, "AmbiguousError"],
    wrong: [
      false,
      false,
      true,
      "Error",
      "getSolution: give exactly one of id and name, not more [cockpit:excluded-property]",
    ],
  });
});

test("passwords and secret arguments are shown by no look-up that fails, and one in plain text is refused", async () => {
  const project = await projectOf(
    `exports.id = cockpit.getSolutionOutput({ name: pulumi.secret("Pluto-4kVq0Y2tTlC9") }).id;`,
  );
  const secretName = await project.up();
  expectRefusal(secretName, "getSolution: there is no solution called [secret] in the environments");
  expectNoSecret(secretName.output, "Pluto-4kVq0Y2tTlC9");

  const wrong = "wrong-4kVq0Y2tTlC9";
  const badLogin = await project.up([], {
    COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source").replace(source.password, wrong),
  });
  expectRefusal(badLogin, /getSolution: .*the password is wrong/);
  expect(badLogin.output).not.toMatch(/\n\s+at |unhandled exception/);
  expectNoSecret(badLogin.output, wrong, ...passwords);

  await project.config("cockpit:password", wrong, "--plaintext");
  const inClear = await project.up();
  expectRefusal(inClear, "pulumi config set --secret cockpit:password");
  expectNoSecret(inClear.output, wrong);
});
