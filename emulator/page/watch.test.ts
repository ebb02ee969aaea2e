import { startEmulator, type Emulator } from "..";
import { wire } from "../../tests/clients/wire";
import { overviewOf } from "./overview";
import type { PageUpdate } from "./watch";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];

jest.mock("./overview", () => {
  const actual = jest.requireActual<{ overviewOf: typeof overviewOf }>("./overview");
  return { ...actual, overviewOf: jest.fn(actual.overviewOf) };
});
const looks = jest.mocked(overviewOf);

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  looks.mockClear();
});
afterEach(() => emulator.close());

/** What a viewer is told, one sight after the other. */
async function* watching(signal: AbortSignal): AsyncGenerator<PageUpdate, void> {
  const { body } = await fetch(`${emulator.url}/emulator/v1/watch`, { signal });
  let text = "";
  for await (const part of body as unknown as AsyncIterable<Uint8Array>) {
    text += Buffer.from(part).toString("utf8");
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      yield JSON.parse(event.replace(/^data: /, "")) as PageUpdate;
    }
  }
}

test("a viewer is told what there is, then only what changes, and how a request ended that was seen waiting", async () => {
  await call("GET", "/group");
  emulator.addFault({ id: "slow", path: "**/application", action: { delayMs: 600 } });
  const leaving = new AbortController();
  const told = watching(leaving.signal);
  const next = async () => (await told.next()).value as PageUpdate;

  const all = await next();
  expect(Object.keys(all).sort()).toEqual(["environments", "faults", "requests"]);
  expect(all.requests?.entries).toMatchObject([{ number: 1, path: "/rest/v2/group", status: 200 }]);
  expect(all.faults).toEqual([
    {
      id: "slow",
      path: "**/application",
      phase: "before",
      action: { delayMs: 600 },
      matches: 0,
      hits: 0,
    },
  ]);

  const created = call("POST", "/group/ic-petra/application?name=Petra");
  const seen: PageUpdate[] = [];
  while (seen.at(-1)?.environments === undefined) {
    seen.push(await next());
  }
  await created;
  expect(seen.flatMap(({ requests }) => requests?.entries ?? []).map(({ status }) => status)).toEqual([
    0, 200,
  ]);
  expect(seen[0]?.environments).toBeUndefined();
  expect(seen.at(-1)?.environments?.[0]?.solutions).toMatchObject([{ id: "ic-petra", name: "Petra" }]);
  leaving.abort();
});

test("nothing is worked out for nobody: neither before somebody looks nor after", async () => {
  await call("POST", "/group/ic-petra/application?name=Petra");
  expect(looks).not.toHaveBeenCalled();
  const leaving = new AbortController();
  const told = watching(leaving.signal);
  await told.next();
  leaving.abort();
  await expect(told.next()).rejects.toThrow();
  const before = looks.mock.calls.length;
  // More than two of a viewer's intervals pass while this is answered.
  emulator.addFault({ times: 1, action: { delayMs: 400 } });
  await call("POST", "/group/ic-clinic/application?name=Clinic");
  emulator.addFault({ times: 1, action: { delayMs: 400 } });
  await call("GET", "/group");
  expect(looks.mock.calls.length).toBe(before);
});

test("no viewer is told a secret", async () => {
  const [token, password] = ["canary-token", "canary-password"];
  await call("POST", "/user", {
    body: { name: "Nora", login: "nora@petra.example", passwordHash: password },
  });
  const { text: operationToken } = await call(
    "POST",
    "/group/operationToken?operation=TRANSFER_GROUP&description=for+Petra",
  );
  await call("GET", `/group?token=${token}&password=${password}`);
  const spec = {
    sender: { email: "hello@petra.example" },
    email: { type: "sendgrid", apiKey: "canary-key" },
  };
  await wire(emulator).send("POST", `/msggtw/${emulator.environmentId}/spec`, { body: spec });
  const leaving = new AbortController();
  const { value } = await watching(leaving.signal).next();
  leaving.abort();
  const text = JSON.stringify(value);
  expect(value?.environments?.[0]).toMatchObject({
    services: ["e-mail by sendgrid"],
    transferTokens: ["for Petra"],
  });
  expect(text).toContain("Nora");
  for (const secret of [token, password, "canary-key", operationToken]) {
    expect(text).not.toContain(secret);
  }
});
