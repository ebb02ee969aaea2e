import { generateKeyPairSync, sign } from "node:crypto";
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
  const created = await call("POST", "/patient", { as, body: { id: "p1", firstName: "P" } });
  expect(created.body).toMatchObject({ author: "u1", responsible: "clinic" });
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
  const created = await call("POST", "/group/ic-db/database?name=Db");
  expect(created.body).toMatchObject({ status: "PAYING" });
  expect((await call("GET", "/group/ic-petra")).body).toMatchObject({ status: "PAYING" });
});

test("users go, come back and go for good in batches, in one's own group and in a named one", async () => {
  for (const [place, group] of [
    ["", emulator.environmentId],
    ["/inGroup/ic-db", "ic-db"],
  ] as const) {
    const ids: { id: string; rev: string }[] = [];
    for (const id of ["u1", "u2"]) {
      const { body } = await call("POST", `/user/inGroup/${group}`, {
        body: { id, login: `${group}-${id}` },
      });
      ids.push({ id, rev: String(body.rev) });
    }
    const batch = (what: string, list: { id: string; rev?: unknown }[]) =>
      call("POST", `/user${place}/${what}/batch`, { body: { ids: list } });
    expect((await batch("delete", [{ id: "u1", rev: "1-other" }])).status).toBe(409);
    const deleted = (await batch("delete", ids)).body as unknown as { id: string; rev: string }[];
    expect(deleted.map(({ id }) => id)).toEqual(["u1", "u2"]);
    expect((await call("GET", `/user/inGroup/${group}/u1`)).status).toBe(404);
    const back = (await batch("undelete", deleted)).body as unknown as { id: string; rev: string }[];
    expect((await call("GET", `/user/inGroup/${group}/u1`)).status).toBe(200);
    expect(
      (
        await batch(
          "purge",
          back.map(({ id, rev }) => ({ id, rev })),
        )
      ).status,
    ).toBe(200);
    expect((await call("GET", `/user/inGroup/${group}/u1`)).status).toBe(404);
  }
});

test("a batch that holds the last administrator deletes nobody", async () => {
  const { id } = (await call("GET", "/user/current")).body;
  const other = (await call("POST", "/user", { body: { id: "u1", login: "one" } })).body;
  const ids = [{ id: other.id }, { id }];
  expect((await call("POST", "/user/delete/batch", { body: { ids } })).status).toBe(403);
  expect((await call("GET", "/user/u1")).status).toBe(200);
});

test("one token is issued in all groups below, and nowhere else", async () => {
  await call("POST", "/group/ic-other/application?name=Other");
  for (const group of ["ic-app", "ic-db", "ic-other"]) {
    await call("POST", `/user/inGroup/${group}`, { body: { id: "u", login: "same" } });
  }
  const path = "/user/inAllSubGroups/ic-app/token/same/ci?tokenValidity=86400";
  const issued = (await call("POST", path)).body as unknown as Json[];
  expect(issued).toMatchObject([{ groupId: "ic-db", groupName: "Db", token: expect.any(String) as string }]);
});

test("a healthcare party is registered with its user and a token that logs in", async () => {
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "clinic", name: "Clinic" } });
  const address = { telecoms: [{ telecomType: "email", telecomNumber: "ada@petra.example" }] };
  const body = { id: "ada", firstName: "Ada", lastName: "Petrova", addresses: [address] };
  const register = "/hcparty/register/inGroup/ic-db?useShortToken=true&parentHcPartyId=";
  expect((await call("POST", `${register}nobody`, { body })).status).toBe(404);
  const { userLogin, token } = (await call("POST", `${register}clinic`, { body })).body;
  const as = `Basic ${Buffer.from(`${String(userLogin)}:${String(token)}`).toString("base64")}`;
  expect((await call("GET", "/user/current", { as })).body).toMatchObject({
    email: "ada@petra.example",
    healthcarePartyId: "ada",
  });
  expect((await call("GET", "/hcparty/current", { as })).body).toMatchObject({ parentId: "clinic" });
  const without = { id: "other", lastName: "Other" };
  expect((await call("POST", `${register}clinic`, { body: without })).status).toBe(400);
  expect((await call("GET", "/hcparty/inGroup/ic-db/other")).status).toBe(404);
});

