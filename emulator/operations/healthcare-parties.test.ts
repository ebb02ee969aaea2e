import { startEmulator, type Emulator } from "..";
import { basic, wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];
const password = "a-long-password";

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
});
afterEach(() => emulator.close());

const path = "/hcparty/inGroup/ic-db";
const create = (body: Json) => call("POST", path, { body });
const by = (rev: unknown) => `?rev=${String(rev)}`;

const clinic = {
  id: "clinic",
  name: "Clinic",
  parentId: "network",
  public: true,
  addresses: [
    { addressType: "hq", city: "Liège", telecoms: [{ telecomType: "email", telecomNumber: "a@b.example" }] },
  ],
  publicProperties: [
    { type: { identifier: "p", type: "STRING" }, typedValue: { type: "STRING", stringValue: "v" } },
  ],
};

describe("healthcare parties of a group", () => {
  test("are created with defaults, read and changed by revision, fields left out cleared", async () => {
    const created = await create({ ...clinic, unknownField: 1, notes: null });
    expect(created.body).toMatchObject({ ...clinic, tags: [], rev: expect.stringMatching(/^1-/) as string });
    expect(created.body).not.toHaveProperty("unknownField");
    expect((await call("GET", `${path}/clinic`)).body).toEqual(created.body);

    expect((await call("PUT", path, { body: clinic })).status).toBe(409);
    expect((await call("PUT", path, { body: { ...clinic, rev: "1-old" } })).status).toBe(409);
    const put = await call("PUT", path, { body: { id: "clinic", name: "New", rev: created.body.rev } });
    expect(put.body).toMatchObject({
      name: "New",
      addresses: [],
      rev: expect.stringMatching(/^2-/) as string,
    });
    for (const field of ["parentId", "public", "publicProperties", "created", "modified"]) {
      expect(put.body).not.toHaveProperty(field);
    }
    expect((await call("PUT", path, { body: { id: "none", name: "x", rev: "1-x" } })).status).toBe(404);
  });

  test("are deleted softly, brought back and purged, by revision", async () => {
    const { body: made } = await create(clinic);
    expect((await call("DELETE", `${path}/clinic${by("1-old")}`)).status).toBe(409);
    const deleted = await call("DELETE", `${path}/clinic${by(made.rev)}`);
    expect(deleted.body).toEqual({ id: "clinic", rev: expect.stringMatching(/^2-/) as string });
    expect((await call("GET", `${path}/clinic`)).body).toHaveProperty("deletionDate");
    expect((await call("POST", `${path}/byIds`, { body: { ids: ["clinic"] } })).body).toEqual([]);
    expect((await call("DELETE", `${path}/clinic`)).status).toBe(404);
    expect((await call("PUT", path, { body: { ...clinic, rev: deleted.body.rev } })).status).toBe(404);
    expect((await create(clinic)).status).toBe(409);
    expect((await call("POST", `${path}/undelete/clinic${by("1-old")}`)).status).toBe(409);
    const back = await call("POST", `${path}/undelete/clinic${by(deleted.body.rev)}`);
    expect(back.body).not.toHaveProperty("deletionDate");
    expect((await call("DELETE", `${path}/purge/clinic${by("1-old")}`)).status).toBe(409);
    expect((await call("DELETE", `${path}/purge/clinic${by(back.body.rev)}`)).body).toEqual({
      id: "clinic",
      rev: back.body.rev,
    });
    expect((await call("GET", `${path}/clinic`)).status).toBe(404);
    expect((await create(clinic)).status).toBe(200);
  });

  test("come in batches, are found by name and parent, and have the older path of deletion", async () => {
    const people = ["a", "b", "c"].map((id) => ({
      id,
      firstName: `É${id}`,
      lastName: "Mün-ster",
      parentId: "clinic",
    }));
    await create(clinic);
    const created = await call("POST", `${path}/batch`, { body: people });
    expect(created.body).toMatchObject(people);
    const renamed = (created.body as unknown as Json[]).map((each) => ({ ...each, notes: "n" }));
    expect((await call("PUT", `${path}/batch`, { body: renamed })).body).toMatchObject([
      { notes: "n" },
      {},
      {},
    ]);
    const match = async (filter: Json) => (await call("POST", `${path}/match`, { body: filter })).body;
    const name = { $type: "HealthcarePartyByNameFilter", name: "munster eb" };
    const parent = { $type: "HealthcarePartyByParentIdFilter", parentId: "clinic" };
    const all = { $type: "AllHealthcarePartiesFilter" };
    expect(await match(all)).toEqual(["a", "b", "c", "clinic"]);
    expect(await match(name)).toEqual(["b"]);
    expect(await match(parent)).toEqual(["a", "b", "c"]);
    expect(await match({ $type: "ComplementFilter", superSet: all, subset: parent })).toEqual(["clinic"]);
    expect(
      await match({
        $type: "UnionFilter",
        filters: [name, { $type: "HealthcarePartyByIdsFilter", ids: ["a"] }],
      }),
    ).toEqual(["b", "a"]);
    expect(await match({ $type: "IntersectionFilter", filters: [parent, name] })).toEqual(["b"]);
    const listed = (await call("POST", `${path}/byIds`, { body: { ids: ["c", "none", "a"] } })).body;
    expect(listed).toMatchObject([{ id: "c" }, { id: "a" }]);
    expect((await call("DELETE", "/hcparty/a/inGroup/ic-db")).status).toBe(200);
    const ids = [{ id: "b" }, { id: "c", rev: "1-old" }];
    expect((await call("POST", `${path}/delete/batch`, { body: { ids } })).status).toBe(409);
    expect(await match(all)).toEqual(["b", "c", "clinic"]);
  });

  test.each<[string, Json, number]>([
    ["no id", { name: "x" }, 400],
    ["a bad id", { id: "a b", name: "x" }, 400],
    ["no name of any kind", { id: "x" }, 400],
    ["a revision", { id: "x", name: "x", rev: "1-x" }, 400],
    ["a taken id", { id: "clinic", name: "x" }, 409],
    ["an unknown kind of address", { id: "x", name: "x", addresses: [{ addressType: "moon" }] }, 400],
    [
      "an unknown kind of telecom",
      { id: "x", name: "x", addresses: [{ telecoms: [{ telecomType: "drum" }] }] },
      400,
    ],
  ])("are refused with %s", async (_what, body, status) => {
    await create(clinic);
    expect(await create(body)).toMatchObject({ status, body: { message: expect.any(String) as string } });
  });

  test("are read by the group's users, changed by administrators and themselves, and closed to others", async () => {
    const { body: made } = await create(clinic);
    const user = { id: "u", login: "u", passwordHash: password, healthcarePartyId: "clinic" };
    await call("POST", "/user/inGroup/ic-db", { body: user });
    const as = basic("u", password);
    expect((await call("GET", "/hcparty/clinic", { as })).body).toEqual(made);
    expect((await call("GET", "/hcparty/current", { as })).body).toEqual(made);
    expect((await call("GET", "/hcparty", { as })).body).toMatchObject({ rows: [{ id: "clinic" }] });
    expect((await call("GET", "/hcparty/network/children", { as })).body).toMatchObject([{ id: "clinic" }]);
    expect((await call("PUT", "/hcparty", { as, body: { ...made, notes: "mine" } })).body).toMatchObject({
      notes: "mine",
    });
    expect((await call("POST", "/hcparty", { as, body: { id: "x", name: "x" } })).status).toBe(403);
    const other = await call("POST", "/group/register/trial", {
      as: false,
      body: { emailAddress: "o@example.com" },
    });
    const stranger = basic("o@example.com", String(other.body.token));
    for (const [method, sent] of [
      ["GET", {}],
      ["DELETE", {}],
    ] as const) {
      expect((await call(method, `${path}/clinic`, { as: stranger, ...sent })).status).toBe(403);
    }
    expect((await call("GET", "/hcparty/current")).status).toBe(404);
  });

  test("may come with their group, and go with it", async () => {
    const created = await call("POST", "/group/ic-full?name=Full&type=database&superGroup=ic-app", {
      headers: { password: "group-password" },
      body: {
        healthcareParties: [clinic],
        users: [{ id: "u", login: "clinic", healthcarePartyId: "clinic" }],
      },
    });
    expect(created.status).toBe(200);
    expect((await call("GET", "/hcparty/inGroup/ic-full/clinic")).body).toMatchObject({ name: "Clinic" });
    await call("DELETE", "/group/hard/ic-full");
    await call("POST", "/group/ic-full/database?name=Full&superGroup=ic-app");
    expect((await call("GET", "/hcparty/inGroup/ic-full/clinic")).status).toBe(404);
    const refused = await call("POST", "/group/ic-half?name=Half&type=database&superGroup=ic-app", {
      headers: { password: "group-password" },
      body: { healthcareParties: [{ id: "nameless" }] },
    });
    expect([refused.status, (await call("GET", "/group/ic-half")).status]).toEqual([400, 404]);
  });
});
