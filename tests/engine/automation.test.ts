import { writeFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { companies, seedOfCompanies } from "../support/environments";
import { preparedEngine, start } from "../support/engine";
import type { Project } from "../support/project";

/** A tool that brings a program up within its own process, with settings in the workspace's `envVars`. */
const tool = `
  const { LocalWorkspace } = require("@pulumi/pulumi/automation");
  const { getSolutions, Solution } = require("pulumi-cockpit");
  const program = async () => {
    const { solutions } = await getSolutions();
    new Solution("petra", { name: "Petra", deletionProtection: false });
    return { found: solutions.map(({ name }) => name) };
  };
  const backend = { url: process.env.PULUMI_BACKEND_URL };
  const envVars = { ...JSON.parse(process.env.TOOL_ENV_VARS), PULUMI_CONFIG_PASSPHRASE: "test", PULUMI_BACKEND_URL: backend.url };
  (async () => {
    const projectSettings = { name: "tool", runtime: "nodejs", main: process.cwd(), backend };
    const stack = await LocalWorkspace.createOrSelectStack({ stackName: "tool", projectName: "tool", program }, { envVars, projectSettings });
    const print = (text) => process.stdout.write(text);
    const { outputs } = await stack.up({ onOutput: print });
    print("found: " + JSON.stringify(outputs.found?.value));
    await stack.destroy({ onOutput: print });
  })().catch((error) => { console.error(error.message); process.exitCode = 1; });`;

let cockpit: Cockpit;
let project: Project;
beforeAll(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
  project = await cockpit.project({ program: "" });
  await writeFile(path.join(project.folder, "tool.js"), tool);
});
afterAll(() => cockpit.dispose());

const loginOf = (company: keyof typeof companies): Record<string, string> => ({
  ...cockpit.login(),
  COCKPIT_USERNAME: companies[company].login,
  COCKPIT_PASSWORD: companies[company].password,
});

/** What the tool has in its own environment, and what it gives the workspace. */
async function run(own: Record<string, string>, envVars: Record<string, string>) {
  const { pulumi, env } = preparedEngine();
  cockpit.requestsSince();
  const { exitCode, output } = await start(process.execPath, ["tool.js"], {
    cwd: project.folder,
    env: {
      ...process.env,
      ...env,
      PATH: [path.dirname(pulumi), env.PATH ?? process.env.PATH].join(path.delimiter),
      PULUMI_BACKEND_URL: `file://${path.join(project.folder, "state")}`,
      PULUMI_HOME: path.join(project.folder, "home"),
      PULUMI_SKIP_UPDATE_CHECK: "1",
      TOOL_ENV_VARS: JSON.stringify(envVars),
      ...own,
    },
  }).finished;
  const writes = cockpit.requestsSince().filter((request) => !request.startsWith("GET "));
  return { exitCode, output, writes };
}

test("the same settings in process.env and envVars: both go to one environment", async () => {
  const { exitCode, output } = await run(loginOf("source"), loginOf("source"));
  expect([exitCode, output]).toEqual([0, expect.stringContaining("found: []")]);
});

test("envVars alone don't reach look-ups, which say where to put the settings", async () => {
  const { exitCode, output, writes } = await run({}, loginOf("source"));
  expect([exitCode, writes]).toEqual([1, []]);
  expect(output).toMatch(
    /getSolutions: Cockpit is not configured\..* envVars don't reach it\. Set the same variables in process\.env too/,
  );
});

test("another login in envVars than in process.env: nothing is created", async () => {
  const { exitCode, output, writes } = await run(loginOf("target"), loginOf("source"));
  expect([exitCode, writes]).toEqual([1, []]);
  expect(output).toMatch(/different settings \(cockpit:username.*\): nothing was changed/);
});
