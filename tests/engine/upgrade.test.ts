import { readdirSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import type { StateResource } from "../support/project";
import { expectAgreement } from "../faults/agreement";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({
    seed: {
      environments: [
        {
          id: "ic-petra",
          name: "Petra Corp",
          administrators: [{ login: "petra", password: "petra-password" }],
        },
      ],
    },
  });
});
afterEach(() => cockpit.dispose());

/** As this very program's stack was exported under other versions of the package, without times and places. */
const folder = path.join(__dirname, "..", "faults", "states");
const states = readdirSync(folder);
const program = `
  const petra = new Solution("petra", {
    name: "Petra",
    applicationId: "com.petra.app",
    cluster: "europe-west-02",
    properties: { launched: { type: "date", value: "2026-01-31" }, seats: 250 },
    deletionProtection: false,
  });
  new Database("france", {
    name: "France",
    solutionId: petra.id,
    cluster: "europe-west-03",
    shards: 3,
    replicas: 2,
    hardDelete: true,
    deletionProtection: false,
  });
  new Database("belgium", { name: "Belgium", solutionId: petra.id, deletionProtection: false });
`;

test("[F45] the state of every earlier version shows no change, is refreshed, and can be destroyed", async () => {
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  const made = (await project.resources()).map(({ urn, id }) => ({ urn, id }));
  cockpit.requestsSince();
  for (const state of states) {
    const { deployment } = JSON.parse(await readFile(path.join(folder, state), "utf8")) as {
      deployment: { resources: StateResource[] };
    };
    const recorded = deployment.resources.map(({ urn, id }) => ({ urn, id }));
    expect(recorded).toEqual(expect.arrayContaining(made));
    await project.must(["stack", "import", "--file", path.join(folder, state)]);
    await project.succeeds(project.preview(["--expect-no-changes"]));
    expect(cockpit.requestsSince()).toEqual([]);
  }

  await project.must(["stack", "import", "--file", path.join(folder, "before-0.1.0.json")]);
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await expectAgreement(cockpit, project);
  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  expect(await project.resources()).toEqual([]);
});
