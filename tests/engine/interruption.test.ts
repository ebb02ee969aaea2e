import { Cockpit } from "../support/cockpit";
import { isRunning, providerOf, until } from "../support/processes";
import { expectAgreement } from "../faults/agreement";
import { adoptionFrom } from "../support/adoption";

let cockpit: Cockpit;
/** Databases wait here before Cockpit makes them, until a test lets them through. */
let gate: Promise<void>;
let open: () => void;
beforeEach(async () => {
  gate = new Promise((resolve) => (open = resolve));
  cockpit = await Cockpit.start({
    onRequest: ({ method, path }) => (method === "POST" && path.endsWith("/database") ? gate : undefined),
  });
});
afterEach(async () => {
  open();
  await cockpit.dispose();
});

const program = `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  const args = { solutionId: petra.id, deletionProtection: false };
  const france = new Database("france", { ...args, name: "France", properties: { seats: 3 } });
  new Database("belgium", { ...args, name: "Belgium" }, { dependsOn: france });
`;
const requestsFor = (part: string) => cockpit.emulator.requests().filter(({ path }) => path.includes(part));
const creationsUnderWay = () => requestsFor("ic-france-").filter(({ method }) => method === "POST").length;

test("[F40, F41] ^C once: what is under way is finished and kept, nothing more is begun, and the next up goes on", async () => {
  const project = await cockpit.project({ program });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the database is asked for", () => creationsUnderWay() === 1);
  running.signal("SIGINT");
  await until("the engine has understood", () => /cancel/i.test(running.output()));
  open();
  const { exitCode } = await running.finished;
  expect(exitCode).not.toBe(0);
  expect(cockpit.liveGroup("France").properties).toHaveLength(1);
  expect(requestsFor("ic-belgium-")).toEqual([]);
  await expectAgreement(cockpit, project);

  await project.succeeds(project.up());
  expect(cockpit.liveGroups()).toHaveLength(3);
  expect(creationsUnderWay()).toBe(1);
  await expectAgreement(cockpit, project);
});

test("[F40] ^C twice: no process is left, and one command takes over what was under way", async () => {
  const project = await cockpit.project({ program });
  const running = project.start(["up", "--yes", "--skip-preview"]);
  await until("the database is asked for", () => creationsUnderWay() === 1);
  const provider = providerOf(running.pid);
  running.signal("SIGINT");
  await until("the engine has understood", () => /cancel/i.test(running.output()));
  running.signal("SIGINT");
  const { exitCode } = await running.finished;
  expect(exitCode).not.toBe(0);
  await until("the provider has ended", () => !isRunning(provider?.pid ?? 0));
  open();
  await until("Cockpit has made the database", () => cockpit.liveGroups().length === 2);

  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  await project.succeeds(project.up([], adoptionFrom(stopped.output)));
  expect(cockpit.liveGroups()).toHaveLength(3);
  expect(creationsUnderWay()).toBe(1);
  await expectAgreement(cockpit, project);
});
