import { Cockpit } from "../support/cockpit";
import { expectRefusal, resourcesOf } from "../support/refusal";
import { adoptionFrom } from "../support/adoption";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = `
  new Solution("petra", { name: "Petra", groupId: "shared", deletionProtection: false });
`;

test("[F35] two projects that choose one id at the same moment: one has it, the other stops and can't delete it", async () => {
  const projects = await Promise.all([
    cockpit.project({ program, name: "first" }),
    cockpit.project({ program, name: "second" }),
  ]);
  const runs = await Promise.all(projects.map(async (project) => ({ project, run: await project.up() })));
  const winner = runs.find(({ run }) => run.exitCode === 0);
  const loser = runs.find(({ run }) => run.exitCode !== 0);
  if (!winner || !loser) {
    throw new Error(runs.map(({ run }) => run.output).join("\n"));
  }
  expectRefusal(loser.run, /the solution "Petra" \(id shared on .*\[cockpit:already-exists/);
  expect(cockpit.liveGroups()).toHaveLength(1);
  expect([await winner.project.resources(), await loser.project.resources()]).toMatchObject([
    [{ id: "shared" }],
    [],
  ]);

  await loser.project.succeeds(loser.project.destroy());
  expect(cockpit.liveGroup("Petra").id).toBe("shared");

  // The one that lost takes it over as it was told; from then on the other one leaves it alone.
  await loser.project.succeeds(loser.project.up([], adoptionFrom(loser.run.output)));
  const taken = await resourcesOf(loser.project);
  const forgotten = await winner.project.succeeds(winner.project.destroy());
  expect(forgotten.diagnostics).toMatch(/was taken over .*\[cockpit:removed-from-state\]/);
  expect(cockpit.liveGroup("Petra").id).toBe("shared");
  expect(await resourcesOf(loser.project)).toEqual(taken);
});
