import { startEmulator, type Emulator } from "..";
import { wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
});
afterEach(() => emulator.close());

test("empty fields are written for older clients and left out for those of 2.0.0 and later", async () => {
  await call("POST", "/user/inGroup/ic-db", { body: { id: "u1", login: "one" } });
  await call("POST", "/user/u1/inGroup/ic-db/roles/set", { body: { ids: [] } });
  const path = "/user/filter/inGroup/ic-db?includeMetadataFromGlobalUser=true";
  const body = { filter: { $type: "AllUsersFilter" } };
  const read = async (headers?: Record<string, string>) =>
    ((await call("POST", path, { body, ...(headers && { headers }) })).body.rows as Json[])[0];
  for (const older of [undefined, { "Cardinal-SDK-Version": "1.2.0" }]) {
    expect(await read(older)).toMatchObject({ applicationTokens: {}, properties: [] });
  }
  const newer = await read({ "Cardinal-SDK-Version": "2.14.0" });
  expect(newer).not.toHaveProperty("applicationTokens");
  expect(newer).not.toHaveProperty("properties");
  expect(newer).toMatchObject({ id: "u1", systemMetadata: { roles: [] } });
  const none = await call("POST", path, {
    body: { filter: { $type: "UserByIdsFilter", ids: [] } },
    headers: { "Cardinal-SDK-Version": "2.14.0" },
  });
  expect(none.body).toMatchObject({ rows: [] });
});

test("answers what the clients of 2026 ask at their start, and about indexes", async () => {
  for (const kind of ["hcparty", "patient", "device"]) {
    expect((await call("GET", `/${kind}/any/aesExchangeKeys`)).body).toEqual({});
  }
  expect((await call("GET", "/icure/byGroup/ic-db/i")).body).toEqual({ statuses: {} });
  expect((await call("GET", "/icure/i")).body).toEqual({ statuses: {} });
  expect((await call("GET", "/icure/r")).body).toEqual({ active: false, running: false });
  expect((await call("PUT", "/group/ic-db/dd?partition=Main")).status).toBe(200);
});

test("a phone is taken away by the previous one, and inheritance of permissions is set", async () => {
  await call("POST", "/user/inGroup/ic-db", { body: { id: "u1", login: "one", mobilePhone: "0475123456" } });
  const path = "/user/u1/inGroup/ic-db/mobilePhone?previousMobilePhone=";
  expect((await call("DELETE", `${path}0475999999`)).status).toBe(409);
  expect((await call("DELETE", `${path}0475123456`)).body).not.toHaveProperty("mobilePhone");
  const inherits = "/user/u1/inGroup/ic-db/setInheritsPermissions?value=false";
  expect((await call("PUT", inherits)).text).toBe("u1");
});

test("healthcare parties are found by identifiers, tags and codes", async () => {
  const make = (id: string, more: Json) =>
    call("POST", "/hcparty/inGroup/ic-db", { body: { id, name: id, ...more } });
  await make("a", { identifier: [{ system: "nihii", value: "1" }] });
  await make("b", {
    tags: [{ id: "T|x|1", type: "T", code: "x" }],
    codes: [{ id: "C|y|1", type: "C", code: "y" }],
  });
  const match = async (filter: Json) =>
    (await call("POST", "/hcparty/inGroup/ic-db/match", { body: filter })).body;
  const by = (fields: Json) => match({ $type: "HealthcarePartyByTagCodeFilter", ...fields });
  const identified = {
    $type: "HealthcarePartyByIdentifiersFilter",
    identifiers: [{ system: "nihii", value: "1" }],
  };
  expect(await match(identified)).toEqual(["a"]);
  expect(await by({ tagType: "T", tagCode: "x" })).toEqual(["b"]);
  expect(await by({ tagType: "T", codeType: "C", codeCode: "z" })).toEqual([]);
});

test("who made a patient is filled in, so that its healthcare party may see it", async () => {
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "clinic", name: "Clinic" } });
  const user = { id: "u1", login: "clinic", healthcarePartyId: "clinic", passwordHash: "a-long-password" };
  await call("POST", "/user/inGroup/ic-db", { body: user });
  const as = `Basic ${Buffer.from("ic-db/u1:a-long-password").toString("base64")}`;
  const made = await call("POST", "/patient", { as, body: { id: "p1", firstName: "P" } });
  expect(made.body).toMatchObject({ author: "u1", responsible: "clinic" });
  expect((await call("GET", "/patient/p1", { as })).status).toBe(200);
});

test("an update of the indexes builds them only where it is asked to, and tells how far they are", async () => {
  await emulator.close();
  let time = Date.now();
  emulator = await startEmulator({ seed: { indexSeconds: 200 }, now: () => time });
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-db/database?name=Db");
  const progress = async () =>
    Object.values((await call("GET", "/icure/byGroup/ic-db/i")).body.statuses as Json);
  for (const query of ["", "?dryRun=true&warmup=true"]) {
    await call("PUT", `/group/ic-db/dd${query}`);
  }
  expect(await progress()).toEqual([]);
  await call("PUT", "/group/ic-db/dd?warmup=true");
  expect(new Set(await progress())).toEqual(new Set([0]));
  time += 50_000;
  expect(new Set(await progress())).toEqual(new Set([25]));
  time += 150_000;
  expect(await progress()).toEqual([]);
});

test("a group has the status of the nearest one upwards that has one", async () => {
  await emulator.close();
  const administrators = [{ login: "petra", password: "emulator-password-2" }];
  emulator = await startEmulator({
    seed: { environments: [{ id: "ic-petra", name: "Petra", status: "PAYING", administrators }] },
  });
  ({ call } = wire(emulator));
  const made = await call("POST", "/group/ic-db/database?name=Db");
  expect(made.body).toMatchObject({ status: "PAYING" });
  expect((await call("GET", "/group/ic-petra")).body).toMatchObject({ status: "PAYING" });
});
