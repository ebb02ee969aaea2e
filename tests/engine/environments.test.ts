import { Cockpit } from "../support/cockpit";
import {
  asAdministratorOf,
  companies,
  environmentsSetting,
  seedOfCompanies,
  transferTokenOf,
} from "../support/environments";
import { expectNoSecret, expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
});
afterEach(() => cockpit.dispose());

const nothingSet = { COCKPIT_URL: "", COCKPIT_USERNAME: "", COCKPIT_PASSWORD: "", COCKPIT_GATEWAY_URL: "" };
const program = `
  const { ExternalServices } = require("pulumi-cockpit");
  const open = { deletionProtection: false };
  for (const environment of ["source", "target"]) {
    const services = new ExternalServices(environment, { environment, demo: true });
    const petra = new Solution("petra-" + environment, { environment, ...open }, { dependsOn: services });
    new Database("france-" + environment, { solutionId: petra.id, ...open });
  }
`;

test("two environments of the stack's configuration, each with its login, in one program", async () => {
  const project = await cockpit.project({ program, env: nothingSet });
  for (const key of ["source", "target"] as const) {
    const { id, login, password } = companies[key];
    const place = `cockpit:environments.${key}`;
    for (const [field, value] of Object.entries({
      id,
      url: cockpit.emulator.url,
      gatewayUrl: cockpit.emulator.gatewayUrl,
      username: login,
    })) {
      await project.config(`${place}.${field}`, value, "--path");
    }
    await project.config(`${place}.password`, password, "--path");
  }
  expectRefusal(
    await project.preview(),
    "a password of cockpit:environments is in the stack's configuration in plain text",
  );
  for (const key of ["source", "target"] as const) {
    await project.config(
      `cockpit:environments.${key}.password`,
      companies[key].password,
      "--path",
      "--secret",
    );
  }
  const up = await project.succeeds(project.up());
  const logins = cockpit.emulator.requests().filter(({ path }) => path.endsWith("/auth/login"));
  // The preview was refused before anything was sent, so both are of the one run.
  expect(logins).toHaveLength(2);
  const groups = cockpit.liveGroups();
  const placeOf = (name: string) => groups.find((group) => group.name === name)?.superGroup;
  expect([placeOf("petra-source"), placeOf("petra-target")]).toEqual(["ic-source", "ic-target"]);

  cockpit.requestsSince();
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(cockpit.emulator.requests()).toEqual([]);
  const refresh = await project.succeeds(project.refresh());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  const destroy = await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  for (const { password } of Object.values(companies)) {
    expectNoSecret(up.output + refresh.output + destroy.output + (await project.stateText()), password);
  }
});

test("errors name the environment, and a key that there is not", async () => {
  const project = await cockpit.project({ program });
  const wrong = environmentsSetting(cockpit, "source", "target").replace(
    "target-password-2",
    "wrong-password",
  );
  const refused = await project.preview([], { COCKPIT_ENVIRONMENTS: wrong });
  expectRefusal(
    refused,
    /in the environment "target": the user name or the password is wrong\. Set cockpit:environments\.target\.username and cockpit:environments\.target\.password \(or COCKPIT_ENVIRONMENTS\)|the password is not the one for environment/,
  );
  expectNoSecret(refused.output, "wrong-password", "source-password-1");
  expectRefusal(
    await project.preview([], { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source") }),
    `environment: there is no "target" in cockpit:environments, which has "source"`,
  );
  expectRefusal(
    await project.preview(),
    /environment: there is no "(source|target)" in cockpit:environments, which is not set/,
  );
  expect(cockpit.liveGroups()).toEqual([]);
});

test("external services go to another environment by a replacement, and are compared by id", async () => {
  const env = { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", "target", ["same", "other"]) };
  const services = (environment: string) =>
    `const { ExternalServices } = require("pulumi-cockpit"); new ExternalServices("s", { environment: "${environment}", demo: true });`;
  const project = await cockpit.project({ program: services("source"), env });
  await project.succeeds(project.up());
  await project.write(services("target"));
  const up = await project.succeeds(project.up());
  expect(up.steps.map(({ op }) => op)).toEqual(
    expect.arrayContaining(["create-replacement", "delete-replaced"]),
  );
  expect((await project.resource("s")).id).toBe("ic-target");
  await project.write(services("again"));
  const renamed = {
    COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", ["again", "target"]),
  };
  await project.succeeds(project.preview(["--expect-no-changes"], renamed));
});

test("a wizard that moves on makes its external services again, and leaves the old ones to who stays", async () => {
  const program = (environment: string, token = "") => `
    const { OnboardedSolution } = require("pulumi-cockpit");
    new OnboardedSolution("petra", {
      solution: { name: "Petra", environment: "${environment}", ${token} },
      database: { name: "France" },
      externalServices: { demo: true },
      processes: { login: {} },
    });`;
  const env = { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", "target") };
  const project = await cockpit.project({ program: program("source"), env });
  await project.succeeds(project.up());
  await asAdministratorOf(
    cockpit,
    "source",
    "POST",
    `group/ic-stays/application?name=Stays&superGroup=ic-source`,
  );
  const ids = cockpit.liveGroups().map(({ id }) => id);
  await project.write(program("target", `transferToken: "${await transferTokenOf(cockpit, "target")}"`));

  const preview = await project.succeeds(project.preview());
  expect(preview.output).toContain(
    `New ones are created for "ic-target"; those of "ic-source" are deleted afterwards, or kept where solutions that stay there need them.`,
  );
  expect(preview.output).toContain("external services of the new environment, which this program declares.");
  const up = await project.succeeds(project.up());
  expect(up.output).toContain(
    `the external services of the environment "ic-source" are not deleted in Cockpit, only removed from the state, because users of "Stays" register and log in by them.`,
  );
  expect(cockpit.liveGroups().map(({ id }) => id)).toEqual(ids);
  expect(await cockpit.gatewayAsAdministrator("GET", "spec")).toMatchObject({ demo: true });
  await project.succeeds(project.preview(["--expect-no-changes"]));
});
