import { Cockpit } from "../support/cockpit";
import { destroyConfirmed } from "../support/confirmation";
import {
  companies,
  environmentsSetting,
  seedOfCompanies,
  transferManually,
  transferTokenOf,
} from "../support/environments";
import type { Project } from "../support/project";
import { expectNoSecret, expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
});
afterEach(() => cockpit.dispose());

const { source, target, other } = companies;

const program = (solution: string, before = "") => `
  const { TransferToken } = require("pulumi-cockpit");
  ${before}
  const petra = new Solution("petra", { name: "Petra", ${solution} });
  const france = new Database("france", { name: "France", solutionId: petra.id });
  new Database("belgium", { name: "Belgium", solutionId: petra.id });
  exports.specId = petra.specId; exports.france = france.id;
`;
const inSource = `environment: "source"`;
const toTarget = (token: string) => `environment: "target", transferToken: ${JSON.stringify(token)}`;

async function projectInSource(text = program(inSource)): Promise<Project> {
  const project = await cockpit.project({
    program: text,
    env: { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source", "target", "other") },
  });
  await project.succeeds(project.up());
  cockpit.requestsSince();
  return project;
}

const writesSince = () => cockpit.requestsSince().filter((request) => !request.startsWith("GET "));
const placeOf = (name: string) => cockpit.liveGroups().find((group) => group.name === name)?.superGroup;
const idsNow = () =>
  cockpit
    .liveGroups()
    .map(({ id }) => id)
    .sort();

test("a change of environment is a transfer in place: told in the preview, one request, and quiet afterwards", async () => {
  const project = await projectInSource();
  const before = idsNow();
  const { id } = await project.resource("petra");
  const token = await transferTokenOf(cockpit, "target");
  cockpit.requestsSince();
  await project.write(program(toTarget(token)));

  const preview = await project.succeeds(project.preview());
  expect(writesSince()).toEqual([]);
  expect(preview.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "petra" }]);
  expect(preview.output).toMatch(/environment *: "source" => "target"/);
  expect(preview.output).toMatch(/specId *: "ic-source" => "ic-target"/);
  const told = preview.output.replace(/\s+/g, " ");
  expect(told).toContain(
    `transfer in place from the environment "source", "Petra Corp" (ic-source) to the environment "target", "Clinic Group" (ic-target)`,
  );
  expect(told).toMatch(/its 2 databases "(France|Belgium)", "(France|Belgium)"/);
  expect(told).toContain("EXTERNAL_SERVICES_SPEC_ID (specId) changes from ic-source to ic-target");
  expectNoSecret(preview.output, token, target.password, source.password);

  const up = await project.succeeds(project.up());
  expect(writesSince()).toEqual([`POST /group/${id}/transfer`]);
  expect(up.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "petra" }]);
  expect(up.output).toMatch(/specId *: "ic-source" => "ic-target"/);
  expectNoSecret(up.output, token, target.password, source.password);
  expectNoSecret(await project.stateText(), token, target.password, source.password);
  expect(placeOf("Petra")).toBe(target.id);
  expect(idsNow()).toEqual(before);
  expect((await project.resource("petra")).outputs).toMatchObject({
    environmentId: target.id,
    specId: target.id,
  });
  expect((await project.resource("petra")).id).toBe(id);

  await project.succeeds(project.preview(["--expect-no-changes"]));
  const refresh = await project.succeeds(project.refresh());
  expect(refresh.steps.map(({ op }) => op)).not.toContain("delete");
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect((await project.resource("france")).outputs).toMatchObject({ environmentId: target.id });
  expect(writesSince()).toEqual([]);
});

test("the old environment may go from the configuration before anything of the solution was refreshed", async () => {
  const project = await projectInSource();
  const { id } = await project.resource("petra");
  const moved = program(toTarget(await transferTokenOf(cockpit, "target")));
  await project.write(moved);
  await project.succeeds(project.up());
  await project.write(moved.replace("France", "Frankreich"));
  const onlyTarget = { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "target"), COCKPIT_URL: "" };
  await project.succeeds(project.up([], onlyTarget));
  expect(placeOf("Frankreich")).toBe(id);
  await project.succeeds(project.refresh([], onlyTarget));
  await project.succeeds(project.preview(["--expect-no-changes"], onlyTarget));

  // With the configuration of before, everything is an error and nothing an absence.
  const onlySource = { COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, "source"), COCKPIT_URL: "" };
  const before = await project.refresh([], onlySource);
  expect(before.exitCode).not.toBe(0);
  expect((await project.resources()).map(({ id: each }) => each).sort()).toEqual(idsNow());
  await destroyConfirmed(project, [], onlyTarget);
  expect(idsNow()).toEqual([]);
});

