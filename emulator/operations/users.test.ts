import { startEmulator, type Emulator } from "..";
import { basic, wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let call: ReturnType<typeof wire>["call"];

beforeEach(async () => {
  emulator = await startEmulator();
  ({ call } = wire(emulator));
  await call("POST", "/group/ic-app/application?name=App");
});
afterEach(() => emulator.close());

const create = (body: Json, path = "/user/inGroup/ic-app") => call("POST", path, { body });

describe("users of a group", () => {
  test("are created with defaults, their secrets masked, and listed", async () => {
    const created = await create({
      id: "u1",
      email: "u1@example.com",
      passwordHash: "a-long-password",
      name: null,
    });
    expect(created.body).toMatchObject({
      id: "u1",
      groupId: "ic-app",
      login: "u1@example.com",
      status: "ACTIVE",
      rev: expect.stringMatching(/^1-/) as string,
    });
    expect(created.text).not.toContain("a-long-password");
    expect(
      (await call("GET", "/user/current", { as: basic("ic-app/u1", "a-long-password") })).body,
    ).toMatchObject({ id: "u1" });
    await create({ id: "u2", mobilePhone: "+32475123456" });
    const page = (await call("GET", "/user/inGroup/ic-app?limit=1")).body;
    expect(page).toMatchObject({ rows: [{ id: "u1" }], nextKeyPair: { startKeyDocId: "u2" } });
    expect((await call("GET", "/user/inGroup/ic-app?startDocumentId=u2")).body).toMatchObject({
      rows: [{ id: "u2", login: "+32475123456" }],
    });
    expect(
      (await call("POST", "/user/inGroup/ic-app/byIds", { body: { ids: ["u2", "none"] } })).body,
    ).toMatchObject([{ id: "u2" }]);
    expect((await call("GET", "/user/inGroup/ic-app/none")).status).toBe(404);
  });

  test.each([
    ["no name to log in with", { id: "x" }, 400],
    ["a bad e-mail", { email: "nobody" }, 400],
    ["a bad phone number", { mobilePhone: "12" }, 400],
    ["a taken e-mail", { email: "taken@example.com" }, 400],
    ["a taken login", { login: "taken" }, 400],
    ["a taken id", { id: "taken-id", login: "free" }, 409],
    ["a short password", { login: "free", passwordHash: "short" }, 406],
  ])("are refused with %s", async (_what, body, status) => {
    await create({ id: "taken-id", login: "taken", email: "taken@example.com" });
    expect(await create(body)).toMatchObject({ status, body: { message: expect.any(String) as string } });
  });

  test("are modified by the current revision only, and lose the tokens that carry a deletion date", async () => {
    const { body: user } = await create({ id: "u1", login: "one" });
    const token = (
      await call("POST", "/user/inGroup/ic-app/token/u1/ci?tokenValidity=86400", {
        headers: { token: "own-secret" },
      })
    ).text;
    expect(token).toBe("own-secret");
    expect((await call("PUT", "/user/inGroup/ic-app", { body: { ...user, name: "New" } })).status).toBe(409);
    const { body: current } = await call("GET", "/user/inGroup/ic-app/u1");
    expect(current.authenticationTokens).toMatchObject({
      ci: { validity: 86_400 },
    });
    const renamed = await call("PUT", "/user/inGroup/ic-app", { body: { ...current, name: "New" } });
    expect(renamed.body).toMatchObject({ name: "New", rev: expect.stringMatching(/^3-/) as string });
    expect((await call("GET", "/user/current", { as: basic("ic-app/u1", token) })).status).toBe(200);
    const left = await call("PUT", "/user/inGroup/ic-app", {
      body: { ...renamed.body, authenticationTokens: {} },
    });
    expect(left.body.authenticationTokens).toHaveProperty("ci");
    const withdrawn = { ci: { deletionDate: 1 } };
    await call("PUT", "/user/inGroup/ic-app", { body: { ...left.body, authenticationTokens: withdrawn } });
    expect((await call("GET", "/user/current", { as: basic("ic-app/u1", token) })).status).toBe(401);
  });

  test("lose their password by a PUT that leaves it out, and keep it by one that sends the mask back", async () => {
    const logsIn = async (secret = "a-long-password") =>
      (await call("GET", "/user/current", { as: basic("ic-app/u1", secret) })).status;
    const { body: user } = await create({ id: "u1", login: "one", passwordHash: "a-long-password" });
    expect(user.passwordHash).toBe("*");
    const { body: kept } = await call("PUT", "/user/inGroup/ic-app", { body: { ...user, name: "One" } });
    expect([kept.passwordHash, await logsIn()]).toEqual(["*", 200]);
    const without = { ...kept, passwordHash: undefined };
    const { body: bare } = await call("PUT", "/user/inGroup/ic-app", { body: without });
    expect(bare).not.toHaveProperty("passwordHash");
    expect(await logsIn()).toBe(401);
    const { status } = await call("PUT", "/user/inGroup/ic-app", { body: { ...bare, passwordHash: "*" } });
    expect([status, await logsIn("*")]).toEqual([200, 401]);
  });

  test("are answered with their tokens' facts but not their values; a value that is sent makes a new token", async () => {
    await create({ id: "u1", login: "one" });
    await call("POST", "/user/inGroup/ic-app/token/u1/ci?tokenValidity=3600");
    const { body: user } = await call("GET", "/user/inGroup/ic-app/u1");
    const { authenticationTokens: tokens } = user as { authenticationTokens: Record<string, object> };
    expect(tokens).toEqual({ ci: { creationTime: expect.any(Number) as number, validity: 3600 } });
    const sent = { ...tokens, mine: { token: "of-my-own", validity: 3600 } };
    const { body: more } = await call("PUT", "/user/inGroup/ic-app", {
      body: { ...user, authenticationTokens: sent },
    });
    expect(Object.keys(more.authenticationTokens as object).sort()).toEqual(["ci", "mine"]);
    const { status } = await call("GET", "/user/current", { as: basic("ic-app/u1", "of-my-own") });
    expect(status).toBe(200);
  });

  test("are deleted softly, brought back and purged", async () => {
    const { body: user } = await create({ id: "u1", login: "one", passwordHash: "a-long-password" });
    const by = (rev: unknown) => `?rev=${String(rev)}`;
    expect((await call("DELETE", `/user/inGroup/ic-app/u1${by("1-old")}`)).status).toBe(409);
    const deleted = await call("DELETE", `/user/inGroup/ic-app/u1${by(user.rev)}`);
    expect(deleted.body).toEqual({ id: "u1", rev: expect.stringMatching(/^2-/) as string });
    expect((await call("GET", "/user/current", { as: basic("ic-app/u1", "a-long-password") })).status).toBe(
      401,
    );
    const back = await call("POST", `/user/inGroup/ic-app/undelete/u1${by(deleted.body.rev)}`);
    expect(back.body).not.toHaveProperty("deletionDate");
    expect((await call("DELETE", `/user/inGroup/ic-app/purge/u1${by(back.body.rev)}`)).status).toBe(200);
    expect((await create({ id: "u1", login: "one" })).status).toBe(200);
  });

  test("may be administrators, who then manage that group, and it only", async () => {
    const admin = await create(
      { id: "boss", email: "boss@example.com", passwordHash: "a-long-password" },
      "/user/admin/inGroup/ic-app",
    );
    expect(admin.body).toMatchObject({ systemMetadata: { isAdmin: true } });
    const as = basic("boss@example.com", "a-long-password");
    expect((await call("POST", "/group/ic-db/database?name=Db", { as })).body).toMatchObject({
      superGroup: "ic-app",
    });
    expect((await call("GET", `/group/${emulator.environmentId}`, { as })).status).toBe(403);
    await create({ id: "member", login: "member", passwordHash: "a-long-password" });
    const asMember = basic("member", "a-long-password");
    expect((await call("GET", "/group/ic-app", { as: asMember })).status).toBe(200);
    for (const [method, path] of [
      ["GET", "/group/ic-db"],
      ["PUT", "/group/ic-app/name/Mine"],
      ["POST", "/group/ic-x/database?name=x"],
      ["GET", "/user"],
    ] as const) {
      expect((await call(method, path, { as: asMember })).status).toBe(403);
    }
  });

  test("are unique by e-mail and by a login that is given, which may be nobody's phone either; phones are not", async () => {
    await create({ id: "u1", login: "one", email: "one@example.com", mobilePhone: "+32475123456" });
    const refused = async (user: Json) => (await create({ id: "u2", ...user })).body.message;
    expect(await refused({ email: "one@example.com" })).toBe(
      "A user with Email one@example.com already exists",
    );
    expect(await refused({ login: "one", email: "two@example.com" })).toBe(
      "A user with Login one already exists",
    );
    expect(await refused({ login: "+32475123456" })).toBe("A user with Phone +32475123456 already exists");
    expect((await create({ id: "u2", email: "two@example.com", mobilePhone: "+32475123456" })).status).toBe(
      200,
    );
    expect((await create({ id: "u3", email: "ONE@example.com" })).status).toBe(200);
  });

  test("tell rights where lists and filters are asked to, and are found by filters", async () => {
    await create({ id: "boss", name: "Ada Petrova", email: "ada@example.com" }, "/user/admin/inGroup/ic-app");
    await create({ id: "clerk", email: "clerk@example.com", healthcarePartyId: "h1" });
    expect((await call("GET", "/user/inGroup/ic-app/boss")).body).not.toHaveProperty("systemMetadata");
    const rows = async (method: string, path: string, body?: Json) =>
      (await call(method, path, body === undefined ? {} : { body })).body.rows as Json[];
    const flag = "includeMetadataFromGlobalUser=true";
    expect((await rows("GET", `/user/inGroup/ic-app?${flag}`))[0]).toMatchObject({
      id: "boss",
      systemMetadata: { isAdmin: true },
    });
    expect((await rows("GET", "/user/inGroup/ic-app"))[0]).not.toHaveProperty("systemMetadata");
    for (const [filter, ids] of [
      [{ $type: "AllUsersFilter" }, ["boss", "clerk"]],
      [{ $type: "UserByIdsFilter", ids: ["boss", "none"] }, ["boss"]],
      [{ $type: "UserByNameEmailPhoneFilter", searchString: "petrova" }, ["boss"]],
      [{ $type: "UserByHealthcarePartyIdFilter", healthcarePartyId: "h1" }, ["clerk"]],
      [{ $type: "UsersByPatientIdFilter", patientId: "p1" }, []],
    ] as const) {
      expect((await call("POST", "/user/match/inGroup/ic-app", { body: filter })).body).toEqual(ids);
      const found = await rows("POST", `/user/filter/inGroup/ic-app?${flag}`, { filter });
      expect(found.map(({ id }) => id)).toEqual(ids);
      expect(found.every(({ systemMetadata }) => systemMetadata !== undefined)).toBe(true);
    }
    expect((await call("POST", "/user/match/inGroup/ic-app", { body: { $type: "None" } })).status).toBe(400);
  });

  test("have identifiers of other systems, one of each", async () => {
    await create({ id: "u1", login: "one" });
    const path = "/user/u1/inGroup/ic-app/identifiers";
    const azure = { assigner: "azure", value: "a1" };
    expect((await call("PUT", path, { body: azure })).body).toBe(true);
    expect((await call("PUT", path, { body: { ...azure, value: "a2" } })).status).toBe(409);
    expect(
      (await call("PUT", `${path}?replaceExisting=true`, { body: { ...azure, value: "a2" } })).status,
    ).toBe(200);
    const all = { filter: { $type: "AllUsersFilter" } };
    const found = async () =>
      (await call("POST", "/user/filter/inGroup/ic-app?includeMetadataFromGlobalUser=true", { body: all }))
        .body;
    expect(await found()).toMatchObject({
      rows: [{ systemMetadata: { loginIdentifiers: [{ assigner: "azure", value: "a2" }] } }],
    });
    expect((await call("DELETE", path, { body: azure })).status).toBe(404);
    expect((await call("DELETE", path, { body: { ...azure, value: "a2" } })).status).toBe(200);
    expect((await call("DELETE", path)).status).toBe(400);
  });

  test("change roles, e-mail and phone, by the previous value", async () => {
    await create({ id: "u1", email: "old@example.com" });
    expect(
      (await call("POST", "/user/u1/inGroup/ic-app/roles/set", { body: { ids: ["TOPIC_MANAGER"] } })).body,
    ).toMatchObject({
      roles: ["TOPIC_MANAGER"],
      systemMetadata: { roles: ["TOPIC_MANAGER"], inheritsRoles: false },
    });
    expect((await call("POST", "/user/u1/inGroup/ic-app/roles/reset")).body).toMatchObject({
      systemMetadata: { inheritsRoles: true },
    });
    const email = (query: string) => call("PUT", `/user/u1/inGroup/ic-app/email?${query}`);
    expect((await email("newEmail=new@example.com&previousEmail=other@example.com")).status).toBe(409);
    expect((await email("newEmail=new@example.com&previousEmail=old@example.com")).body).toMatchObject({
      email: "new@example.com",
    });
    expect(
      (await call("PUT", "/user/u1/inGroup/ic-app/mobilePhone?newMobilePhone=0475123456")).body,
    ).toMatchObject({ mobilePhone: "0475123456" });
  });
});

describe("users of one's own group", () => {
  test("have the shorter paths", async () => {
    const { body: user } = await create(
      { id: "u1", email: "u1@example.com", mobilePhone: "0475123456", healthcarePartyId: "h1" },
      "/user",
    );
    expect((await call("GET", "/user/u1")).body).toEqual(user);
    expect((await call("GET", "/user/byEmail/u1%40example.com")).body).toMatchObject({ id: "u1" });
    expect((await call("GET", "/user/byPhoneNumber/0475123456")).body).toMatchObject({ id: "u1" });
    expect((await call("GET", "/user/byHealthcarePartyId/h1")).body).toEqual(["u1"]);
    expect((await call("POST", "/user/byIds", { body: { ids: ["u1"] } })).body).toMatchObject([{ id: "u1" }]);
    expect((await call("PUT", "/user", { body: { ...user, name: "N" } })).body).toMatchObject({ name: "N" });
    expect((await call("GET", "/user")).body).toMatchObject({ rows: [{}, { id: "u1", name: "N" }] });
    expect((await call("DELETE", "/user/u1")).status).toBe(200);
    expect((await call("GET", "/user/u1")).status).toBe(404);
    expect((await create({ login: "second" }, "/user/admin")).body).toMatchObject({
      systemMetadata: { isAdmin: true },
    });
  });

  test("get tokens in every group where they are known", async () => {
    await create({ id: "here", email: "petra@petra-corp.example" });
    const { body } = await call(
      "POST",
      "/user/inAllGroups/token/petra%40petra-corp.example/ci?tokenValidity=-1",
    );
    expect(body).toMatchObject([
      { groupId: "ic-app", groupName: "App" },
      { groupId: emulator.environmentId },
    ]);
  });
});

describe("administrators of an environment", () => {
  test("may be several, and the last one stays", async () => {
    const environment = emulator.environmentId;
    const first = (await call("GET", "/user/current")).body;
    const [path, id] = [`/user/inGroup/${environment}`, String(first.id)];
    const rev = (user: Json) => `?rev=${String(user.rev)}`;
    const refused = [
      await call("DELETE", `${path}/${id}${rev(first)}`),
      await call("DELETE", `${path}/purge/${id}${rev(first)}`),
      await call("DELETE", `/user/${id}`),
      await call("PUT", path, { body: { ...first, status: "DISABLED" } }),
    ];
    for (const answer of refused) {
      expect(answer).toMatchObject({
        status: 403,
        body: { message: expect.stringContaining("last administrator") as string },
      });
    }

    const second = await create(
      { id: "second", email: "second@example.com", passwordHash: "a-long-password" },
      `/user/admin/inGroup/${environment}`,
    );
    expect(second.body).toMatchObject({ systemMetadata: { isAdmin: true } });
    const as = basic("second@example.com", "a-long-password");
    await create({ id: "member", login: "member" }, "/user");
    expect((await call("DELETE", `${path}/${id}${rev(first)}`, { as })).status).toBe(200);
    expect((await call("DELETE", `${path}/second${rev(second.body)}`, { as })).status).toBe(403);
  });

  test("may be removed to the last in a project", async () => {
    const { body } = await create({ id: "boss", login: "boss" }, "/user/admin/inGroup/ic-app");
    expect((await call("DELETE", `/user/inGroup/ic-app/boss?rev=${String(body.rev)}`)).status).toBe(200);
  });
});
