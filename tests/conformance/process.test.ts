import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import path from "node:path";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { startEmulator, type Emulator } from "../../emulator";
import { servePlugin } from "../../provider/plugin/server";
import { FakeEngine, Provider } from "./provider";
import { Session, Stage, type ObjectState } from "./stage";
import { subjectSchema, type Subject } from "./subject";

const entry = path.join(__dirname, "../../plugin.js");

let emulator: Emulator;
let engine: FakeEngine;
const children: ChildProcess[] = [];

beforeEach(async () => {
  emulator = await startEmulator();
  engine = await FakeEngine.start();
});
afterEach(async () => {
  children.splice(0).forEach((child) => child.kill("SIGKILL"));
  engine.stop();
  await emulator.close();
});

interface Plugin {
  child: ChildProcess;
  printed: () => string;
  petra: Stage;
}

/** The plugin as the engine starts it. */
async function started(...options: string[]): Promise<Plugin> {
  const child = spawn(process.execPath, [...options, entry, engine.address], {
    stdio: ["ignore", "pipe", "inherit", "ipc"],
  });
  children.push(child);
  let printed = "";
  child.stdout?.on("data", (data: Buffer) => (printed += data.toString()));
  await once(child.stdout as NonNullable<typeof child.stdout>, "data");
  return { child, printed: () => printed, petra: await stageOf(`127.0.0.1:${printed.trim()}`, emulator) };
}

async function stageOf(address: string, { url, gatewayUrl, username, password }: Emulator): Promise<Stage> {
  const subject: Subject = {
    address,
    configuration: { url, gatewayUrl, username, password },
    secretConfiguration: [],
    resources: {},
    hooks: {},
  };
  const session = new Session(subject, engine);
  session.provider = await Provider.connect(subject, engine);
  session.handshake = await session.provider.configure(subject.configuration, engine);
  const declared = { name: "Petra" };
  const specimen = subjectSchema.shape.resources.valueType.parse({
    type: "cockpit:index:Solution",
    inputs: declared,
  });
  return new Stage(session, "petra", specimen, declared);
}

const solutions = () =>
  emulator.groups().filter(({ name }) => name?.startsWith("Petra") && name !== "Petra Corp");

test("prints its port and nothing else, whatever it is asked, and ends with the engine", async () => {
  const { child, printed, petra } = await started();
  await petra.create(await petra.checked(petra.declared));
  await petra.check({ name: 7 });
  expect(printed()).toMatch(/^\d+\n$/);
  expect(engine.heard.join()).toContain("New resources are created in the environment");
  const ended = once(child, "exit");
  await petra.session.end();
  engine.stop();
  await ended;
  expect(printed()).toMatch(/^\d+\n$/);
});

test("killed between two calls loses nothing, and makes nothing twice", async () => {
  const first = await started();
  const inputs = await first.petra.checked(first.petra.declared);
  const created = { inputs, ...(await first.petra.create(inputs)) };
  first.child.kill("SIGKILL");
  await once(first.child, "exit");

  const second = await started();
  const read = await second.petra.refresh(created);
  expect(read?.id).toBe(created.id);
  const news = await second.petra.checked({ name: "Petra 2" }, inputs);
  expect(await second.petra.update(news, {}, created)).toMatchObject({ name: "Petra 2" });
  await second.petra.update(inputs, {}, created);
  second.child.kill("SIGKILL");
  await once(second.child, "exit");

  // The engine died too, before it had written down what was created.
  const third = await started();
  await third.petra.checked(third.petra.declared);
  await expect(third.petra.create(inputs)).rejects.toThrow(`COCKPIT_ADOPT=${created.id}`);
  expect(solutions().map(({ id }) => id)).toEqual([created.id]);
});

test("built into one file, answers as its sources do", async () => {
  const { petra: built } = await started();
  const there = await startEmulator();
  const sources = await servePlugin(() => undefined);
  try {
    const written = await stageOf(`127.0.0.1:${sources.port}`, there);
    expect(built.session.handshake.toObject()).toEqual(written.session.handshake.toObject());
    const schema = await schemaOf(built);
    expect(schema).toEqual(await schemaOf(written));
    expect(schema).toEqual(readFileSync(path.join(path.dirname(entry), "schema.json"), "utf8"));
    const inputs = await built.checked(built.declared);
    expect(inputs).toEqual(await written.checked(written.declared));
    const created = await built.create(inputs);
    expect(created).toEqual(await written.create(inputs));
    expect(created.id).toMatch(/^ic-/);
    await written.session.end();
  } finally {
    await sources.close();
    await there.close();
  }
});

async function schemaOf({ session }: Stage): Promise<string> {
  const request = new messages.GetSchemaRequest();
  const response = await session.provider.call<messages.GetSchemaRequest, messages.GetSchemaResponse>(
    "getSchema",
    request,
  );
  return response.getSchema();
}

test("starts from one file, and loads what sends requests only before the first one", async () => {
  const { child, petra } = await started("--require", path.join(__dirname, "loaded-files.js"));
  const loaded = async () => {
    const answered = once(child, "message");
    child.send("loaded?");
    const [files] = (await answered) as [string[]];
    return files.map((file) => path.relative(path.dirname(entry), file).replaceAll("\\", "/"));
  };
  const atStart = ["tests/conformance/loaded-files.js", "plugin.js", "dist/provider/plugin/main.js"];
  expect(await loaded()).toEqual(atStart);
  await petra.create(await petra.checked(petra.declared));
  expect(await loaded()).toEqual([...atStart, "dist/provider/plugin/undici.js"]);
  // The programs of the reference pages are read by people, not by the plugin.
  expect(readFileSync(path.join(path.dirname(entry), "dist/provider/plugin/main.js"), "utf8")).not.toContain(
    'from "pulumi-cockpit"',
  );
});

/** What is asked of Cockpit to make so many solutions, and to refresh them in the next run. */
async function requestsFor(count: number): Promise<{ creation: string[]; refresh: string[] }> {
  const there = await startEmulator();
  const run = async (work: (stage: Stage) => Promise<unknown>): Promise<string[]> => {
    const server = await servePlugin(() => undefined);
    try {
      const first = await stageOf(`127.0.0.1:${server.port}`, there);
      there.clearRequests();
      await work(first);
      await first.session.end();
      return there
        .requests()
        .map(({ method, path: route }) => `${method} ${route.replace(/ic-[^/]+/, "ID")}`);
    } finally {
      await server.close();
    }
  };
  try {
    const created: [string, ObjectState][] = [];
    const named = ({ session, specimen }: Stage, name: string) =>
      new Stage(session, name, specimen, { name });
    const creation = await run((first) =>
      Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const stage = named(first, `Petra ${index}`);
          const inputs = await stage.checked(stage.declared);
          created.push([stage.name, { inputs, ...(await stage.create(inputs)) }]);
        }),
      ),
    );
    const refresh = await run((first) =>
      Promise.all(created.map(([name, standing]) => named(first, name).refresh(standing))),
    );
    return { creation, refresh };
  } finally {
    await there.close();
  }
}

test("asks one request more for each further thing to create, and none more to refresh it", async () => {
  const [few, many] = [await requestsFor(10), await requestsFor(40)];
  expect(many.creation.length - few.creation.length).toBe(30);
  expect(many.creation.filter((request) => request === "POST /rest/v2/group/ID/application")).toHaveLength(
    40,
  );
  expect(many.refresh.sort()).toEqual(few.refresh.sort());
  expect(few.refresh.length).toBeLessThanOrEqual(10);
});
