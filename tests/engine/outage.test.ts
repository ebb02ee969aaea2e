import { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

/** Every byte of the state, but for the time at which the engine wrote it. */
async function stateOf(project: Project): Promise<string> {
  return (await project.stateText()).replace(/"time": "[^"]*"/, "");
}

test("[F46] a refresh or a destroy while the API is down fails, and the state stays as it is to the byte", async () => {
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
      const args = { solutionId: petra.id, deletionProtection: false, properties: { seats: 3 } };
      for (const name of ["france", "belgium", "spain"]) new Database(name, args);
    `,
  });
  await project.succeeds(project.up());
  // Once in the order in which a refresh writes.
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  const before = await stateOf(project);
  const groups = cockpit.emulator.groups();

  cockpit.emulator.addFault({ path: "/rest/**", action: { status: 503 } });
  expectRefusal(await project.refresh(), /503 Service Unavailable/);
  expect(await stateOf(project)).toBe(before);
  cockpit.emulator.clearFaults();
  // The environment can be read, and the databases in it can't.
  for (const regex of ["/group/ic-(france|belgium|spain)-", "/children$"]) {
    cockpit.emulator.addFault({ path: { regex }, action: { status: 500 } });
  }
  for (const run of [await project.refresh(), await project.destroy()]) {
    expectRefusal(run, /500 Internal Server Error/);
    expect(await stateOf(project)).toBe(before);
  }
  expect(cockpit.emulator.groups()).toEqual(groups);

  cockpit.emulator.clearFaults();
  await project.succeeds(project.preview(["--expect-no-changes"]));
});
