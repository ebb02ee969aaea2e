import { readFile, realpath } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { repositoryRoot, type Project } from "../support/project";

const count = 300;
const program = `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  for (let number = 0; number < ${count}; number++) {
    new Database(\`clinic-\${number}\`, {
      name: \`Clinic \${number}\`,
      solutionId: petra.id,
      cluster: "europe-west-02",
      deletionProtection: false,
      ...(number % 3 === 0 && { properties: { beds: number } }),
    });
  }
`;
const providerText = `exports.handler=()=>require("pulumi-cockpit/dynamic").Database`;

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

/** How often each kind of request was made since the last look. */
function requestCounts(): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const request of cockpit.requestsSince()) {
    const kind = request.replace(/\/ic-[\w-]+/, "/ID");
    counts[kind] = (counts[kind] ?? 0) + 1;
  }
  return counts;
}

function sumOf(counts: Record<string, number>, method = ""): number {
  const chosen = Object.entries(counts).filter(([kind]) => kind.startsWith(method));
  return chosen.reduce((sum, [, each]) => sum + each, 0);
}

/** The bytes of the state as a program has them that installed the package: where this clone lies must not matter. */
async function stateBytes(project: Project): Promise<number> {
  const state = await readFile(path.join(project.folder, "state/.pulumi/stacks/petra/test.json"), "utf8");
  const clone = path.relative(await realpath(project.folder), repositoryRoot).replaceAll("\\", "/");
  return Buffer.byteLength(state.replaceAll(`${clone}/node_modules/`, "node_modules/"));
}

test(`[F34, F47] ${count} databases: one request each to create, none to preview, ten to refresh, little state, and nothing left`, async () => {
  const project = await cockpit.project({ program });
  await project.succeeds(project.up());
  expect(cockpit.liveGroups()).toHaveLength(count + 1);
  const creation = requestCounts();
  // The login, its environment, what is in it, and the clusters that there are.
  expect(sumOf(creation, "GET")).toBeLessThanOrEqual(4);
  expect(Object.fromEntries(Object.entries(creation).filter(([kind]) => !kind.startsWith("GET")))).toEqual({
    "POST /group/ID/application": 1,
    "POST /group/ID/database": count,
    "PUT /group/ID/properties": count / 3,
  });

  expect((await stateBytes(project)) / count).toBeLessThanOrEqual(1800);
  const databases = (await project.resources()).filter(({ type }) => type.endsWith(":Database"));
  const texts = databases.flatMap(({ inputs, outputs }) => [inputs.__provider, outputs.__provider]);
  expect([...new Set(texts)]).toEqual([providerText]);
  expect(providerText.length).toBeLessThanOrEqual(100);
  // The program's own line, not one of this package.
  const lines = new Set(databases.map(({ sourcePosition }) => sourcePosition?.replace(/,\d+$/, "")));
  expect([...lines]).toEqual(["project:///index.js#5"]);

  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(requestCounts()).toEqual({});

  const renamed = [7, 150, 299].map((number) => cockpit.liveGroup(`Clinic ${number}`));
  const deleted = [0, 211].map((number) => cockpit.liveGroup(`Clinic ${number}`));
  for (const { id, name } of renamed) {
    await cockpit.asAdministrator("PUT", `group/${id}/name/${encodeURIComponent(`${name} by hand`)}`);
  }
  for (const { id } of deleted) {
    await cockpit.asAdministrator("DELETE", `group/${id}`);
  }
  requestCounts();
  const refreshed = await project.succeeds(project.refresh());
  expect(sumOf(requestCounts())).toBeLessThanOrEqual(10);
  expect(refreshed.output).toMatch(/~ 3 updated\s+- 2 deleted\s+5 changes\. 297 unchanged/);
  const renames = [...refreshed.output.matchAll(/~ name\s*: (".*" => ".*")/g)].map(([, change]) => change);
  expect(renames.sort()).toEqual(renamed.map(({ name }) => `"${name}" => "${name} by hand"`).sort());
  const left = (await project.resources()).map(({ id }) => id).sort();
  expect(left).toEqual(
    cockpit
      .liveGroups()
      .map(({ id }) => id)
      .sort(),
  );

  await project.succeeds(project.destroy());
  expect(cockpit.liveGroups()).toEqual([]);
  expect(await project.resources()).toEqual([]);
});
