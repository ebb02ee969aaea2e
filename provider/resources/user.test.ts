import type { CockpitError } from "../errors";
import { startEmulator, type Emulator } from "../../emulator";
import { wire, type Json } from "../../tests/clients/wire";
import { newContext, type ProcessContext } from "../../tests/support/model-engine/context";
import { PartialCreation } from "../framework/resource";
import type { Properties } from "../framework/values";
import { getUser, getUsers } from "../functions";
import type { Context } from "../runtime/context";
import { Administrator, ParentOrganisation, User } from "./index";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
let opened: ProcessContext[];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  opened = [];
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
});
afterEach(async () => {
  await Promise.all(opened.map(({ close }) => close()));
  await emulator.close();
});

/** Another run, in a process of its own. */
function run(variables: Record<string, string> = {}): Context {
  const one = newContext(emulator, { variables });
  opened.push(one);
  return one.context;
}

const named = (name: string) => ({ project: "petra", stack: "test", name });
const clinic = {
  databaseId: "ic-db",
  userType: "organisation",
  name: "Clinic",
  email: "clinic@petra.example",
};
const ada = {
  databaseId: "ic-db",
  userType: "healthcare-party",
  name: "Dr Ada",
  firstName: "Ada",
  lastName: "Petrova",
  email: "ada@petra.example",
};
const exporter = { databaseId: "ic-db", userType: "user", name: "Exporter", login: "exporter" };

const make = (news: Properties, context = run(), name = String(news["name"])) =>
  User.create(context, named(name), news);
const read = (id: string, state: Properties, name = "one") => User.read(run(), id, { ...state }, named(name));
const update = (id: string, state: Properties, news: Properties) =>
  User.update(run(), id, { ...state }, news, named("one"));
async function failuresOf(news: Properties, context = run()): Promise<string> {
  const { failures } = await User.check(context, named("one"), undefined, news);
  return failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n");
}
const party = async (id: string) => (await call("GET", `/hcparty/inGroup/ic-db/${id}`)).body;
async function users(): Promise<Json[]> {
  const filter = { $type: "AllUsersFilter" };
  const { body } = await call("POST", "/user/filter/inGroup/ic-db?includeMetadataFromGlobalUser=true", {
    body: { filter },
  });
  return body.rows as Json[];
}

test("a person below an organisation, with roles, identifiers and delegations, is created, read as declared and changed in place", async () => {
  const organisation = await make(clinic);
  const declared = {
    ...ada,
    parentId: organisation.id,
    status: "active",
    roles: ["TOPIC_MANAGER", "BASIC_USER"],
    loginIdentifiers: [{ assigner: "azure", value: "a1" }],
    autoDelegations: { all: [organisation.id] },
  };
  const { id, state } = await make(declared);
  expect(await party(id)).toMatchObject({ firstName: "Ada", lastName: "Petrova", parentId: organisation.id });
  const one = async () => (await users()).find(({ email }) => email === ada.email);
  expect(await one()).toMatchObject({
    id: state["userId"],
    healthcarePartyId: id,
    autoDelegations: { all: [organisation.id] },
    systemMetadata: {
      roles: ["TOPIC_MANAGER", "BASIC_USER"],
      inheritsRoles: false,
      loginIdentifiers: [{ assigner: "azure", value: "a1" }],
    },
  });
  expect(await read(id, state)).toEqual(state);

  const changed = {
    ...ada,
    name: "Dr Ada P.",
    firstName: "Adele",
    status: "disabled",
    loginIdentifiers: [{ assigner: "eid", value: "e1" }],
    autoDelegations: {},
  };
  const next = await update(id, state, changed);
  expect(await party(id)).toMatchObject({ name: "Dr Ada P.", firstName: "Adele" });
  expect(await party(id)).not.toHaveProperty("parentId");
  expect(await one()).toMatchObject({
    name: "Dr Ada P.",
    status: "DISABLED",
    autoDelegations: {},
    systemMetadata: { inheritsRoles: true, loginIdentifiers: [{ assigner: "eid", value: "e1" }] },
  });
  expect(await read(id, next)).toEqual(next);
});

test("what the program doesn't say is left alone, and what is changed manually is drift where it does", async () => {
  const { id, state } = await make({ ...exporter, roles: ["BASIC_USER"] });
  await call("POST", `/user/${id}/inGroup/ic-db/roles/set`, { body: { ids: ["TOPIC_MANAGER"] } });
  const [user] = await users();
  const { systemMetadata, ...sent } = user as Json;
  expect(systemMetadata).toBeDefined();
  await call("PUT", "/user/inGroup/ic-db", {
    body: { ...sent, mobilePhone: "+32475123456", status: "DISABLED" },
  });
  const found = await read(id, state);
  expect(found).toEqual({ ...state, roles: ["TOPIC_MANAGER"] });
  await update(id, { ...found }, { ...exporter, roles: ["BASIC_USER"] });
  expect(await users()).toMatchObject([
    { mobilePhone: "+32475123456", status: "DISABLED", systemMetadata: { roles: ["BASIC_USER"] } },
  ]);
});

