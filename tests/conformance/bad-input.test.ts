import {
  ConfigureRequest,
  CheckRequest,
  DiffResponse,
  type CheckResponse,
} from "@pulumi/pulumi/proto/provider_pb";
import { startEmulator, type Emulator } from "../../emulator";
import { servePlugin, type PluginServer } from "../../provider/plugin/server";
import { FakeEngine, Provider, providerUrn } from "./provider";
import { Session, Stage } from "./stage";
import { subjectSchema, type Subject } from "./subject";
import { encode, Secret, unknownValue, type Bag } from "./values";

const environment = (id: string) => ({
  id,
  name: id,
  administrators: [{ login: "ada@petra.example", password: "canary-password" }],
});

let emulator: Emulator;
let server: PluginServer;
let engine: FakeEngine;
let session: Session;

beforeEach(async () => {
  emulator = await startEmulator({
    seed: { environments: [environment("ic-here"), environment("ic-there")] },
  });
  server = await servePlugin(() => undefined);
  engine = await FakeEngine.start();
  session = new Session(subject({ ...account(), environment: "ic-here" }), engine);
  await session.run();
  emulator.clearRequests();
});
afterEach(async () => {
  await session.end();
  engine.stop();
  await server.close();
  await emulator.close();
});

const account = (): Record<string, unknown> => ({
  url: emulator.url,
  gatewayUrl: emulator.gatewayUrl,
  username: "ada@petra.example",
  password: "canary-password",
});

const subject = (configuration: Bag): Subject => ({
  address: `127.0.0.1:${server.port}`,
  configuration,
  secretConfiguration: ["password"],
  resources: {},
  hooks: {},
});

const stage = (type: string, declared: Bag, name = "petra"): Stage =>
  new Stage(
    session,
    name,
    subjectSchema.shape.resources.valueType.parse({ type, inputs: declared }),
    declared,
  );
const solution = (declared: Bag = {}) => stage("cockpit:index:Solution", { name: "Petra", ...declared });