test("the program issues the token itself, and a transfer of a hundred databases is two requests beyond reads", async () => {
  const many = (solution: string) =>
    program(
      solution,
      `const entrance = new TransferToken("entrance", { environment: "target", triggers: { transfer: ${
        solution === inSource ? 0 : 1
      } } });`,
    ) + `for (let i = 0; i < 98; i++) new Database("d" + i, { solutionId: petra.id });`;
  const project = await projectInSource(many(inSource));
  await project.write(many(`environment: "target", transferToken: entrance.token`));
  const preview = await project.succeeds(project.preview());
  expect(writesSince()).toEqual([]);
  expect(preview.output).toContain(`its 100 databases`);
  expect(preview.output).toContain(`"d97"`);
  const up = await project.succeeds(project.up());
  const { id } = await project.resource("petra");
  expect(writesSince().filter((request) => !request.startsWith("DELETE /group/operationToken/"))).toEqual([
    `POST /group/${target.id}/operationToken`,
    `POST /group/${id}/transfer`,
  ]);
  expect(
    up.steps.filter(({ op }) => op === "delete" || op === "create").map(({ name }) => name),
  ).not.toContain("petra");
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("nothing is sent with a token that can't be right, and the preview says so where it can", async () => {
  const project = await projectInSource(
    program(inSource, `new TransferToken("elsewhere", { environment: "other" });`),
  );
  const wrong = program(
    `environment: "target", transferToken: elsewhere.token`,
    `const elsewhere = new TransferToken("elsewhere", { environment: "other" });`,
  );
  await project.write(wrong);
  for (const run of [await project.preview(), await project.up()]) {
    expect(run.exitCode).not.toBe(0);
    expect(run.diagnostics).toMatch(/transferToken: it was issued for the environment "ic-other"/);
  }
  await project.write(program(`environment: "target"`));
  const missing = await project.preview();
  expect(missing.exitCode).not.toBe(0);
  expect(missing.diagnostics).toMatch(/transferToken: is required to transfer "petra"/);

  const copied = "3f2b0c7e-copied-with-its-line-break\n";
  await project.write(program(toTarget(copied)));
  const withLineBreak = await project.preview();
  expectRefusal(withLineBreak, "transferToken: must be the token alone, without spaces or line breaks");
  expectNoSecret(withLineBreak.output, copied.trim());

  const foreign = await transferTokenOf(cockpit, "other");
  cockpit.requestsSince();
  await project.write(program(toTarget(foreign)));
  const up = await project.up();
  expect(up.exitCode).not.toBe(0);
  expect(up.diagnostics).toMatch(/has no unused transfer token/);
  expect(writesSince().filter((request) => request.includes("transfer"))).toEqual([]);
  expect(placeOf("Petra")).toBe(source.id);
  expectNoSecret(up.output, foreign);
});

test("a transfer whose answer is lost, or that a run killed in between has made, is not sent again", async () => {
  const project = await projectInSource();
  const { id } = await project.resource("petra");
  cockpit.emulator.addFault({
    method: "POST",
    path: "**/transfer",
    phase: "after",
    times: 1,
    action: { drop: true },
  });
  await project.write(program(toTarget(await transferTokenOf(cockpit, "target"))));
  cockpit.requestsSince();
  await project.succeeds(project.up());
  expect(writesSince()).toEqual([`POST /group/${id}/transfer`]);
  expect(placeOf("Petra")).toBe(target.id);

  // As after a kill: Cockpit has it in the other environment, the state knows nothing of it.
  await transferManually(cockpit, id ?? "", "target", "source");
  await project.write(program(`environment: "source", transferToken: "used"`));
  cockpit.requestsSince();
  const again = await project.succeeds(project.up());
  expect(again.output).toMatch(/It is there already/);
  expect(writesSince()).toEqual([]);
  expect((await project.resource("petra")).outputs).toMatchObject({ environmentId: source.id });
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("a manual move is drift of the solution, never an absence, and its databases are found where they are", async () => {
  const solo = `new Solution("solo", { environment: "source" });`;
  const project = await projectInSource(program(inSource) + solo);
  const { id } = await project.resource("petra");
  const { id: soloId, urn } = await project.resource("solo");
  await transferManually(cockpit, id ?? "", "source", "target");
  await transferManually(cockpit, soloId ?? "", "source", "target");
  await project.write(program(inSource).replace(`"Petra"`, `"Petra 2"`));
  const up = await project.up();
  expect(up.exitCode).not.toBe(0);
  expect(up.diagnostics).toMatch(/"ic-target".*\[cockpit:moved-outside\]/);
  const destroy = await project.destroy(["--target", urn]);
  expect(destroy.exitCode).not.toBe(0);
  expect(destroy.diagnostics).toMatch(/"solo" has been moved to the environment "ic-target"/);
  expect(cockpit.liveGroups().map(({ name }) => name)).toContain("solo");

  await project.write(program(inSource) + solo);
  await project.succeeds(project.refresh());
  expect((await project.resource("petra")).outputs).toMatchObject({
    environment: "target",
    environmentId: target.id,
  });
  const back = await project.preview();
  expect(back.exitCode).not.toBe(0);
  expect(back.diagnostics).toMatch(/transferToken: is required/);
  await project.write(program(`environment: "target"`) + solo.replace("source", "target"));
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("what was transferred is known by the id that it was made with: its own cluster replaces nothing", async () => {
  const project = await projectInSource();
  await project.write(program(toTarget(await transferTokenOf(cockpit, "target"))));
  await project.succeeds(project.up());
  const { id, outputs } = await project.resource("petra");
  const [cluster = ""] = outputs["servers"] as string[];
  await project.write(program(`environment: "target", cluster: ${JSON.stringify(cluster)}`));
  const up = await project.succeeds(project.up());
  expect(up.steps.find(({ name }) => name === "petra")?.op).toBe("update");
  expect((await project.resource("petra")).id).toBe(id);
});

test("renaming a key, or naming an environment for the first time, is not a transfer; a key that leads elsewhere is a mistake", async () => {
  const project = await cockpit.project({
    program: program(""),
    env: { COCKPIT_USERNAME: source.login, COCKPIT_PASSWORD: source.password },
  });
  await project.succeeds(project.up());
  const env = (
    ...keys: Parameters<typeof environmentsSetting> extends [unknown, ...infer Keys] ? Keys : never
  ) => ({
    COCKPIT_ENVIRONMENTS: environmentsSetting(cockpit, ...keys),
  });
  await project.write(program(inSource));
  await project.succeeds(project.preview(["--expect-no-changes"], env("source")));
  await project.succeeds(project.up([], env("source")));
  await project.write(program(`environment: "first"`));
  await project.succeeds(project.preview(["--expect-no-changes"], env(["first", "source"], "target")));
  await project.succeeds(project.up([], env(["first", "source"], "target")));
  const misled = await project.preview([], env(["first", "target"], "source"));
  expect(misled.exitCode).not.toBe(0);
  expect(misled.diagnostics).toMatch(/"first" was the environment "ic-source" in the last run/);
  const refresh = await project.refresh([], { ...env("other", "target"), COCKPIT_URL: "" });
  expect(refresh.exitCode).not.toBe(0);
  expect(refresh.diagnostics).toMatch(/belongs to the environment "ic-source"/);
  expect((await project.resources()).length).toBe(3);
  expect(placeOf("Petra")).toBe(source.id);
  expect(other.id).toBe("ic-other");
});

test("where the environment is not known before the run, the preview says that it may be a transfer", async () => {
  const project = await projectInSource();
  const { id } = await project.resource("petra");
  const token = await transferTokenOf(cockpit, "target");
  cockpit.requestsSince();
  await project.write(
    program(
      `environment: guide.id.apply(() => "target"), transferToken: "${token}"`,
      `const guide = new Solution("guide", { environment: "source" });`,
    ),
  );
  const preview = await project.succeeds(project.preview());
  expect(preview.diagnostics.replace(/\s+/g, " ")).toMatch(
    /"petra": its environment is not known before the run\. If it turns out to be another one than the environment "source", "Petra Corp" \(ic-source\), this is a transfer in place\. Moves along .* its 2 databases "(France|Belgium)", "(France|Belgium)"/,
  );
  const up = await project.succeeds(project.up());
  expect(up.diagnostics).toMatch(/transfer in place from the environment "source"/);
  expect(writesSince()).toContain(`POST /group/${id}/transfer`);
  expect(placeOf("Petra")).toBe(target.id);
});

test("a solution that somebody has moved to a third environment is said to be taken from there", async () => {
  const project = await projectInSource();
  const { id } = await project.resource("petra");
  await transferManually(cockpit, id ?? "", "source", "other");
  await project.write(program(toTarget(await transferTokenOf(cockpit, "target"))));
  const preview = await project.succeeds(project.preview());
  expect(preview.diagnostics).toContain(
    `Somebody has moved it since the last run: it is taken from the environment "other", "Somebody Else" (ic-other).`,
  );
  expect(preview.diagnostics).toMatch(/its 2 databases "(France|Belgium)", "(France|Belgium)"/);
  await project.succeeds(project.up());
  expect(placeOf("Petra")).toBe(target.id);
});
