import { startEmulator, type Emulator } from "..";
import { basic, wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
const passwordHash = "a-long-password";
const doctor = basic("doctor", passwordHash);
const patient = basic("patient", passwordHash);
const stranger = basic("stranger", passwordHash);

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-db/database?name=Db");
  const post = (path: string, body: Json, as?: string) => call("POST", path, { body, ...(as && { as }) });
  await post("/hcparty/inGroup/ic-db", { id: "clinic", name: "Clinic" });
  await post("/hcparty/inGroup/ic-db", { id: "doctor-party", lastName: "Ctor", parentId: "clinic" });
  for (const [login, owner] of [
    ["doctor", { healthcarePartyId: "doctor-party" }],
    ["patient", { patientId: "the-patient" }],
    ["stranger", {}],
  ] as const) {
    await post("/user/inGroup/ic-db", { id: login, login, passwordHash, ...owner });
  }
  await post("/patient", { id: "the-patient", firstName: "Pa", responsible: "doctor-party" }, doctor);
});
afterEach(() => emulator.close());

describe("data owners", () => {
  test("read themselves and what is above them", async () => {
    const itself = await call("GET", "/dataowner/current", { as: doctor });
    expect(itself.body).toMatchObject({ type: "hcp", dataOwner: { id: "doctor-party", parentId: "clinic" } });
    expect((await call("GET", "/dataowner/current", { as: patient })).body).toMatchObject({
      type: "patient",
    });
    expect((await call("GET", "/dataowner/current", { as: stranger })).status).toBe(404);
    const all = (await call("GET", "/dataowner/current/hierarchy", { as: doctor })).body;
    expect(all).toMatchObject([{ dataOwner: { id: "doctor-party" } }, { dataOwner: { id: "clinic" } }]);
    const stubs = (await call("GET", "/dataowner/current/hierarchy/stub", { as: doctor })).body;
    expect(stubs).toMatchObject([{ stub: { id: "doctor-party" } }, { stub: { id: "clinic" } }]);
    const ids = ["the-patient", "clinic", "none"];
    for (const path of ["/dataowner/byIds", "/dataowner/stub/byIds"]) {
      expect((await call("POST", path, { as: doctor, body: { ids } })).body).toMatchObject([
        { type: "patient" },
        { type: "hcp" },
      ]);
    }
    expect((await call("GET", "/dataowner/clinic", { as: patient })).body).toMatchObject({ type: "hcp" });
    expect((await call("GET", "/dataowner/none", { as: patient })).status).toBe(404);
  });

  test("keep their own keys by a stub, and nothing else by it", async () => {
    const { body } = await call("GET", "/dataowner/current/stub", { as: doctor });
    const { stub } = body as { stub: Json };
    expect(stub).not.toHaveProperty("parentId");
    const put = (change: Json, as = doctor, type = "hcp") =>
      call("PUT", "/dataowner/stub", { as, body: { type, stub: { ...stub, ...change } } });
    for (const [change, as, type, status] of [
      [{ rev: "1-old" }, doctor, "hcp", 409],
      [{ parentId: "other" }, doctor, "hcp", 400],
      [{}, doctor, "patient", 404],
      [{ id: "none" }, doctor, "hcp", 404],
      [{}, stranger, "hcp", 403],
      [{}, patient, "hcp", 403],
    ] as const) {
      expect((await put(change, as, type)).status).toBe(status);
    }
    const changed = await put({ publicKeysForOaepWithSha256: ["a-key"], name: "Slipped in" });
    expect(changed.body).toMatchObject({ stub: { publicKeysForOaepWithSha256: ["a-key"] } });
    const { body: whole } = await call("GET", "/hcparty/doctor-party", { as: patient });
    expect(whole).toMatchObject({
      lastName: "Ctor",
      parentId: "clinic",
      publicKeysForOaepWithSha256: ["a-key"],
    });
    expect(whole).not.toHaveProperty("name");
  });
});

describe("patients", () => {
  test("are seen by themselves, who is responsible and administrators", async () => {
    for (const [as, status] of [
      [patient, 200],
      [doctor, 200],
      [stranger, 403],
    ] as const) {
      expect((await call("GET", "/patient/the-patient", { as })).status).toBe(status);
      const { body } = await call("POST", "/patient/byIds", { as, body: { ids: ["the-patient"] } });
      expect(body).toHaveLength(status === 200 ? 1 : 0);
    }
    expect((await call("GET", "/patient/inGroup/ic-db/the-patient")).body).toMatchObject({ firstName: "Pa" });
    expect((await call("GET", "/patient/none", { as: doctor })).status).toBe(404);
    expect((await call("POST", "/patient", { as: patient, body: { id: "another" } })).status).toBe(403);
  });

  test("are changed and deleted by revision", async () => {
    const { body } = await call("GET", "/patient/the-patient", { as: patient });
    expect((await call("PUT", "/patient", { as: patient, body: { ...body, rev: "1-old" } })).status).toBe(
      409,
    );
    const changed = await call("PUT", "/patient", {
      as: patient,
      body: { ...body, encryptedSelf: "c2VsZg==", securityMetadata: { secureDelegations: {} } },
    });
    expect(changed.body).toMatchObject({
      encryptedSelf: "c2VsZg==",
      securityMetadata: { secureDelegations: {} },
    });
    expect((await call("PUT", "/patient", { as: stranger, body: { ...changed.body } })).status).toBe(403);
    expect((await call("DELETE", "/patient/the-patient?rev=1-old", { as: doctor })).status).toBe(409);
    expect((await call("DELETE", "/patient/the-patient", { as: doctor })).status).toBe(200);
    expect((await call("GET", "/patient/the-patient", { as: patient })).status).toBe(404);
    expect((await call("GET", "/dataowner/current", { as: patient })).status).toBe(404);
  });
});

