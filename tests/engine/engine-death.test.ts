import type { Fault } from "../../emulator";
import { Cockpit } from "../support/cockpit";
import { isRunning, providerOf, until } from "../support/processes";
import type { Project } from "../support/project";
import { expectAgreement } from "../faults/agreement";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (name: string) => `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  new Database("france", { name: "${name}", solutionId: petra.id, deletionProtection: false });
`;
const liveNames = () =>
  cockpit
    .liveGroups()
    .map(({ name }) => name)
    .sort();
const renames = { method: "PUT", path: "**/name/*" } as const;
const deletions = { method: "DELETE", path: { regex: "/group/ic-france-" } } as const;

/** Kills the provider or the engine while it awaits the answer to such a request, once Cockpit has carried it out. */
async function killDuring(
  victim: "the provider" | "the engine",
  project: Project,
  command: "up" | "destroy",
  request: Pick<Fault, "method" | "path">,
  namesThen: string[],
): Promise<void> {
  cockpit.emulator.addFault({ ...request, phase: "after", action: { hang: true } });
  const running = project.start([command, "--yes", "--skip-preview"]);
  await until("Cockpit has carried it out", () => liveNames().join() === namesThen.join());
  const provider = providerOf(running.pid)?.pid ?? 0;
  expect(provider).toBeGreaterThan(0);
  if (victim === "the provider") {
    process.kill(provider, "SIGKILL");
  } else {
    running.signal("SIGKILL");
  }
  expect((await running.finished).exitCode).not.toBe(0);
  await until("the provider has ended", () => !isRunning(provider));
  cockpit.emulator.clearFaults();
  if (victim === "the engine") {
    // The lock of a killed engine stays; the next command says so and names this one.
    const locked = await project.up();
    expect(locked.output).toMatch(/pulumi cancel/);
    await project.must(["cancel", "--yes"]);
  }
}

test.each(["the provider", "the engine"] as const)(
  "[F38, F39] kill -9 of %s during an update and during a deletion: the same command once more finishes",
  async (victim) => {
    const project = await cockpit.project({ program: program("France") });
    await project.succeeds(project.up());
    const { id } = await project.resource("france");
    await project.write(program("Belgium"));
    await killDuring(victim, project, "up", renames, ["Belgium", "Petra"]);
    expect((await project.resource("france")).id).toBe(id);
    await expectAgreement(cockpit, project);

    await project.succeeds(project.up());
    expect(cockpit.liveGroup("Belgium").id).toBe(id);
    expect((await project.resource("france")).outputs.name).toBe("Belgium");
    await expectAgreement(cockpit, project);

    await killDuring(victim, project, "destroy", deletions, ["Petra"]);
    await project.succeeds(project.destroy());
    expect(liveNames()).toEqual([]);
    expect(await project.resources()).toEqual([]);
  },
);
