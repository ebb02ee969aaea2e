import type { Seed } from "../../emulator";
import { Cockpit } from "../support/cockpit";
import { destroyConfirmed } from "../support/confirmation";
import {
  companies,
  environmentsSetting,
  seedOfCompanies,
  transferManually,
  transferTokenOf,
} from "../support/environments";
import { until } from "../support/processes";
import type { Project } from "../support/project";

const minute = 60_000;
let behind: number;
let cockpit: Cockpit;
afterEach(() => cockpit.dispose());

async function start(assumptions: Seed["assumptions"] = {}): Promise<void> {
  behind = 0;
  cockpit = await Cockpit.start({
    seed: { ...seedOfCompanies, assumptions },
    now: () => Date.now() - behind,
  });
}

const { source, target } = companies;

const program = (solution: string, rest = "") => `
  const { AuthenticationProcess, ExternalServices, TransferToken } = require("pulumi-cockpit");
  const petra = new Solution("petra", { name: "Petra", ${solution} });
  new Database("france", { name: "France", solutionId: petra.id });
  ${rest}
`;
const inSource = `environment: "source"`;
const toTarget = (token: string) => `environment: "target", transferToken: ${JSON.stringify(token)}`;

async function projectInSource(text = program(inSource)): Promise<Project> {
  const project = await cockpit.project({
    program: text,
    env: { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", "target"), COCKPIT_URL: "" },
  });
  await project.succeeds(project.up());
  cockpit.requestsSince();
  return project;
}

const transfersSince = () => cockpit.requestsSince().filter((request) => request.endsWith("/transfer"));
const placeOf = (name: string) => cockpit.liveGroups().find((group) => group.name === name)?.superGroup;
const tokensOf = (id: string) =>
  Object.keys(cockpit.emulator.groups().find((group) => group.id === id)?.operationTokens ?? {});

test.each<["refresh" | "up", 403 | 404]>([
  ["up", 403],
  ["refresh", 404],
])(
  "after a kill between the transfer and the state, %s puts it right (foreign groups: %s)",
  async (next, foreignGroup) => {
    await start({ foreignGroup });
    const project = await projectInSource();
    const { id } = await project.resource("petra");
    await project.write(program(toTarget(await transferTokenOf(cockpit, "target"))));
    cockpit.emulator.addFault({
      method: "POST",
      path: "**/transfer",
      phase: "after",
      times: 1,
      action: { hang: true },
    });
    const running = project.start(["up", "--yes", "--skip-preview"]);
    await until("it is transferred", () => placeOf("Petra") === target.id);
    running.signal("SIGKILL");
    await running.finished;
    cockpit.requestsSince();
    await project.must(["cancel", "--yes"]);
    if (next === "refresh") {
      await project.succeeds(project.refresh());
      await project.succeeds(project.preview(["--expect-no-changes"]));
    } else {
      const up = await project.succeeds(project.up());
      expect(up.output).toMatch(/It is there already/);
    }
    expect(transfersSince()).toEqual([]);
    expect((await project.resource("petra")).id).toBe(id);
    expect((await project.resource("petra")).outputs).toMatchObject({ environmentId: target.id });
    expect((await project.resources()).length).toBe(2);
    expect(cockpit.liveGroups().filter(({ name }) => name === "Petra")).toHaveLength(1);
  },
);

test("a token that was used or has expired moves nothing, is not drift, and is issued again by a trigger", async () => {
  await start();
  const entrance = (trigger: number) =>
    `const entrance = new TransferToken("entrance", { environment: "target", triggers: { n: ${trigger} } });`;
  behind = 61 * minute;
  const project = await projectInSource(
    entrance(1).replace(/^/, `const { TransferToken } = require("pulumi-cockpit");`),
  );
  expect(tokensOf(target.id)).toHaveLength(1);
  behind = 0;
  await project.succeeds(project.refresh());
  await project.succeeds(project.preview(["--expect-no-changes"]));

  const move = (trigger: number, solution: string) =>
    `const { TransferToken } = require("pulumi-cockpit"); ${entrance(trigger)} new Solution("petra", { name: "Petra", ${solution} });`;
  await project.write(move(1, inSource));
  await project.succeeds(project.up());
  await project.write(move(1, `environment: "target", transferToken: entrance.token`));
  const expired = await project.preview();
  expect(expired.exitCode).not.toBe(0);
  expect(expired.diagnostics).toMatch(
    /transferToken: it expired at .* Change the triggers of its TransferToken/,
  );

  // By hand, expired a minute ago: only Cockpit can tell.
  behind = 61 * minute;
  const old = await transferTokenOf(cockpit, "target");
  behind = 0;
  await project.write(move(1, toTarget(old)));
  const refused = await project.up();
  expect(refused.exitCode).not.toBe(0);
  expect(refused.diagnostics).toMatch(
    /the solution "Petra" .* was not transferred to "ic-target" and is where it was. The token may be unknown, used, expired/,
  );
  expect(placeOf("Petra")).toBe(source.id);

  await project.write(move(2, `environment: "target", transferToken: entrance.token`));
  const up = await project.succeeds(project.up());
  expect(up.steps.find(({ name }) => name === "petra")?.op).toBe("update");
  expect(placeOf("Petra")).toBe(target.id);
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.write(move(3, `environment: "target", transferToken: entrance.token`));
  await project.succeeds(project.up());
  await destroyConfirmed(project);
  // Only the one that somebody made manually is left; the program's own are worthless.
  expect(tokensOf(target.id)).toHaveLength(1);
});

test.each(["follow", "stay"] as const)(
  "the solution's processes keep their ids and what they were declared as (%s)",
  async (transferredProcesses) => {
    await start({ transferredProcesses });
    const rest = `
      const options = { dependsOn: [new ExternalServices("a", { environment: "source", demo: true }), new ExternalServices("b", { environment: "target", demo: true })] };
      new AuthenticationProcess("code", { groupId: petra.id, template: "login", name: "NAME" }, options);`;
    const project = await projectInSource(program(inSource, rest));
    const { id } = await project.resource("code");
    const moved = program(toTarget(await transferTokenOf(cockpit, "target")), rest);
    await project.write(moved);
    const preview = await project.succeeds(project.preview());
    expect(preview.output.replace(/\s+/g, " ")).toMatch(
      /Authentication processes of the solution and its databases keep their ids/,
    );
    const up = await project.succeeds(project.up());
    expect(up.steps.filter(({ op }) => op !== "same").map(({ name }) => name)).toEqual(["petra"]);
    const refresh = await project.succeeds(project.refresh());
    expect(refresh.diagnostics.includes("has not moved with its group")).toBe(
      transferredProcesses === "stay",
    );
    await project.succeeds(project.preview(["--expect-no-changes"]));
    expect((await project.resource("code")).id).toBe(id);
    await project.write(moved.replace("NAME", "Other"));
    await project.succeeds(project.up());
    await destroyConfirmed(project);
    expect(cockpit.liveGroups().filter(({ name }) => name === "Petra")).toEqual([]);
  },
);

test("a solution that went to an environment of nobody here is an error, and nothing is dropped", async () => {
  await start();
  const project = await projectInSource();
  const { id } = await project.resource("petra");
  await transferManually(cockpit, id ?? "", "source", "other");
  const lost = await project.refresh();
  expect(lost.exitCode).not.toBe(0);
  expect((await project.resources()).length).toBe(2);
  const up = await project.succeeds(project.preview());
  expect(up.steps.length).toBeGreaterThan(0);
  expect(up.steps.filter(({ op }) => op !== "same")).toEqual([]);
});
