import { execFileSync } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import type { Fault } from "../../emulator";
import { Cockpit } from "../support/cockpit";
import type { Project, Run } from "../support/project";
import { expectNoSecret, expectRefusal, formsOf } from "../support/refusal";

/** Has what a careless quoting would spoil, and then show in part. */
const password = `canary-Pa55 wörd"<&>'%41`;
const part = "canary-Pa55";
const basic = Buffer.from(`petra:${password}`).toString("base64");
/** Whatever is shaped like one of Cockpit's tokens. */
const token = /eyJ[\w-]{6,}\.[\w-]{6,}/;

let cockpit: Cockpit;
let processes: string;
let emulatorLog: string;
beforeEach(async () => {
  processes = "";
  emulatorLog = "";
  cockpit = await Cockpit.start({
    seed: {
      environments: [{ id: "ic-petra", name: "Petra Corp", administrators: [{ login: "petra", password }] }],
    },
    // Whenever the provider asks for something, all the processes of the run are there.
    onRequest: () => {
      processes += execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    },
    log: (line) => {
      emulatorLog += `${line}\n`;
    },
  });
});
afterEach(() => cockpit.dispose());

const petra = `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  new Database("france", { name: "France", solutionId: petra.id, properties: { tier: "test" }, deletionProtection: false });
`;
const everything = ["-v=9", "--logtostderr", "--logflow", "--debug"];
const echo = {
  message: `No. ${password} Authorization: Basic ${basic}, Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJjYW5hcnkifQ.c2ln ${encodeURIComponent(password)}`,
} as const;

/** The life of a stack at the engine's most talkative, with all that was printed or written down anywhere. */
async function liveThrough(project: Project): Promise<Record<string, string>> {
  const grpc = path.join(project.folder, "grpc.json");
  const texts: Record<string, string> = {};
  const record = async (what: string, run: Promise<Run>): Promise<Run> => {
    const result = await run;
    texts[what] = result.output;
    texts[`${what}: events`] = await readFile(path.join(project.folder, "events.json"), "utf8");
    return result;
  };
  const env = { PULUMI_DEBUG_GRPC: grpc };
  await project.succeeds(record("preview", project.preview(everything, env)));
  await project.succeeds(record("up", project.up(everything, env)));
  await project.succeeds(record("refresh", project.refresh(everything, env)));
  texts.state = await project.stateText();
  cockpit.emulator.addFault({ method: "PUT", action: { status: 400, body: echo } });
  await project.write(petra.replace("Petra", "Petra 2"));
  expectRefusal(
    await record("refused up", project.up(everything, env)),
    /could not rename group ic-petra-.*400 Bad Request: No\. \*\*\*/,
  );
  cockpit.emulator.clearFaults();
  await project.succeeds(record("destroy", project.destroy(everything, env)));
  texts.processes = processes;
  texts["emulator: requests"] = JSON.stringify(cockpit.emulator.requests());
  texts["emulator: log"] = emulatorLog;
  for (const file of await filesBelow(project.folder)) {
    texts[path.relative(project.folder, file)] = await readFile(file, "utf8");
  }
  return texts;
}

test("[F50] a password in the environment is nowhere at all", async () => {
  const project = await cockpit.project({ program: petra });
  const texts = await liveThrough(project);
  expect(Object.keys(texts)).toEqual(expect.arrayContaining(["up", "up: events", "state", "grpc.json"]));
  expect(texts.processes).toMatch(/dynamic-provider/);
  for (const text of Object.values(texts)) {
    expectNoSecret(text, password, basic, part);
    expect(token.exec(text)?.[0]).toBeUndefined();
  }
});

