import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { startEmulator, type Emulator } from "../../emulator";
import { AccessToken, User } from "../../provider/resources";
import { newContext } from "../support/model-engine/context";
import { pythonWithSdk } from "./python";
import { wire, type Json } from "./wire";

// The newest client that others wrote, beside the two of npm. It also reads what our own resources have made.

let emulator: Emulator;
beforeAll(async () => {
  emulator = await startEmulator();
});
afterAll(() => emulator.close());

const databaseId = "ic-db";
const clinic = { databaseId, userType: "organisation", name: "Clinic", email: "clinic@petra.example" };
const named = (name: string) => ({ project: "petra", stack: "test", name });

test("cardinal-sdk 2.14.0 logs in, works with roles, and reads the people that a program declared", async () => {
  const python = await pythonWithSdk();
  if (typeof python === "string") {
    console.warn(`Skipped: ${python}`);
    return;
  }
  const { call } = wire(emulator);
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
  // The client starts for data owners only.
  await call("POST", "/hcparty", { body: { id: "cockpit", name: "Cockpit" } });
  const { systemMetadata, ...account } = (await call("GET", "/user/current")).body;
  expect(systemMetadata).toMatchObject({ isAdmin: true });
  const owner = { ...account, healthcarePartyId: "cockpit" };
  await call("PUT", `/user/inGroup/${emulator.environmentId}`, { body: owner });
  const { context, close } = newContext(emulator);
  const make = (name: string, declared: Record<string, unknown>) =>
    User.create(context, named(name), declared);
  const organisation = await make("clinic", clinic);
  const person = await make("ada", {
    databaseId,
    userType: "healthcare-party",
    name: "Dr Ada",
    firstName: "Ada",
    lastName: "Petrova",
    email: "ada@petra.example",
    parentId: organisation.id,
    roles: ["BASIC_USER", "BASIC_DATA_OWNER"],
  });
  const technical = await make("exporter", {
    databaseId,
    userType: "user",
    name: "Exporter",
    login: "exporter",
  });
  const { state } = await AccessToken.create(context, named("ada"), {
    groupId: databaseId,
    userId: person.state["userId"],
    name: "ada",
    never: true,
  });
  await close();
  const { url, username, password, environmentId } = emulator;
  const plan = {
    ...{ url, username, password, databaseId, packages: python.packages, token: state["token"] },
    personId: person.id,
    users: {
      organisation: organisation.state["userId"],
      person: person.state["userId"],
      technical: technical.id,
    },
  };
  const script = path.join(__dirname, "cardinal-sdk.py");
  const { stdout } = await promisify(execFile)(
    python.command,
    [...python.args, script, JSON.stringify(plan)],
    {
      env: { ...process.env, ...python.env },
    },
  );
  const administrator = (await call("GET", "/user/current")).body;
  expect(JSON.parse(stdout) as Json).toEqual({
    current: administrator.id,
    groups: [environmentId, "ic-app", databaseId].sort(),
    permissions: 256,
    role: ["ic-db:AUDITOR", "Reads", 0, ["TopicManagement.Create"]],
    changedRole: ["UserManagement.Search"],
    rolesInGroup: 12,
    defaultRoles: expect.objectContaining({ USER: [["BASIC_USER", "ic-db:AUDITOR"]] }) as object,
    organisation: ["Clinic", "clinic@petra.example", "clinic@petra.example", organisation.id],
    person: ["Dr Ada", "ada@petra.example", "ada@petra.example", person.id],
    technical: ["Exporter", null, "exporter", null],
    party: ["Ada", "Petrova", organisation.id],
    byToken: person.state["userId"],
    itself: person.id,
    keys: 1,
    unknownRole: "400",
    purged: true,
  });
}, 300_000);
