import { readFile } from "node:fs/promises";
import { Cockpit } from "../support/cockpit";
import type { Project, Run } from "../support/project";

const day = 86_400_000;
let now = Date.now();
let emulatorLog = "";
let cockpit: Cockpit;
beforeEach(async () => {
  now = Date.now();
  cockpit = await Cockpit.start({ now: () => now, log: (line) => (emulatorLog += line) });
});
afterEach(() => cockpit.dispose());

const tokenPosts = { method: "POST", path: { regex: "/user/inGroup/[^/]+/token/" } };

interface User {
  id: string;
  rev: string;
  authenticationTokens: Record<string, { creationTime: number; validity: number }>;
}

/** A token of the emulator's own administrator, so that a program needs nothing else. */
const token = (more: string, options = "{}") => `
  const { AccessToken } = require("pulumi-cockpit");
  const backend = new AccessToken("backend", {
    groupId: "${cockpit.emulator.environmentId}", userId: "petra-administrator", ${more}
  }, ${options});
  exports.token = backend.token;`;
const path = () => `user/inGroup/${cockpit.emulator.environmentId}/petra-administrator`;
const held = async () => ((await cockpit.asAdministrator("GET", path())) as User).authenticationTokens;
const issue = (name: string, seconds = 3600) =>
  cockpit.asAdministrator(
    "POST",
    `user/inGroup/${cockpit.emulator.environmentId}/token/petra-administrator/${name}?tokenValidity=${seconds}`,
  );