test("[F50] a secret password in the stack's configuration is nowhere but in the engine's own talk about it", async () => {
  const project = await cockpit.project({ program: petra, env: { COCKPIT_PASSWORD: "" } });
  await project.config("cockpit:password", password, "--secret");
  const texts = await liveThrough(project);
  expect(texts.state).toMatch(
    /"cockpit:password": {\s*"4dabf18193072939515e22adb298388d": "1b47.*",\s*"ciphertext"/,
  );

  // How the engine configures any provider and runs any program, written down only where somebody asks for all there is.
  const engineTalk: Record<string, RegExp> = {
    ...Object.fromEntries(
      ["preview", "up", "refresh", "refused up", "destroy"].map((run) => [
        run,
        /"Marshaling property for RPC\[Provider\[\w+\]\.Configure\(\)\.inputs\]: value=/,
      ]),
    ),
    "grpc.json":
      /^{"method":"\/pulumirpc\.(LanguageRuntime\/Run|ResourceProvider\/(CheckConfig|DiffConfig|Configure))","request":/,
  };
  for (const [name, text] of Object.entries(texts)) {
    const ours = text.split("\n").filter((line) => engineTalk[name]?.test(line) !== true);
    expectNoSecret(ours.join("\n"), password, basic, part);
    expect(token.exec(text)?.[0]).toBeUndefined();
  }
  // Our side of that talk: what comes back from the provider.
  const answers = texts["grpc.json"]?.split("\n").filter((line) => line !== "") ?? [];
  for (const line of answers) {
    expectNoSecret(JSON.stringify((JSON.parse(line) as { response?: unknown }).response ?? ""), part);
  }
});

test("[F50] a server that echoes what it was sent finds none of it in a message", async () => {
  const project = await cockpit.project({ program: petra });
  const login = { path: "/rest/v2/auth/login" };
  const account = { path: "/rest/v2/user/**" };
  const elsewhere = `https://petra:${encodeURIComponent(password)}@elsewhere.example/${basic}`;
  const answers: [reason: RegExp, fault: Fault][] = [
    [/could not log in as petra: .*401/, { ...login, action: { status: 401, body: echo } }],
    [
      /could not log in as petra: .*not readable JSON/,
      { ...login, action: { status: 200, body: echo.message } },
    ],
    [
      /could not read the account's user: .*403 Forbidden: No\. /,
      { ...account, action: { status: 403, body: echo } },
    ],
    [
      /could not read the account's user: .*redirects to elsewhere/,
      { ...account, action: { redirect: elsewhere } },
    ],
  ];
  for (const [reason, fault] of answers) {
    cockpit.emulator.clearFaults();
    cockpit.emulator.addFault(fault);
    const run = await project.preview(["-v=9", "--logtostderr"]);
    expectRefusal(run, "Solution resource 'petra' has a problem", reason);
    expectNoSecret(run.output, password, basic, part);
    expect(token.exec(run.output)?.[0]).toBeUndefined();
  }
});

test("[F50] a custom property that the program marks as secret is one in the state and in what is shown", async () => {
  const program = (value: string) => `
    const petra = new Solution("petra", {
      name: "Petra",
      properties: { key: pulumi.secret("${value}"), typed: { type: "clob", value: pulumi.secret("${value}") }, tier: "test" },
    });
    exports.properties = petra.properties;
  `;
  const project = await cockpit.project({ program: program("canary-1") });
  const up = await project.succeeds(project.up());
  await project.write(program("canary-2"));
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(/~ key\s*: \[secret\] => \[secret\]/);
  const solution = cockpit.liveGroup("Petra");
  const byHand = JSON.stringify(solution.properties).replaceAll("canary-1", "canary-3");
  await cockpit.asAdministrator("PUT", `group/${solution.id}/properties`, {
    properties: JSON.parse(byHand) as unknown,
  });
  const refresh = await project.succeeds(project.refresh());
  expect(refresh.output).toMatch(/~ key\s*: \[secret\] => \[secret\]/);
  for (const text of [up.output, preview.output, refresh.output, await project.stateText()]) {
    expectNoSecret(text, "canary-");
  }
});

test("[F50] an input that the program marks as secret is not printed when it is refused", async () => {
  const project = await cockpit.project({
    program: `new Solution("petra", { name: pulumi.secret("canary/name") });`,
  });
  const refused = await project.preview();
  expectRefusal(refused, /Solution resource 'petra' has a problem: name: must not contain "\/"/);
  expectNoSecret(refused.output, "canary");
});

test("[F50] the search itself finds a secret in every form", () => {
  for (const form of formsOf(password)) {
    expect(() => expectNoSecret(`before ${form} after`, password)).toThrow();
  }
  expect(() => expectNoSecret("nothing", password)).not.toThrow();
});

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const found = await Promise.all(
    entries
      .filter(({ name }) => name !== "node_modules")
      .map(async (entry) => {
        const location = path.join(folder, entry.name);
        return entry.isDirectory() ? await filesBelow(location) : [location];
      }),
  );
  return found.flat();
}