describe("exchange data", () => {
  const keys = { exchangeKey: { k: "a" }, accessControlSecret: { k: "b" }, sharedSignatureKey: { k: "c" } };
  const shared = (id: string, delegator: string, delegate: string) => ({
    id,
    delegator,
    delegate,
    ...keys,
    sharedSignature: "d",
  });
  const create = (as: string, body: Json) => call("POST", "/exchangedata", { as, body });

  test("is kept for those who share, and shown to no others", async () => {
    const created = await create(doctor, shared("e1", "doctor-party", "the-patient"));
    expect(created.status).toBe(200);
    const bulk = [shared("e2", "doctor-party", "doctor-party"), shared("e3", "doctor-party", "clinic")];
    expect((await call("POST", "/exchangedata/bulk", { as: doctor, body: bulk })).body).toMatchObject([
      { id: "e2", rev: expect.any(String) as string },
      { id: "e3" },
    ]);
    for (const [path, ids] of [
      ["/exchangedata/byParticipant/doctor-party?limit=2", ["e1", "e2"]],
      ["/exchangedata/byParticipant?dataOwnerId=clinic", ["e3"]],
      ["/exchangedata/byParticipant?dataOwnerId=doctor-party&startDocumentId=e2", ["e2", "e3"]],
    ] as const) {
      expect((await call("GET", path, { as: doctor })).body).toMatchObject({
        rows: ids.map((id) => ({ id })),
      });
    }
    for (const path of [
      "/exchangedata/byDelegatorDelegate/doctor-party/the-patient",
      "/exchangedata/byDelegatorDelegate?delegatorId=doctor-party&delegateId=the-patient",
    ]) {
      expect((await call("GET", path, { as: patient })).body).toEqual([created.body]);
    }
    for (const path of [
      "/exchangedata/byParticipant/doctor-party/counterparts",
      "/exchangedata/byParticipant/counterparts?dataOwnerId=doctor-party",
    ]) {
      expect((await call("GET", path, { as: doctor })).body).toEqual([
        "the-patient",
        "doctor-party",
        "clinic",
      ]);
    }
    expect(
      (await call("POST", "/exchangedata/byIds", { as: patient, body: { ids: ["e1", "e2"] } })).body,
    ).toEqual([created.body]);
    expect((await call("GET", "/exchangedata/e1", { as: patient })).body).toEqual(created.body);
    expect((await call("GET", "/exchangedata/e2", { as: patient })).status).toBe(404);
  });

  test("is refused from others, twice, and with another pair", async () => {
    const e1 = shared("e1", "doctor-party", "the-patient");
    expect((await create(stranger, e1)).status).toBe(403);
    expect((await create(doctor, { ...e1, rev: "1-x" })).status).toBe(400);
    expect((await create(doctor, { ...e1, sharedSignature: null })).status).toBe(400);
    const { body } = await create(doctor, e1);
    expect((await create(doctor, e1)).status).toBe(409);
    const put = (change: Json) => call("PUT", "/exchangedata", { as: doctor, body: { ...body, ...change } });
    expect((await put({ rev: "1-old" })).status).toBe(409);
    expect((await put({ delegate: "clinic" })).status).toBe(400);
    expect((await put({ sharedSignature: "e" })).body).toMatchObject({ sharedSignature: "e" });
  });
});

describe("roles", () => {
  test("of a user type are the public SDK's, as far as no group sets others", async () => {
    const { body } = await call("GET", "/group/ic-db/defaultRoles");
    expect(body).toMatchObject({
      HCP: [
        {
          source: "DEFAULT",
          roles: [
            "BASIC_DATA_OWNER",
            "BASIC_USER",
            "HIERARCHICAL_DATA_OWNER",
            "LEGACY_MESSAGE_MANAGER",
            "PATIENT_USER_MANAGER",
          ],
        },
      ],
      USER: [{ source: "DEFAULT", roles: ["BASIC_USER"] }],
    });
  });

  test("are the builtin ones, with their permissions", async () => {
    const all = (await call("GET", "/role")).body as unknown as Json[];
    expect(all.map(({ id }) => id)).toContain("PATIENT_USER_MANAGER");
    expect((await call("GET", "/role/inGroup/ic-db")).body).toEqual(all);
    const permissions = all.flatMap((role) => role.permissions as string[]);
    expect([all.length, new Set(permissions).size]).toEqual([11, 256]);
    expect(permissions.filter((one) => !/^[A-Z][A-Za-z]+(\.[A-Z][A-Za-z]+)+$/.test(one))).toEqual([]);
    expect((await call("GET", "/role/BASIC_USER")).body).toMatchObject({
      name: "BASIC_USER",
      permissions: expect.arrayContaining(["UserManagement.Read.Own"]) as string[],
    });
    expect((await call("POST", "/role/byIds", { body: { ids: ["BASIC_USER", "NONE"] } })).body).toHaveLength(
      1,
    );
    expect((await call("GET", "/role/NONE")).status).toBe(404);
    expect(new Set((await call("GET", "/aa/icure/permissions")).body as unknown as string[])).toEqual(
      new Set(permissions),
    );
  });
});