test("a technical user needs no healthcare party and no e-mail; deleted, it is gone, and so is its like by hand", async () => {
  const { id, state } = await make(exporter);
  expect(state).toMatchObject({ userId: id, username: `ic-db/${id}` });
  expect(await users()).toMatchObject([{ id, login: "exporter", name: "Exporter" }]);
  await User.delete(run(), id, state, named("Exporter"));
  expect(await users()).toEqual([]);
  expect(await read(id, state)).toBeUndefined();
  await expect(update(id, state, exporter)).rejects.toMatchObject({ code: "deleted-outside" });
  // Another generation of the id, because Cockpit gives none twice.
  expect((await make(exporter)).id).not.toBe(id);

  const person = await make(ada);
  await User.delete(run(), person.id, person.state, named("Dr Ada"));
  expect((await party(person.id)).deletionDate).toBeDefined();
});

test("one person is in several databases of several solutions by one e-mail address, and logs in to each", async () => {
  await call("POST", "/group/ic-other/application?name=Other");
  await call("POST", "/group/ic-db2/database?name=Db2&superGroup=ic-other");
  const here = await make(ada);
  const there = await make({ ...ada, databaseId: "ic-db2" });
  expect(there.id).not.toBe(here.id);
  const password = { passwordHash: "a-long-password" };
  for (const databaseId of ["ic-db", "ic-db2"]) {
    const { rows } = (await call("GET", `/user/inGroup/${databaseId}`)).body as { rows: Json[] };
    await call("PUT", `/user/inGroup/${databaseId}`, { body: { ...rows[0], ...password } });
    const login = { username: ada.email, password: "a-long-password" };
    expect((await call("POST", `/auth/login?groupId=${databaseId}`, { body: login, as: "" })).status).toBe(
      200,
    );
  }
});

