import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { LocalWorkspace, type Stack } from "@pulumi/pulumi/automation";
import { startEmulator, type Emulator, type Seed } from "pulumi-cockpit/emulator";

/** The real engine brings the program up on an emulated Cockpit: the Pulumi CLI is needed, an account is not. */
const seed: Seed = {
  environments: [
    {
      id: "ic-test",
      name: "Test",
      administrators: [{ login: "ada@petra.example", password: "only-for-tests" }],
    },
  ],
  clusters: ["europe-west-02", "europe-west-03"],
};

let emulator: Emulator;
let stack: Stack;
let state: string;

// A fresh one for each test is the reset: it starts in milliseconds.
beforeEach(async () => {
  emulator = await startEmulator({ seed });
  state = await mkdtemp(path.join(tmpdir(), "state-"));
  await asAdministrator("POST", `${emulator.url}/rest/v2/group/ic-petra/application?name=Petra`);
  stack = await LocalWorkspace.createOrSelectStack(
    { stackName: "test", workDir: __dirname },
    {
      envVars: {
        PULUMI_BACKEND_URL: `file://${state}`,
        PULUMI_CONFIG_PASSPHRASE: "only-for-tests",
        COCKPIT_URL: emulator.url,
        COCKPIT_GATEWAY_URL: emulator.gatewayUrl,
        COCKPIT_USERNAME: emulator.username,
        COCKPIT_PASSWORD: emulator.password,
      },
    },
  );
}, 60_000);
afterEach(async () => {
  await emulator.close();
  await rm(state, { recursive: true, force: true });
});

/** What somebody does in Cockpit itself, or an app at the message gateway. */
async function asAdministrator(method: string, address: string, body?: unknown): Promise<void> {
  const login = Buffer.from(`${emulator.username}:${emulator.password}`).toString("base64");
  const answer = await fetch(address, {
    method,
    headers: { Authorization: `Basic ${login}`, "Content-Type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    throw new Error(`${method} ${address}: ${answer.status} ${await answer.text()}`);
  }
}

test("the databases are where the program says, and a second up changes nothing", async () => {
  await stack.up();
  const made = emulator.groups().filter(({ superGroup }) => superGroup === "ic-petra");
  expect(made.map(({ name, servers }) => [name, servers])).toEqual(
    expect.arrayContaining([
      ["Petra France", ["europe-west-02"]],
      ["Petra Belgium", ["europe-west-03"]],
    ]),
  );
  emulator.clearRequests();
  await stack.up({ expectNoChanges: true });
  expect(emulator.requests().filter(({ method }) => method === "PUT" || method === "DELETE")).toEqual([]);
}, 120_000);

test("a lost answer makes no database twice, and what the app sends is in the outbox", async () => {
  emulator.addFault({
    method: "POST",
    path: "**/database",
    phase: "after",
    times: 1,
    action: { drop: true },
  });
  await stack.up();
  expect(emulator.groups().filter(({ superGroup }) => superGroup === "ic-petra")).toHaveLength(2);

  await asAdministrator(
    "POST",
    `${emulator.gatewayUrl}/${emulator.environmentId}/email/to/anais@example.com`,
    {
      subject: "Welcome to Petra",
      html: "<p>Hello Anaïs</p>",
    },
  );
  expect(emulator.outbox().map(({ to, subject }) => [to, subject])).toEqual([
    ["anais@example.com", "Welcome to Petra"],
  ]);
}, 120_000);