test("devices are data owners: made, found, changed by who is responsible, and gone", async () => {
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "clinic", name: "Clinic" } });
  const user = { id: "u1", login: "clinic", healthcarePartyId: "clinic", passwordHash: "a-long-password" };
  await call("POST", "/user/inGroup/ic-db", { body: user });
  const as = `Basic ${Buffer.from("ic-db/u1:a-long-password").toString("base64")}`;
  const created = (
    await call("POST", "/device", { as, body: { id: "d1", name: "Scale", parentId: "clinic" } })
  ).body;
  expect(created).toMatchObject({ author: "u1", responsible: "clinic" });
  const changed = await call("PUT", "/device", { as, body: { ...created, brand: "Petra" } });
  expect(changed.body).toMatchObject({ brand: "Petra", name: "Scale" });
  const match = async (filter: Json) => (await call("POST", "/device/match", { as, body: filter })).body;
  expect(await match({ $type: "DeviceByHcPartyFilter", responsibleId: "clinic" })).toEqual(["d1"]);
  expect(await match({ $type: "DeviceByHcPartyFilter", responsibleId: "other" })).toEqual([]);
  expect(await match({ $type: "AllDevicesFilter" })).toEqual(["d1"]);
  expect((await call("GET", "/dataowner/d1", { as })).body).toMatchObject({ type: "device" });
  expect((await call("DELETE", `/device/d1?rev=${String(created.rev)}`, { as })).status).toBe(409);
  expect((await call("DELETE", `/device/d1?rev=${String(changed.body.rev)}`, { as })).status).toBe(200);
  expect((await call("GET", "/device/d1", { as })).status).toBe(404);
});

test("patients are found by who is responsible, and filters are listed by kind", async () => {
  await call("POST", "/patient", { body: { id: "p1", firstName: "P", responsible: "clinic" } });
  const match = async (filter: Json) => (await call("POST", "/patient/match", { body: filter })).body;
  expect(await match({ $type: "PatientByHcPartyFilter", healthcarePartyId: "clinic" })).toEqual(["p1"]);
  expect(await match({ $type: "PatientByIdsFilter", ids: ["p2"] })).toEqual([]);
  const active = { $type: "PatientByHcPartyAndActiveFilter", healthcarePartyId: "clinic", active: false };
  expect(await match(active)).toEqual([]);
  expect((await call("GET", "/filter/definitions")).body).toMatchObject({
    Device: expect.arrayContaining([{ filter: "AllDevicesFilter", entity: "Device", views: [] }]) as Json[],
  });
});

test("a user takes on and gives back what a token of another system calls it", async () => {
  const { publicKey, privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const config = {
    validationMethod: { type: "PublicKey", key: publicKey.export({ format: "pem", type: "spki" }) },
    fieldSelector: { type: "Identifier", identifierAssigner: "petra-id", fieldName: "sub" },
  };
  await call("PUT", `/group/${emulator.environmentId}/externalJwtConfig/azure`, { body: config });
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const content = `${part({ alg: "RS256" })}.${part({ sub: "4711" })}`;
  const token = `${content}.${sign("sha256", Buffer.from(content), privateKey).toString("base64url")}`;
  const path = "/user/current/externalJwtAuth/azure/identifiers";
  const set = (method: string, externalAuthenticationToken: string) =>
    call(method, path, { headers: { externalAuthenticationToken } });
  const held = async () =>
    ((await call("GET", "/user/current")).body.systemMetadata as Json).loginIdentifiers;
  expect((await set("PUT", `${content}.AAAA`)).status).toBe(403);
  expect(await held()).toBeUndefined();
  expect((await set("PUT", token)).body).toBe(true);
  expect(await held()).toEqual([{ assigner: "petra-id", value: "4711" }]);
  expect((await set("DELETE", token)).body).toBe(true);
  expect(await held()).toBeUndefined();
});
