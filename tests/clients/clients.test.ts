import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { startEmulator, type Emulator } from "../../emulator";
import { callsOf } from "./documented";
import type { ClientPlan } from "./plan";
import { wire, type Json } from "./wire";

// The judges of the emulator: clients that others wrote, as published, each in a Node process of its own.

const environments: ClientPlan["environments"] = [
  { id: "ic-one", password: "password-one" },
  { id: "ic-two", password: "password-two" },
];
const username = "petra@petra.example";
const made = ["ic-made-app", "ic-made-database"];

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      environments: environments.map(({ id, password }) => ({
        id,
        name: id,
        administrators: [{ id: `${id}-admin`, login: username, email: username, password }],
      })),
    },
  });
  const { call } = wire(emulator);
  await call(
    "POST",
    "/group/ic-made-app/application?name=Made&applicationId=com.example.made&superGroup=ic-one",
  );
  await call(
    "POST",
    "/group/ic-made-database/database?name=Made+too&applicationId=com.example.made&superGroup=ic-made-app&server=europe-north-01",
  );
});
afterAll(() => emulator.close());

async function run(script: string): Promise<Json> {
  const plan: ClientPlan = { url: emulator.url, username, environments, read: made };
  const { stdout } = await promisify(execFile)(process.execPath, [
    join(__dirname, script),
    JSON.stringify(plan),
  ]);
  return JSON.parse(stdout) as Json;
}

const ids = (parent: string) => "abcde".split("").map((letter) => `${parent}-${letter}`);
const inPairs = (all: string[]) => [all.slice(0, 2), all.slice(2, 4), all.slice(4)];
const reportsOf = (id: string, server: string) => [
  ...["base", "healthdata", "patient"].map((part) => ({
    type: "database",
    id: `icure-${id}-${part}`,
    server,
  })),
  { type: "group", id, server },
];

describe("@icure/api", () => {
  let seen: Json;
  let requests: ReturnType<Emulator["requests"]>;
  beforeAll(async () => {
    emulator.clearRequests();
    seen = await run("icure-api.mjs");
    requests = emulator.requests();
  }, 60_000);

  test("docs/api-routes.md says which calls it makes", () => {
    const { documented, made } = callsOf("@icure/api", requests);
    expect(documented).toEqual(made);
  });

  test.each(["v1", "v2"])("works through an environment by %s", (version) => {
    const parent = `ic-old-client-${version}`;
    expect(seen[version]).toMatchObject({
      login: { successful: true, token: "string" },
      matches: [{ groupId: "ic-one" }, { groupId: "ic-two" }],
      current: "ic-one-admin",
      solution: { id: parent, name: "Solution ✨", superGroup: "ic-one", tags: [{ id: "IC-GROUP|app|1.0" }] },
      renamed: "Petra/Söhne 100% 🐕 #1?",
      properties: [{ type: { identifier: "org.example.plan" }, typedValue: { stringValue: "gold" } }],
      paged: inPairs(ids(parent)),
      found: [`${parent}-c`],
      parentName: "Petra/Söhne 100% 🐕 #1?",
      storage: [{ groupId: `${parent}-a`, gcpStorageSize: 0 }],
      replication: { active: false, running: false },
      deletionDate: "number",
      reports: reportsOf(`${parent}-b`, "europe-west-03"),
      left: ids(parent).slice(2),
      listed: expect.arrayContaining(["ic-one", parent, ...ids(parent).slice(2)]) as string[],
      apps: expect.arrayContaining([parent, "ic-made-app"]) as string[],
    });
  });

  test.each(["v1", "v2"])("reads by %s what /application and /database made", (version) => {
    expect((seen[version] as Json).madeElsewhere).toMatchObject([
      { id: "ic-made-app", name: "Made", applicationId: "com.example.made", servers: ["europe-west-02"] },
      {
        id: "ic-made-database",
        superGroup: "ic-made-app",
        applicationId: "com.example.made",
        servers: ["europe-north-01"],
      },
    ]);
  });
});

describe("@icure/cardinal-sdk", () => {
  let seen: Json;
  let requests: ReturnType<Emulator["requests"]>;
  beforeAll(async () => {
    emulator.clearRequests();
    seen = await run("cardinal-sdk.mjs");
    requests = emulator.requests();
  }, 60_000);

  test("docs/api-routes.md says which calls it makes", () => {
    const { documented, made } = callsOf("1.0.0-RC.7", requests);
    expect(documented).toEqual(made);
  });

  const parent = "ic-new-client";

  test("logs in, finds its environments and picks one", () => {
    expect(seen).toMatchObject({
      current: "ic-one-admin",
      matches: [{ groupId: "ic-one" }, { groupId: "ic-two" }],
    });
  });

  test("makes, changes and reads groups", () => {
    expect(seen).toMatchObject({
      solution: { id: parent, name: "Solution ✨", superGroup: "ic-one", applicationId: "com.example.petra" },
      renamed: "Petra Söhne 100% 🐕 #1?",
      properties: [
        { type: { identifier: "plan" }, typedValue: { stringValue: "gold" } },
        { type: { identifier: "seats" }, typedValue: { integerValue: 12 } },
        { type: { identifier: "share" }, typedValue: { doubleValue: 0.5 } },
        { type: { identifier: "open" }, typedValue: { booleanValue: true } },
      ],
      paged: inPairs(ids(parent)),
      found: [`${parent}-c`],
      parentName: "Petra Söhne 100% 🐕 #1?",
      hierarchy: ["ic-one", parent, `${parent}-a`],
      storage: [
        {
          databasesInfo: [
            { q: 4, n: 3 },
            { q: 4, n: 3 },
            { q: 4, n: 3 },
          ],
        },
      ],
      replication: { active: false, running: false },
      conflicts: [],
      defaultUserRoles: { Patient: ["BASIC_USER"] },
      inheritedRoles: [{ source: "Inherited", roles: ["BASIC_USER"] }],
    });
  });

  test("makes users, tokens and roles, and is refused a role change with a long-lived token", () => {
    expect(seen).toMatchObject({
      administrator: true,
      roles: ["BASIC_USER"],
      modified: "A renamed member",
      whoByToken: "an-administrator",
      refused: "refused",
      users: ["a-member", "an-administrator"],
      removed: "a-member",
    });
  });

  test("deletes softly and hard", () => {
    expect(seen).toMatchObject({
      deletionDate: "number",
      reports: reportsOf(`${parent}-b`, "europe-west-03"),
      left: ids(parent).slice(2),
    });
  });

  test("moves a solution to another environment, once per token", () => {
    expect(seen).toMatchObject({
      transferredTo: "ic-two",
      secondUse: "refused",
      listedThere: ["ic-two", parent, ...ids(parent).slice(2)],
    });
    expect(seen.appsHere).not.toContain(parent);
  });

  test("reads what /application and /database made", () => {
    expect(seen.madeElsewhere).toMatchObject([
      { id: "ic-made-app", name: "Made", applicationId: "com.example.made", servers: ["europe-west-02"] },
      {
        id: "ic-made-database",
        superGroup: "ic-made-app",
        applicationId: "com.example.made",
        servers: ["europe-north-01"],
      },
    ]);
  });
});