const posts = () => cockpit.requestsSince().filter((request) => /^POST .*\/token\//.test(request));

const value = async (project: Project): Promise<string> =>
  (await project.must(["stack", "output", "token", "--show-secrets"])).trim();

async function logsIn(secret: unknown): Promise<boolean> {
  const { url, username } = cockpit.emulator;
  const response = await fetch(`${url}/rest/v2/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ username, password: secret }),
  });
  return response.ok;
}

test("is issued once, logs in, is kept through refresh, renewed before its end, and removed", async () => {
  const project = await cockpit.project({ program: token(`expiresIn: "90d"`) });
  const preview = await project.succeeds(project.preview());
  expect(preview.steps).toEqual([expect.objectContaining({ op: "create" })]);
  await project.succeeds(project.up());
  const first = await value(project);
  expect(await logsIn(first)).toBe(true);
  const { outputs, id } = await project.resource("backend");
  expect(id).toBe(`${cockpit.emulator.environmentId}/petra-administrator/backend`);
  expect(Date.parse(String(outputs.expiresAt))).toBe(now + 90 * day);
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.write(token(`expiresIn: 7776000, renewBefore: "14d"`));
  await project.succeeds(project.up());
  expect(posts()).toHaveLength(1);
  expect(await value(project)).toBe(first);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.write(token(`expiresIn: 7776000, renewBefore: "89d"`));
  await project.succeeds(project.up());
  now -= 2 * day;
  await project.write(token(`expiresIn: "88d", renewBefore: "87d"`));
  await project.succeeds(project.up());
  expect(posts()).toHaveLength(1);
  now += 2 * day;
  const due = await project.succeeds(project.preview());
  expect(due.steps.map(({ op }) => op)).toContain("replace");
  expect(due.steps.find(({ op }) => op === "replace")?.replaceKeys).toEqual(["expiresAt"]);
  // A server tells its time in whole seconds.
  expect(due.diagnostics).toMatch(/the token "backend" .* ends in (85 days and 23 hours|86 days) .* renewed/);
  await project.succeeds(project.up());
  const renewed = await value(project);
  expect([await logsIn(renewed), await logsIn(first)]).toEqual([true, false]);
  await project.succeeds(project.preview(["--expect-no-changes"]));

  await project.succeeds(project.destroy());
  expect(await held()).toEqual({});
  expect(await logsIn(renewed)).toBe(false);
});

test("a change of its triggers issues another one, and the preview says that the old one ends", async () => {
  const rotated = (turn: number): string => token(`never: true, triggers: { turn: ${turn} }`);
  const project = await cockpit.project({ program: rotated(1) });
  await project.succeeds(project.up());
  const first = await value(project);
  await project.write(rotated(2));
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.find(({ op }) => op === "replace")?.replaceKeys).toEqual(["triggers"]);
  expect(preview.diagnostics).toMatch(/changing triggers deletes the token .* is shut out until/);
  expect(await logsIn(first)).toBe(true);
  await project.succeeds(project.up());
  const second = await value(project);
  expect([await logsIn(second), await logsIn(first)]).toEqual([true, false]);
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

test("a token that is gone is issued again; one of somebody else is never overwritten", async () => {
  await issue("backend");
  const foreign = (await held()).backend;
  const project = await cockpit.project({ program: token("never: true") });
  const stopped = await project.up();
  expect(stopped.exitCode).not.toBe(0);
  expect(stopped.output).toMatch(
    /the token "backend" .*COCKPIT_ADOPT=\S+\/backend.*\[cockpit:already-exists\]/,
  );
  expect((await held()).backend).toEqual(foreign);

  const id = `${cockpit.emulator.environmentId}/petra-administrator/backend`;
  now += 1000;
  await project.succeeds(project.up([], { COCKPIT_ADOPT: id }));
  expect((await held()).backend).toMatchObject({ validity: -1, creationTime: now });
  expect((await project.resource("backend")).outputs.expiresAt).toBeUndefined();
  await project.succeeds(project.preview(["--expect-no-changes"]));

  now += 1000;
  await issue("backend");
  const destroyed = await project.succeeds(project.destroy());
  expect(destroyed.diagnostics).toMatch(/\[cockpit:removed-from-state\]/);
  expect((await held()).backend?.creationTime).toBe(now);
});

test("a clock that runs ahead neither drops a live token nor takes the place of somebody else's", async () => {
  // To this machine all that the server issues now ended ten days ago.
  now -= 100 * day;
  const project = await cockpit.project({ program: token(`expiresIn: "90d"`) });
  await project.succeeds(project.up());
  const own = (await held()).backend;
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.up());
  expect((await held()).backend).toEqual(own);
  await project.succeeds(project.destroy());

  await issue("backend", 90 * 86_400);
  const foreign = (await held()).backend;
  expect((await project.up()).diagnostics).toMatch(/the token "backend" .*\[cockpit:already-exists\]/);
  expect((await held()).backend).toEqual(foreign);
});

test("a lost answer costs the value and nothing else: it is issued again under the same name", async () => {
  cockpit.emulator.addFault({ ...tokenPosts, phase: "after", times: 1, action: { drop: true } });
  const project = await cockpit.project({ program: token(`expiresIn: "90d"`) });
  await project.succeeds(project.up());
  expect(posts()).toHaveLength(2);
  expect(Object.keys(await held())).toEqual(["backend"]);
  const first = await value(project);
  expect(await logsIn(first)).toBe(true);
});

test("bad input is refused with its property", async () => {
  const project = await cockpit.project({ program: token(`expiresIn: "3 months"`) });
  const refused = async (more: string): Promise<string> => {
    await project.write(token(more));
    const { exitCode, output } = await project.preview();
    expect(exitCode).not.toBe(0);
    return output;
  };
  expect(await refused(`expiresIn: "3 months"`)).toMatch(/is not a duration/);
  expect(await refused(``)).toMatch(/expiresIn: is required/);
  expect(await refused(`expiresIn: "9d", never: true`)).toMatch(/can't be given together with never: true/);
  expect(await refused(`expiresIn: "9d", renewBefore: "9d"`)).toMatch(/must be shorter than expiresIn/);
  expect(await refused(`expiresIn: "9d", name: "a/b"`)).toMatch(/it contains "\/"/);
  await project.write(token(`expiresIn: "9d"`).replace("petra-administrator", "nobody"));
  expect((await project.up()).output).toMatch(/userId: there is no user "nobody"/);
  expect(posts()).toEqual([]);
});

/** How the engine and its SDK tell of everything that programs and providers exchange, at their most talkative only. */
const engineTalk = /arshaling property for RPC\[|RegisterResource RPC finished/;

test("[F50] its value is in no preview, log, error, state in plain text or log of Cockpit", async () => {
  const project = await cockpit.project({ program: token(`expiresIn: "5m", renewBefore: "1m"`) });
  const verbose = ["--logtostderr", "--logflow", "-v=9", "--debug"];
  const texts: string[] = [];
  const record = async (run: Promise<Run>): Promise<void> => {
    const { output } = await run;
    texts.push(output, await readFile(`${project.folder}/events.json`, "utf8"));
  };
  await record(project.up(verbose));
  const first = await value(project);
  await record(project.preview(verbose));
  await record(project.refresh(verbose));
  await project.write(token(`expiresIn: "6m", renewBefore: "1m"`));
  await record(project.preview(verbose));
  await record(project.up(verbose));
  const second = await value(project);
  expect([first, second]).toEqual([expect.stringMatching(/^[\w-]{36}$/), expect.not.stringMatching(first)]);
  texts.push(await project.stateText());
  cockpit.emulator.addFault({
    method: "PUT",
    path: "**/user/**",
    action: { status: 400, body: { message: "no" } },
  });
  await record(project.destroy());
  texts.push(JSON.stringify(cockpit.emulator.requests()), emulatorLog);
  const lines = texts.flatMap((text) => text.split("\n")).filter((line) => !engineTalk.test(line));
  expect(lines.filter((line) => line.includes(first) || line.includes(second))).toEqual([]);
});
