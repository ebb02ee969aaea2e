import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { startEmulator, type Emulator } from "../../emulator";
import { runConfirm } from "./command";
import type { Confirmation } from "./file";

let emulator: Emulator;
let folder: string;
let file: string;
let now: number;
let printed: string;
let said: string;
beforeEach(async () => {
  now = Date.parse("2026-11-27T12:00:00Z");
  emulator = await startEmulator({ now: () => now });
  folder = await mkdtemp(path.join(tmpdir(), "cockpit-confirm-"));
  file = path.join(folder, "cockpit.confirm.json");
  jest.spyOn(process.stdout, "write").mockImplementation((text) => ((printed += String(text)), true));
  jest.spyOn(process.stderr, "write").mockImplementation((text) => ((said += String(text)), true));
  await byHand("POST", "group/ic-petra/application?name=Petra");
  await byHand("POST", "group/ic-france/database?name=Petra%20France&superGroup=ic-petra");
});
afterEach(async () => {
  jest.restoreAllMocks();
  await emulator.close();
  await rm(folder, { recursive: true, force: true });
});

async function byHand(method: string, route: string, body?: unknown): Promise<void> {
  const { username, password } = emulator;
  const response = await fetch(`${emulator.url}/rest/v2/${route}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
      "content-type": "application/json",
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!response.ok) {
    throw new Error(`${method} ${route}: ${response.status} ${await response.text()}`);
  }
}

async function confirm(...args: string[]): Promise<string[]> {
  printed = said = "";
  await runConfirm(["--file", file, "--stack", "care/prod", ...args], {
    COCKPIT_URL: emulator.url,
    COCKPIT_USERNAME: emulator.username,
    COCKPIT_PASSWORD: emulator.password,
  });
  return printed === "" ? [] : (JSON.parse(printed) as string[]);
}

const confirmFrance = (...more: string[]) =>
  confirm("Petra France", "--id", "ic-france", "--reason", "Contract ended", ...more);

async function entries(): Promise<Confirmation[]> {
  return (JSON.parse(await readFile(file, "utf8")) as { confirm: Confirmation[] }).confirm;
}

test("what somebody has confirmed is a code of the day for as long as it is as it was", async () => {
  await confirmFrance();
  expect(said).toContain("may be lost in care/prod");
  expect(await entries()).toEqual([
    {
      stack: "care/prod",
      name: "Petra France",
      id: "ic-france",
      reason: "Contract ended",
      until: "2026-12-11",
      code: expect.stringMatching(/^\w{6}$/) as string,
    },
  ]);
  const [today] = await confirm();
  expect(today).toMatch(/^ic-france@\w{6}$/);
  now = Date.parse("2026-12-11T23:00:00Z");
  const [later] = await confirm();
  expect(later).toMatch(/^ic-france@\w{6}$/);
  expect(later).not.toBe(today);
  now = Date.parse("2026-12-12T00:00:00Z");
  expect(await confirm()).toEqual([]);
  expect(said).toContain("ended with 2026-12-11");
});

test.each<[string, () => Promise<unknown>, string]>([
  ["was renamed", () => byHand("PUT", "group/ic-france/name/Other"), "renamed, changed or used since"],
  [
    "was changed",
    () => byHand("PUT", "group/ic-france/properties", { properties: [] }),
    "changed or used since",
  ],
  [
    "is used for the first time",
    () =>
      byHand("POST", "user/inGroup/ic-france", {
        id: "u-1",
        login: "ada",
        name: "Ada",
        email: "ada@petra.example",
      }),
    "used since",
  ],
  ["is gone", () => byHand("DELETE", "group/ic-france"), "is not needed any more"],
  ["is given more time by hand", () => edit({ until: "2026-12-13" }), "written manually"],
  ["is given to another one by hand", () => edit({ id: "ic-petra", name: "Petra" }), "written manually"],
  ["is given to another stack by hand", () => edit({ stack: "care/dev" }), ""],
])("a confirmation of what %s confirms nothing", async (_what, change, words) => {
  await confirmFrance();
  expect(await confirm()).toHaveLength(1);
  await change();
  expect(await confirm()).toEqual([]);
  expect(said).toContain(words);
});

async function edit(over: Partial<Confirmation>): Promise<void> {
  await writeFile(file, JSON.stringify({ confirm: (await entries()).map((each) => ({ ...each, ...over })) }));
}

test("what came with an earlier change confirms nothing in the next, until it is confirmed again", async () => {
  await confirmFrance();
  const before = path.join(folder, "before.json");
  await writeFile(before, await readFile(file, "utf8"));
  expect(await confirm("--before", before)).toEqual([]);
  expect(said).toContain("came with an earlier change");
  expect(await confirm("--before", path.join(folder, "nothing.json"))).toHaveLength(1);
  now += 24 * 60 * 60_000;
  await confirmFrance();
  expect(await entries()).toHaveLength(1);
  expect(await confirm("--before", before)).toHaveLength(1);
});

test("without a file nothing is asked and nothing confirmed", async () => {
  emulator.clearRequests();
  expect(await confirm()).toEqual([]);
  expect(emulator.requests()).toEqual([]);
});

test.each([
  ["another name", ["Petra Franc", "--id", "ic-france", "--reason", "x"], 'not called "Petra Franc"'],
  ["no reason", ["Petra France", "--id", "ic-france"], "a --reason"],
  [
    "nothing there",
    ["Petra France", "--id", "ic-nothing", "--reason", "x"],
    "there is no solution or database",
  ],
  [
    "no day",
    ["Petra France", "--id", "ic-france", "--reason", "x", "--until", "soon"],
    "a day such as 2026-12-11",
  ],
  [
    "a day that is over",
    ["Petra France", "--id", "ic-france", "--reason", "x", "--until", "2026-11-26"],
    "ended with",
  ],
  [
    "too long",
    ["Petra France", "--id", "ic-france", "--reason", "x", "--until", "2027-02-01"],
    "more than 31 days",
  ],
])("with %s nothing is written", async (_what, args, words) => {
  await expect(confirm(...args)).rejects.toThrow(words);
  await expect(readFile(file)).rejects.toThrow();
});

test("a file that is something else is an error, not a file without confirmations", async () => {
  await writeFile(file, '{ "confirm": [{ "id": "ic-france" }] }');
  await expect(confirm()).rejects.toThrow(/confirm\[0\].*pulumi-cockpit confirm writes it/);
});
