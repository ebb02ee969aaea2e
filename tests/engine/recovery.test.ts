import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { start, type Outcome } from "../support/engine";
import { packageFolder, Project } from "../support/project";
import { expectRefusal } from "../support/refusal";

/** The recipes of docs/disaster-recovery.md, step by step. */
jest.setTimeout(300_000);

const loginOf = ({ url, gatewayUrl, username, password }: Emulator) => ({
  COCKPIT_URL: url,
  COCKPIT_GATEWAY_URL: gatewayUrl,
  COCKPIT_USERNAME: username,
  COCKPIT_PASSWORD: password,
});

async function succeeds(outcome: Promise<Outcome>): Promise<string> {
  const { exitCode, output } = await outcome;
  expect([exitCode, output]).toEqual([0, output]);
  return output;
}

const declared = (countries: readonly string[], name = "Petra") => `
  const petra = new Solution("petra", { name: "${name}" });
  for (const country of ${JSON.stringify(countries)}) {
    new Database("petra-" + country.toLowerCase(), { name: country, solutionId: petra.id, deletionProtection: country !== "Spain" });
  }`;

test("a lost state comes back by adopt --fill and one import; a restored Cockpit is read, and what it lacks is created again only by an up", async () => {
  const data = await mkdtemp(path.join(tmpdir(), "cockpit-data-"));
  const backup = `${data}-backup`;
  let emulator = await startEmulator({ data });
  const project = await Project.create({ program: declared(["France", "Spain"]), env: loginOf(emulator) });
  const adopt = (...args: string[]) =>
    succeeds(
      start(process.execPath, [path.join(packageFolder, "dist/cli/command.js"), "adopt", ...args], {
        cwd: project.folder,
        env: { ...process.env, ...loginOf(emulator) },
      }).finished,
    );
  const live = () =>
    emulator
      .groups()
      .filter(({ deletionDate, superGroup }) => deletionDate === undefined && superGroup !== undefined)
      .map(({ name }) => name)
      .sort();
  try {
    await project.succeeds(project.up());

    await project.must(["stack", "rm", "--yes", "--force"]);
    await project.must(["stack", "init", project.stack]);
    const warned = await project.succeeds(project.preview());
    expect(warned.diagnostics).toMatch(/"Petra" .*already exists.* pulumi up stops there.*COCKPIT_ADOPT=/);
    expectRefusal(await project.up(), /\[cockpit:already-exists\]/);
    const said = await adopt("--ids");
    const ids = said.slice(said.indexOf("["), said.lastIndexOf("]") + 1);
    await project.must(["preview", "--import-file", "wanted.json"], { COCKPIT_ADOPT: ids });
    expect(await adopt("--fill", "wanted.json", "--project", "petra", "--stack", project.stack)).toContain(
      "Filled 3 ids",
    );
    await project.must([
      ...["import", "--file", "wanted.json", "--yes", "--protect=false", "--skip-preview"],
      "--generate-code=false",
    ]);
    // What is taken in is protected, whatever the program says: that it is lifted is the one change.
    const taken = await project.succeeds(project.preview());
    expect(taken.steps.filter(({ op }) => op !== "same")).toMatchObject([
      { op: "update", name: "petra-spain" },
    ]);
    await project.succeeds(project.up());
    await project.succeeds(project.refresh(["--expect-no-changes"]));

    // Made, renamed and deleted after the backup.
    await emulator.close();
    await cp(data, backup, { recursive: true });
    emulator = await startEmulator({ data });
    await project.write(declared(["France", "Belgium"], "Petra Care"));
    await project.succeeds(project.up([], loginOf(emulator)));
    expect(live()).toEqual(["Belgium", "France", "Petra Care"]);
    await emulator.close();
    await rm(data, { recursive: true });
    await cp(backup, data, { recursive: true });
    emulator = await startEmulator({ data });
    const restored = loginOf(emulator);
    expect(live()).toEqual(["France", "Petra", "Spain"]);

    const before = await project.stateText();
    const looked = await project.must(["refresh", "--preview-only", "--diff"], restored);
    expect(looked).toMatch(/- pulumi-nodejs:cockpit:Database: \(delete\)[^~+]*petra-belgium/);
    expect(looked).toMatch(/"Petra Care"\s*=>\s*"Petra"/);
    expect(await project.stateText()).toBe(before);
    await project.succeeds(project.refresh([], restored));
    expect(live()).toEqual(["France", "Petra", "Spain"]);
    const offered = await project.succeeds(project.preview([], restored));
    expect(offered.steps.filter(({ op }) => op !== "same")).toMatchObject([
      { op: "update", name: "petra" },
      { op: "create", name: "petra-belgium" },
    ]);
    // What is back though it had been deleted is in no state: it is taken over, or left alone.
    await project.write(declared(["France", "Belgium", "Spain"], "Petra Care"));
    expect((await project.succeeds(project.preview([], restored))).diagnostics).toMatch(
      /"Spain" .*already exists.*COCKPIT_ADOPT=/,
    );
    const spain = emulator.groups().find(({ name }) => name === "Spain")?.id ?? "";
    await project.succeeds(project.up([], { ...restored, COCKPIT_ADOPT: spain }));
    expect(live()).toEqual(["Belgium", "France", "Petra Care", "Spain"]);
    await project.succeeds(project.preview(["--expect-no-changes"], restored));
  } finally {
    await project.dispose();
    await emulator.close();
    await Promise.all([data, backup].map((folder) => rm(folder, { recursive: true, force: true })));
  }
});