/** The error's text; nothing of it is secret. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error: unknown = await work.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(Error);
  const { message } = error as Error;
  expect(message).not.toContain("canary");
  return message;
}

describe("the configuration of an explicit provider", () => {
  const reasonsFor = async (configuration: Bag): Promise<string[]> => {
    const request = new CheckRequest().setUrn(providerUrn).setNews(encode(configuration));
    const response: CheckResponse = await session.provider.call("checkConfig", request);
    return response.getFailuresList().map((failure) => failure.getReason());
  };

  test.each([
    ["is missing", { url: undefined }, "url: is not set: give it to the provider, or set COCKPIT_URL"],
    ["is not an address", { url: "nonsense" }, "http"],
    ["is a list", { username: ["canary-user"] }, "username: must be a"],
    ["is none that there is", { colour: "red" }, "a provider has no argument colour; it has url"],
    ["is half an environment", { environments: { main: {} } }, "environments.main"],
    ["is no JSON", { environments: "{" }, "environments"],
    ["is secret and wrong", { url: new Secret("canary-address") }, "url"],
  ])("that %s fails its check, and nothing is sent", async (_what, wrong, words) => {
    const reasons = await reasonsFor({ ...account(), ...wrong });
    expect(reasons).toEqual([expect.stringContaining(words)]);
    expect(reasons.join()).not.toContain("canary");
    expect(emulator.requests()).toEqual([]);
  });

  test("that is not known yet passes", async () => {
    expect(
      await reasonsFor({ ...account(), url: unknownValue, environments: { main: { id: unknownValue } } }),
    ).toEqual([]);
  });

  test("that is wrong all the same stops the first operation, and nothing is sent", async () => {
    const request = new ConfigureRequest()
      .setArgs(encode({ ...account(), url: "nonsense" }))
      .setName("first");
    await session.provider.call("configure", request);
    expect(await refusal(solution().create({ name: "Petra", deletionProtection: true }))).toContain("http");
    expect(emulator.requests()).toEqual([]);
  });
});

describe("an import", () => {
  const writing = () =>
    emulator.requests().filter(({ method, path }) => method !== "GET" && !path.includes("/auth/"));

  test("of an id that is not there, of another kind and of another environment says so", async () => {
    const created = await solution().create(await solution().checked({ name: "Petra" }));
    // The engine says that it does not exist.
    expect(await solution().import("ic-nothing")).toBeUndefined();
    expect(await refusal(stage("cockpit:index:Database", {}).import(created.id))).toContain(
      "Import it as a Solution",
    );

    session = new Session(subject({ ...account(), environment: "ic-there" }), engine);
    await session.run();
    emulator.clearRequests();
    expect(await solution().import(created.id)).toBeUndefined();
    expect(writing()).toEqual([]);
  });
});

test("a state of another version is read: what it lacks has its default, what it has more stays, and it is protected", async () => {
  const petra = solution();
  const { id } = await petra.create(await petra.checked(petra.declared));
  const old = {
    id,
    inputs: { name: "Petra" },
    state: { name: "Petra", environmentId: "ic-here", ofTheFuture: { a: [1] } },
  };
  const news = await petra.checked(petra.declared, old.inputs);
  expect(await refusal(petra.diff(news, old))).toMatch(/"petra".*specId.*pulumi refresh completes it/);
  expect(await refusal(petra.delete(old))).toContain("Nothing was sent");
  expect(await refusal(petra.delete({ ...old, state: {} }))).toContain("Nothing was sent");
  const refreshed = await petra.refresh(old);
  expect(refreshed?.state).toMatchObject({ name: "Petra", specId: "ic-here", ofTheFuture: { a: [1] } });
  expect((await petra.diff(news, refreshed)).changes).not.toBe(DiffResponse.DiffChanges.DIFF_SOME);
  // In a run that has not met it in the program: there another resource that has it would only be forgotten.
  await session.run();
  expect(await refusal(petra.delete(refreshed))).toContain("protected");
  expect(emulator.groups().find((group) => group.id === id)?.deletionDate).toBeUndefined();
});

test("a 2^53, a negative zero and a half come back from the server as they went, so that nothing differs", async () => {
  const properties = { big: 2 ** 53, zero: -0, half: 0.5, null: { type: "json", value: null } };
  const petra = solution({ properties });
  const inputs = await petra.checked(petra.declared);
  const { id, state } = await petra.create(inputs);
  petra.standing = { id, inputs, state };
  const read = await petra.refresh();
  expect(read?.state.properties).toEqual(state.properties);
  expect((await petra.diff(await petra.checked(petra.declared, read?.inputs), read)).diffs).toEqual([]);
});

test("a message of 6 MB, which is above what gRPC takes by default, is answered", async () => {
  const text = "x".repeat(6 * 1024 * 1024);
  const { failures } = await solution({ properties: { text } }).check({
    name: "Petra",
    properties: { text },
  });
  expect(failures).toEqual([]);
});

test("what control characters there are in a name, none reaches the terminal", async () => {
  const { failures } = await solution().check({ name: "Petra", "col\u001b[31mour": 1 });
  expect(failures.map(({ reason }) => reason)).toEqual([expect.stringContaining("\\u001b[31m")]);
});

test("which exceptions are given to a run is told once", async () => {
  const own = await servePlugin((name) => (name === "COCKPIT_ADOPT" ? "ic-1" : undefined));
  const provider = await Provider.connect({ ...subject({}), address: `127.0.0.1:${own.port}` }, engine);
  await provider.configure(account(), engine);
  const run = new Session(subject({}), engine);
  run.provider = provider;
  const petra = new Stage(run, "petra", solution().specimen, { name: "Petra" });
  await petra.check(petra.declared);
  await petra.check(petra.declared);
  const told = engine.heard.filter((text) => text.includes("COCKPIT_ADOPT is in force"));
  expect(told).toHaveLength(1);
  await provider.close();
  await own.close();
});
