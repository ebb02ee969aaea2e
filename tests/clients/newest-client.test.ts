import { startEmulator, type Emulator } from "../../emulator";
import { AccessToken, User } from "../../provider/resources";
import { newContext } from "../support/model-engine/context";
import { callsOf } from "./documented";
import { codeIn } from "./mailbox";
import { gatewayWire } from "./gateway";
import { judged, pythonWithSdk, type Python } from "./python";
import { basic, wire } from "./wire";
import { markSkipped } from "../support/mark-skipped";

// The newest client that others wrote, beside the two of npm. It also reads what our own resources have made.

const environmentOf = (id: string, login: string) => ({
  id,
  name: id,
  status: "PAYING" as const,
  administrators: [{ id: login, login, password: `${login}-password` }],
});

let emulator: Emulator;
const requests: ReturnType<Emulator["requests"]> = [];

/** What it prints, and what it asked for meanwhile. */
async function observed(python: Python, script: string, plan: Record<string, unknown>): Promise<unknown> {
  emulator.clearRequests();
  const seen = await judged(python, script, plan);
  requests.push(...emulator.requests());
  return seen;
}
beforeAll(async () => {
  emulator = await startEmulator({
    seed: {
      environments: [environmentOf("ic-petra-corp", "petra"), environmentOf("ic-target", "target")],
    },
  });
});
afterAll(() => emulator.close());

const databaseId = "ic-db";
const clinic = { databaseId, userType: "organisation", name: "Clinic", email: "clinic@petra.example" };
const named = (name: string) => ({ project: "petra", stack: "test", name });

test("cardinal-sdk 2.14.0 logs in, works with roles, and reads the people that a program declared", async () => {
  const python = await pythonWithSdk();
  if (typeof python === "string") {
    markSkipped(python);
    return;
  }
  const { call } = wire(emulator);
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
  // The client starts for data owners only.
  for (const { id, username, password } of emulator.environments) {
    const as = basic(username, password);
    await call("POST", "/hcparty", { as, body: { id: `${id}-party`, name: "Cockpit" } });
    const { systemMetadata, ...account } = (await call("GET", "/user/current", { as })).body;
    expect(systemMetadata).toMatchObject({ isAdmin: true });
    const owner = { ...account, healthcarePartyId: `${id}-party` };
    await call("PUT", `/user/inGroup/${id}`, { as, body: owner });
  }
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
  const seen = await observed(python, "cardinal-sdk.py", {
    ...{ url, username, password, environmentId, databaseId, token: state["token"] },
    target: { username: "target", password: "target-password" },
    administratorPartyId: `${environmentId}-party`,
    personId: person.id,
    users: {
      organisation: organisation.state["userId"],
      person: person.state["userId"],
      technical: technical.id,
    },
  });
  const administrator = (await call("GET", "/user/current")).body;
  expect(seen).toEqual({
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
    solution: ["Judge", environmentId, "PAYING"],
    renamed: "Judge & Söhne",
    projectIds: ["com.petra.judge", "com.petra.judge"],
    properties: ["gold"],
    hierarchy: [environmentId, "ic-judge", "ic-judge-db"],
    storage: [
      [4, 2],
      [4, 2],
      [4, 2],
    ],
    indexes: 6,
    indexing: {},
    withoutProjectId: null,
    boss: "The boss",
    ward: "North ward",
    transferredTo: "ic-target",
    secondUse: "403",
    there: ["ic-judge", "ic-judge-db", "ic-target"],
    gone: true,
    hardDeleted: true,
    identifier: true,
    deleted: "judged",
    devices: ["scale"],
    publicKey: `${environmentId}-party`,
    found: ["Clinic", "Dr Ada", "Exporter"],
    unknownRole: "400",
    purged: true,
  });
}, 300_000);

test("patients and healthcare parties who have registered log in with it, make their keys and read themselves", async () => {
  const python = await pythonWithSdk();
  if (typeof python === "string") {
    markSkipped(python);
    return;
  }
  const { call } = wire(emulator);
  const { createProcess, gateway, start, validate } = gatewayWire(emulator);
  await call("POST", "/group/ic-new/database?name=New&applicationId=com.petra.new");
  await call("POST", "/hcparty/inGroup/ic-new", { body: { id: "clinic", name: "Clinic" } });
  await gateway("POST", "/spec", { body: { demo: true } });
  const people = [];
  for (const kind of ["patient", "healthcareParty"] as const) {
    const process = await createProcess(kind, "ic-new", {
      subject: "{{it.validationCode}}",
      body: "{{it.validationCode}}",
      parentOrganisationId: "clinic",
    });
    const email = `${kind.toLowerCase()}@petra.example`;
    const person = { firstName: "Anaïs", lastName: "Petit", email };
    const { requestId, status, text } = await start(String(process.body.id), person);
    expect([status, text]).toEqual([200, expect.anything()]);
    const code = codeIn(emulator.outbox().at(-1)?.subject);
    expect((await validate(requestId, code)).status).toBe(200);
    people.push({ email, code });
  }
  const { url } = emulator;
  const seen = await observed(python, "cardinal-sdk-people.py", {
    url,
    applicationId: "com.petra.new",
    people,
  });
  const itself = { group: "ic-new", name: ["Anaïs", "Petit"], above: "clinic", keys: 1 };
  expect(seen).toMatchObject([
    { ...itself, email: "patient@petra.example", kind: "patient" },
    { ...itself, email: "healthcareparty@petra.example", kind: "hcp" },
  ]);
}, 300_000);

test("docs/api-routes.md says which calls it makes", () => {
  if (requests.length > 0) {
    const { documented, made } = callsOf("2.14.0", requests);
    expect(documented).toEqual(made);
  }
});