test("a preview refuses patients and devices with the reason, and what does not go together", async () => {
  expect(await failuresOf({ ...ada, userType: "patient" })).toMatch(
    /^userType: patients are not declared: what Cockpit keeps of one is encrypted with keys that only the apps have/,
  );
  expect(await failuresOf({ ...ada, userType: "device" })).toMatch(/^userType: devices are not declared/);
  expect(await failuresOf({ ...ada, userType: "cat" })).toMatch(
    /must be one of healthcare-party, organisation, user/,
  );
  expect(await failuresOf({ ...clinic, lastName: "X" })).toMatch(/^lastName: is a person's/);
  expect(await failuresOf({ ...exporter, parentId: "x" })).toMatch(
    /^parentId: can't be given for the userType user/,
  );
  expect(await failuresOf({ databaseId: "ic-db", userType: "user", name: "X" })).toMatch(
    /one of email, mobilePhone and login is required/,
  );
  expect(await failuresOf({ ...ada, roles: ["BASIC_USR"] })).toMatch(/did you mean "BASIC_USER"\?/);
  expect(
    await failuresOf({ ...ada, loginIdentifiers: [1, 2].map((n) => ({ assigner: "a", value: `${n}` })) }),
  ).toMatch(/must not name an assigner twice/);
});

test("two people of one e-mail address in one database are refused in the preview, whatever declares them", async () => {
  const context = run();
  expect(await failuresOf(ada, context)).toBe("");
  const contact = { name: "Eve", email: "ADA@petra.example" };
  const others = [
    User.check(context, named("two"), undefined, { ...clinic, ...contact }),
    ParentOrganisation.check(context, named("two"), undefined, { databaseId: "ic-db", ...contact }),
    Administrator.check(context, named("two"), undefined, { groupId: "ic-db", ...contact }),
  ];
  for (const { failures } of await Promise.all(others)) {
    expect(failures).toMatchObject([{ property: "email" }]);
  }
  const elsewhere = { ...clinic, ...contact, databaseId: "ic-app" };
  expect((await User.check(context, named("three"), undefined, elsewhere)).failures).toEqual([]);
});

test("somebody who is there is taken over when told so, as declared; a login that is taken is named", async () => {
  await make(ada, run(), "first");
  const stopped = make(ada, run(), "second");
  await expect(stopped).rejects.toMatchObject({
    code: "already-exists",
    toType: { adopt: expect.any(String) as unknown },
  });
  const { toType } = (await stopped.catch((error: unknown) => error)) as CockpitError;
  const id = toType.adopt ?? "";
  const adopting = () => run({ COCKPIT_ADOPT: id });
  await expect(make({ ...ada, firstName: "Eve" }, adopting(), "second")).rejects.toMatchObject({
    code: "adoption-mismatch",
    what: expect.stringContaining("firstName") as unknown,
  });
  expect((await make(ada, adopting(), "second")).id).toBe(id);

  await make(exporter);
  await expect(make({ ...exporter, name: "Other" })).rejects.toMatchObject({
    code: "contact-in-use",
    what: expect.stringMatching(/^login: .*"exporter".*ic-db/) as unknown,
  });
});

test("a parent that is not there, or that would be below its own child, is refused before anything is changed", async () => {
  await expect(make({ ...ada, parentId: "nobody" })).rejects.toMatchObject({
    code: "organisation-not-found",
    what: expect.stringMatching(/^parentId: .*"nobody".*ic-db/) as unknown,
  });
  expect(await users()).toEqual([]);
  const top = await make(clinic);
  const ward = await make({ ...clinic, name: "Ward", email: "ward@petra.example", parentId: top.id });
  await expect(update(top.id, top.state, { ...clinic, parentId: ward.id })).rejects.toMatchObject({
    code: "invalid-value",
  });
  expect(await party(top.id)).not.toHaveProperty("parentId");
});

test("what is half made is finished by the next run", async () => {
  emulator.addFault({ method: "POST", path: "/rest/v2/user/inGroup/ic-db", action: { status: 403 } });
  const first = await make(ada).catch((error: unknown) => error);
  emulator.clearFaults();
  expect(first).toBeInstanceOf(PartialCreation);
  const { id, state, code } = first as PartialCreation;
  expect(code).toBe("incomplete");
  const declared = { ...ada, roles: ["BASIC_USER"] };
  const diff = await User.diff(run(), id, state, declared, named("Dr Ada"));
  expect(diff).toEqual({ updates: ["email", "roles"], replaces: [] });
  emulator.addFault({ method: "POST", path: { regex: "/roles/set$" }, action: { status: 403 } });
  await expect(update(id, state, declared)).rejects.toMatchObject({
    code: "forbidden",
    operation: expect.stringContaining("roles") as unknown,
  });
  emulator.clearFaults();
  await update(id, state, declared);
  expect(await users()).toMatchObject([{ email: ada.email, systemMetadata: { roles: ["BASIC_USER"] } }]);

  emulator.addFault({ method: "POST", path: { regex: "/roles/set$" }, action: { status: 403 } });
  const second = await make({ ...exporter, roles: ["BASIC_USER"] }).catch((error: unknown) => error);
  expect(second).toBeInstanceOf(PartialCreation);
  expect((second as PartialCreation).state).not.toHaveProperty("roles");
});

test("answers that are lost make nobody twice", async () => {
  for (const path of ["/rest/v2/hcparty/inGroup/ic-db", "/rest/v2/user/inGroup/ic-db"]) {
    emulator.addFault({ method: "POST", path, phase: "after", times: 1, action: { drop: true } });
  }
  await make(ada);
  expect(await users()).toHaveLength(1);
});

test("the last administrator of an environment is not disabled", async () => {
  const { environmentId } = emulator;
  const user = (await call("GET", "/user/current")).body;
  await expect(
    User.update(
      run(),
      String(user.id),
      { ...exporter, databaseId: environmentId, userId: user.id },
      { ...exporter, databaseId: environmentId, status: "disabled" },
      named("one"),
    ),
  ).rejects.toMatchObject({ code: "own-account" });
});

test("users are imported by the ids that resources have, listed and looked up; patients and devices are not", async () => {
  const organisation = await make(clinic);
  const person = await make({ ...ada, parentId: organisation.id });
  const technical = await make({ ...exporter, roles: ["BASIC_USER"] });
  await call("POST", "/user/inGroup/ic-db", { body: { id: "p1", login: "patient", patientId: "p" } });

  const imported = (id: string) => User.import(run(), id, named("one"));
  expect(await imported(person.id)).toMatchObject({
    ...ada,
    parentId: organisation.id,
    deletionProtection: true,
  });
  expect(await imported(organisation.id)).toMatchObject({ userType: "organisation", email: clinic.email });
  expect(await imported(technical.id)).toMatchObject({
    userType: "user",
    login: "exporter",
    roles: ["BASIC_USER"],
  });
  await expect(imported("p1")).rejects.toMatchObject({ code: "wrong-kind" });
  expect(await imported("nobody")).toBeUndefined();
  expect((await User.list?.find(run(), { databaseId: "ic-db" }))?.map(({ id }) => id).sort()).toEqual(
    [organisation.id, person.id, technical.id].sort(),
  );

  const looked = await getUser.call(run(), { groupId: "ic-db", email: "ADA@petra.example" });
  expect(looked).toMatchObject({
    id: person.state["userId"],
    healthcarePartyId: person.id,
    isDisabled: false,
  });
  expect(await getUser.call(run(), { groupId: "ic-db", id: technical.id })).toMatchObject({
    roles: ["BASIC_USER"],
  });
  await expect(getUser.call(run(), { groupId: "ic-db", id: "p1" })).rejects.toMatchObject({
    code: "no-match",
  });
  await expect(getUser.call(run(), { groupId: "ic-db" })).rejects.toMatchObject({ code: "required" });
  const { users: all } = (await getUsers.call(run(), { groupId: "ic-db" })) as { users: Properties[] };
  expect(all.map(({ name }) => name)).toEqual(["Clinic", "Dr Ada", "Exporter"]);
  emulator.clearRequests();
  const { users: some } = (await getUsers.call(run(), { groupId: "ic-db", text: "Ada" })) as {
    users: Properties[];
  };
  expect(some).toHaveLength(1);
  expect(
    emulator.requests().filter(({ method, path }) => method === "GET" && path.includes("/user/inGroup")),
  ).toEqual([]);
});
