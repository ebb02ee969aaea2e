import { adoptionFrom } from "../support/adoption";
import { Cockpit } from "../support/cockpit";
import { isRunning, providerOf, until } from "../support/processes";
import type { Project } from "../support/project";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
`;
const posts = { method: "POST", path: { regex: "/group/[^/]+/(application|database)$" } };
const databasePosts = { method: "POST", path: { regex: "/group/[^/]+/database$" } };

/** One solution and one database, the same in the state and in Cockpit. */
async function expectOneOfEach(project: Project): Promise<void> {
  const inState = (await project.resources()).map(({ id }) => id).sort();
  expect(inState).toHaveLength(2);
  expect(
    cockpit
      .liveGroups()
      .map(({ id }) => id)
      .sort(),
  ).toEqual(inState);
}

test.each(["drop", "cut", "html", "bad gateway"])(
  "[F1, F5] an answer that is lost in flight (%s) makes nothing twice, and up goes through",
  async (how) => {
    const action = {
      drop: { drop: true as const },
      cut: { cut: 20 },
      html: { malformed: "html" as const, status: 200 },
      "bad gateway": { status: 502, body: "<html>bad gateway</html>" },
    }[how];
    cockpit.emulator.addFault({ ...databasePosts, phase: "after", times: 1, action: action ?? { cut: 0 } });
    const project = await cockpit.project({ program });
    await project.succeeds(project.up());
    await expectOneOfEach(project);
    expect(cockpit.requestsSince().filter((request) => request.endsWith("/database"))).toHaveLength(1);
    await project.succeeds(project.preview(["--expect-no-changes"]));
  },
);

test("a request that was lost before it arrived is sent again", async () => {
  cockpit.emulator.addFault({ ...databasePosts, phase: "before", times: 1, action: { drop: true } });
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  await expectOneOfEach(project);
});

test("[F2] where the answer is lost and looking fails too, it says what may exist, and the next run finishes", async () => {
  const project = await cockpit.project({ program });
  cockpit.emulator.addFault({ ...databasePosts, phase: "after", action: { drop: true } });
  cockpit.emulator.addFault({ method: "GET", path: { regex: "/group/ic-france" }, action: { status: 503 } });
  const lost = await project.up();
  expect(lost.exitCode).not.toBe(0);
  expect(lost.output).toMatch(/ic-france-[\w-]+.* may exist/);

  cockpit.emulator.clearFaults();
  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(cockpit.liveGroups()).toHaveLength(2);
  await project.succeeds(project.up([], adoptionFrom(stopped.output)));
  await expectOneOfEach(project);
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("[F38] a provider that is killed after the POST leaves one group, which one command takes over", async () => {
  const project = await cockpit.project({ program });
  cockpit.emulator.addFault({ ...databasePosts, phase: "after", action: { hang: true } });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the database is made", () => cockpit.liveGroups().length === 2);
  const provider = providerOf(running.pid);
  expect(provider).toBeDefined();
  process.kill(provider?.pid ?? 0, "SIGKILL");
  expect((await running.finished).exitCode).not.toBe(0);

  cockpit.emulator.clearFaults();
  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.output).toMatch(
    /the database "France" \(id ic-france-[\w-]+ on [\w-]+\).*\[cockpit:(already|name)-exists/,
  );
  expect(stopped.output).toMatch(/deleteBeforeReplace/);
  expect(cockpit.liveGroups()).toHaveLength(2);
  await project.succeeds(project.up([], adoptionFrom(stopped.output)));
  await expectOneOfEach(project);
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
});

test("[F39] a command that is killed with -9 leaves no process behind and nothing to be created twice", async () => {
  const project = await cockpit.project({ program });
  cockpit.emulator.addFault({ ...databasePosts, phase: "after", action: { hang: true } });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the database is made", () => cockpit.liveGroups().length === 2);
  const provider = providerOf(running.pid);
  running.signal("SIGKILL");
  await running.finished;
  await until("the provider has ended by itself", () => !isRunning(provider?.pid ?? 0));

  cockpit.emulator.clearFaults();
  await project.must(["cancel", "--yes"]);
  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  await project.succeeds(project.up([], adoptionFrom(stopped.output)));
  await expectOneOfEach(project);
  await project.succeeds(project.refresh(["--clear-pending-creates"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("destroy followed by up works, again and again", async () => {
  const project = await cockpit.project({ program });
  const ids = new Set<string>();
  for (let round = 0; round < 3; round++) {
    await project.succeeds(project.up());
    await expectOneOfEach(project);
    cockpit.liveGroups().forEach(({ id }) => ids.add(id ?? ""));
    await project.succeeds(project.destroy());
    expect(cockpit.liveGroups()).toEqual([]);
  }
  expect(ids.size).toBe(6);
});

test("[F35] two stacks of one name at the same moment: one wins, the other stops, and each thing is there once", async () => {
  const projects = await Promise.all([cockpit.project({ program }), cockpit.project({ program })]);
  const runs = await Promise.all(projects.map((project) => project.up()));
  const losers = runs.filter(({ exitCode }) => exitCode !== 0);
  expect(losers.length).toBeGreaterThan(0);
  losers.forEach(({ output }) =>
    expect(output).toMatch(/another stack of the same name.*\[cockpit:already-exists/),
  );
  const names = cockpit.liveGroups().map(({ name }) => name);
  expect(names.filter((name) => name === "Petra")).toHaveLength(1);
  expect(names.filter((name) => name === "France").length).toBeLessThanOrEqual(1);
  const owners = await Promise.all(projects.map((project) => project.resources()));
  const owned = owners.flat().map(({ id }) => id);
  expect(new Set(owned).size).toBe(owned.length);
});

test("[F1] a lost answer never takes over what another stack of the same name made", async () => {
  const first = await cockpit.project({ program });
  await first.succeeds(first.up());
  const second = await cockpit.project({ program });
  cockpit.emulator.addFault({ ...posts, phase: "after", action: { drop: true } });
  const stopped = await second.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.output).toMatch(/\[cockpit:(already|name)-exists/);
  expect(await second.resources()).toEqual([]);
  expect(cockpit.liveGroups()).toHaveLength(2);
});

test("[F35] what was taken over by another stack is left alone by the one that made it", async () => {
  const first = await cockpit.project({ program });
  await first.succeeds(first.up());
  const second = await cockpit.project({ program });
  const ids = (await first.resources()).map(({ id }) => id);
  await second.succeeds(second.up([], { COCKPIT_ADOPT: JSON.stringify(ids) }));
  const gone = await first.succeeds(first.destroy());
  expect(gone.diagnostics).toMatch(/was taken over .*\[cockpit:removed-from-state\]/);
  await expectOneOfEach(second);
});

test("[F26] COCKPIT_ADOPT takes over only what is as declared", async () => {
  const created = await cockpit.project({ program });
  await created.succeeds(created.up());
  const { id } = await created.resource("petra");
  const other = await cockpit.project({
    program: `new Solution("petra", { name: "Petra Doc", groupId: ${JSON.stringify(id)} });`,
  });
  const refused = await other.up([], { COCKPIT_ADOPT: id ?? "" });
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toMatch(/name: "Petra", declared is "Petra Doc".*Nothing was changed/);
  expect(await other.resources()).toEqual([]);
});

test("[F36] what was created before a failure is kept and finished by the next run", async () => {
  const project = await cockpit.project({
    program: `new Solution("petra", { name: "Petra", properties: { tier: "test" } });`,
  });
  cockpit.emulator.addFault({
    method: "PUT",
    path: "**/properties",
    action: { status: 400, body: { message: "not today" } },
  });
  const failed = await project.up();
  expect(failed.exitCode).not.toBe(0);
  expect(failed.output).toMatch(/was created, but is not complete.*not today.*The next pulumi up goes on/);
  const { id } = await project.resource("petra");
  expect(cockpit.liveGroup("Petra").id).toBe(id);

  cockpit.emulator.clearFaults();
  await project.succeeds(project.refresh());
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("Petra").properties).toHaveLength(1);
  expect(cockpit.requestsSince().filter((request) => request.startsWith("POST"))).toHaveLength(1);
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect((await project.resource("petra")).initErrors).toBeUndefined();
});
