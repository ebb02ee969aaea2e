import { Cockpit } from "../support/cockpit";
import { expectNoSecret } from "../support/refusal";

const administrator = { id: "petra", login: "petra@petra.example", password: "first-password" };
let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({
    seed: { environments: [{ id: "ic-petra", name: "Petra Corp", administrators: [administrator] }] },
  });
});
afterEach(() => cockpit.dispose());

test("[F24] a new password in the stack's configuration replaces nothing, and the run after it keeps it", async () => {
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
      new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
    `,
    env: { COCKPIT_PASSWORD: "" },
  });
  await project.config("cockpit:password", administrator.password, "--secret");
  await project.succeeds(project.up());
  const ids = cockpit.liveGroups().map(({ id }) => id);
  const user = (await cockpit.asAdministrator("GET", "user/inGroup/ic-petra/petra")) as object;
  await cockpit.asAdministrator("PUT", "user/inGroup/ic-petra", { ...user, passwordHash: "second-password" });
  cockpit.requestsSince();

  await project.config("cockpit:password", "second-password", "--secret");
  const preview = await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(preview.steps.map(({ op }) => op)).toEqual(["same", "same"]);
  await project.succeeds(project.up());
  // From now on the engine hands the new one to a refresh, too.
  const refreshed = await project.succeeds(project.refresh(["--expect-no-changes"]));
  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(cockpit.liveGroups().map(({ id }) => id)).toEqual(ids);
  expectNoSecret(preview.output + refreshed.output, administrator.password, "second-password");
});
