import fc from "fast-check";
import { startEmulator, type Emulator } from "..";
import { basic, wire, type Json } from "../../tests/clients/wire";

const environments = ["ic-one", "ic-two"].map((id) => ({
  id,
  name: `Environment ${id}`,
  administrators: [{ login: `${id}-admin`, password: `${id}-password` }],
}));
const asOther = basic("ic-two-admin", "ic-two-password");

let emulator: Emulator;
let ahead = 0;
let call: ReturnType<typeof wire>["call"];

beforeEach(async () => {
  emulator = await startEmulator({ seed: { environments }, now: () => Date.now() + ahead });
  ({ call } = wire(emulator));
});
afterEach(() => emulator.close());

const app = (id: string, query = "") => call("POST", `/group/${id}/application?name=${id}${query}`);
const database = (id: string, parent: string, query = "") =>
  call("POST", `/group/${id}/database?name=${id}&superGroup=${parent}${query}`);
const group = async (id: string) => (await call("GET", `/group/${id}`)).body;
const idsOf = (rows: unknown) => (rows as Json[]).map(({ id }) => id);

describe("creating", () => {
  test("makes a solution and a database with what the document says and defaults for the rest", async () => {
    expect((await app("ic-app", "&applicationId=com.example.petra&minimumKrakenVersion=2.0.0")).body).toEqual(
      {
        id: "ic-app",
        rev: expect.stringMatching(/^1-[0-9a-f]{32}$/) as string,
        name: "ic-app",
        tags: [{ id: "IC-GROUP|app|1.0", type: "IC-GROUP", code: "app", version: "1.0" }],
        servers: ["europe-west-02"],
        superAdmin: false,
        properties: [],
        defaultUserRoles: {},
        operationTokens: {},
        sharedEntities: {},
        minimumKrakenVersion: "2.0.0",
        minimumAuthenticationClassForElevatedPrivileges: "PASSWORD",
        superGroup: "ic-one",
        applicationId: "com.example.petra",
      },
    );
    expect((await database("ic-db", "ic-app", "&server=europe-north-01&q=4&n=2")).body).toMatchObject({
      tags: [{ code: "database" }],
      servers: ["europe-north-01"],
      superGroup: "ic-app",
    });
    // Nothing published says that a child inherits it.
    expect(await group("ic-db")).not.toHaveProperty("applicationId");
    expect((await call("POST", "/group/storage/info", { body: { ids: ["ic-db"] } })).body).toMatchObject([
      {
        groupId: "ic-db",
        databasesInfo: [
          { q: 4, n: 2 },
          { q: 4, n: 2 },
          { q: 4, n: 2 },
        ],
        gcpStorageSize: 0,
      },
    ]);
  });

  test("makes a group of any type with its password and first users, and answers no password", async () => {
    const body = { users: [{ id: "first", email: "first@example.com" }], healthcareParties: null };
    const created = await call("POST", "/group/ic-full?name=Full&type=database&superGroup=ic-one", {
      body,
      headers: { password: "a-password" },
    });
    expect(created).toMatchObject({ status: 200, body: { id: "ic-full", name: "Full" } });
    expect(created.body).not.toHaveProperty("password");
    expect((await call("GET", "/user/inGroup/ic-full")).body).toMatchObject({
      rows: [{ id: "first", login: "first@example.com" }],
    });
    expect((await call("POST", "/group/ic-bare?name=x", { body: {} })).status).toBe(400);
    expect(
      (await call("POST", "/group/ic-bare?name=x", { body: {}, headers: { password: "not allowed!" } }))
        .status,
    ).toBe(400);
  });

  test.each([
    ["an id with other characters", () => app("ic%20app"), 400],
    ["no name", () => call("POST", "/group/ic-x/application"), 400],
    ["a server that isn't there", () => app("ic-x", "&server=mars-01"), 400],
    ["text for shards", () => app("ic-x", "&q=many"), 400],
    ["a parent that isn't there", () => database("ic-x", "ic-nowhere"), 404],
    ["a parent in another environment", () => database("ic-x", "ic-two"), 403],
    ["a taken id", () => app("ic-two"), 409],
    [
      "an environment",
      () => call("POST", "/group/ic-x?name=x&type=root", { headers: { password: "p" } }),
      403,
    ],
  ])("refuses %s", async (_what, attempt, status) => {
    expect(await attempt()).toMatchObject({ status, body: { message: expect.any(String) as string } });
    expect(emulator.groups()).toHaveLength(2);
  });

  test("names the server that it doesn't know", async () => {
    expect((await app("ic-x", "&server=mars-01")).body.message).toContain("mars-01");
  });

  test("holds the quotas of the environment with 402", async () => {
    const quota = (level: number, integerValue: number) => ({
      type: { identifier: `com.icure.dbs.quota.${level}`, type: "INTEGER" },
      typedValue: { type: "INTEGER", integerValue },
    });
    await call("PUT", "/group/ic-one/properties", { body: { properties: [quota(1, 1), quota(2, 2)] } });
    expect((await app("ic-a")).status).toBe(200);
    expect((await app("ic-b")).status).toBe(402);
    expect((await database("ic-a1", "ic-a")).status).toBe(200);
    expect((await database("ic-a2", "ic-a")).status).toBe(200);
    expect((await database("ic-a3", "ic-a")).status).toBe(402);
    await call("DELETE", "/group/ic-a2");
    expect((await database("ic-a3", "ic-a")).status).toBe(200);
  });

  test("registers an environment whose token logs in", async () => {
    const body = {
      emailAddress: "new@example.com",
      companyName: "New & Co",
      firstName: "N",
      userRoles: [],
      cluster: "europe-west-03",
    };
    const registered = await call("POST", "/group/register/trial", { as: false, body });
    const { groupId, userId, token } = registered.body as Record<string, string>;
    expect(groupId).toMatch(/^ic-newco-/);
    const as = basic("new@example.com", token ?? "");
    expect((await call("GET", "/user/current", { as })).body).toMatchObject({
      id: userId,
      groupId,
      systemMetadata: { isAdmin: true },
    });
    expect((await call("GET", `/group/${groupId}`, { as })).body).toMatchObject({
      servers: ["europe-west-03"],
      tags: [{ code: "root" }],
    });
    expect(
      (await call("POST", "/group/register/trial", { as: false, body: { ...body, cluster: "x" } })).status,
    ).toBe(400);
  });
});

describe("reading", () => {
  beforeEach(async () => {
    await app("ic-app");
    await database("ic-db", "ic-app");
    await call("PUT", "/group/ic-db/properties", {
      body: {
        properties: [
          {
            type: { identifier: "region", type: "STRING" },
            typedValue: { type: "STRING", stringValue: "Bayern" },
          },
        ],
      },
    });
  });

  test("lists, finds and climbs", async () => {
    expect(idsOf((await call("GET", "/group")).body)).toEqual(["ic-one", "ic-app", "ic-db"]);
    expect(idsOf((await call("GET", "/group/apps")).body)).toEqual(["ic-app"]);
    expect((await call("GET", "/group/all")).body).toMatchObject([
      { id: "ic-one", rev: expect.any(String) as string },
      {},
      {},
    ]);
    expect(
      idsOf(
        (await call("POST", "/group/byIds", { body: { ids: ["ic-db", "nope", "ic-two", "ic-app"] } })).body,
      ),
    ).toEqual(["ic-db", "ic-app"]);
    expect((await call("GET", "/group/ic-db/parent/name")).text).toBe("ic-app");
    expect((await call("GET", "/group/ic-db/hierarchy")).body).toEqual(["ic-one", "ic-app", "ic-db"]);
    expect((await call("GET", "/group/ic-db/r")).body).toEqual({ active: false, running: false });
    expect((await call("POST", "/group/ic-db/conflicts")).body).toEqual([]);
    expect((await call("POST", "/group/ic-db/reset/storage?q=5", { body: { ids: [] } })).status).toBe(200);
    expect((await call("PUT", "/group/ic-db/dd?clazz=org.example.Patient")).body).toMatchObject([
      { id: "_design/Patient" },
    ]);
  });

  test.each(["ic-d", "reg", "Bay"])(
    "searches children by the beginning %s of id, name, property and value",
    async (searchString) => {
      expect(
        idsOf((await call("GET", `/group/ic-app/children/search?searchString=${searchString}`)).body.rows),
      ).toEqual(["ic-db"]);
      const filter = { $type: "GroupWithContentFilter", superGroupId: "ic-app", searchString };
      expect((await call("POST", "/group/match", { body: filter })).body).toEqual(["ic-db"]);
    },
  );

  test("matches by filters and their combinations", async () => {
    const all = { $type: "AllGroupsFilter" };
    const below = (superGroupId: string) => ({ $type: "GroupBySuperGroupFilter", superGroupId });
    const match = async (body: unknown) => (await call("POST", "/group/match", { body })).body;
    expect(await match(all)).toEqual(["ic-one", "ic-app", "ic-db"]);
    expect(await match(below("ic-app"))).toEqual(["ic-db"]);
    expect(await match({ $type: "UnionFilter", filters: [below("ic-one"), below("ic-app")] })).toEqual([
      "ic-app",
      "ic-db",
    ]);
    expect(await match({ $type: "IntersectionFilter", filters: [all, below("ic-app")] })).toEqual(["ic-db"]);
    expect(await match({ $type: "ComplementFilter", superSet: all, subset: below("ic-app") })).toEqual([
      "ic-one",
      "ic-app",
    ]);
    expect((await call("POST", "/group/match", { body: { $type: "NoFilter" } })).status).toBe(400);
  });

  test("ignores unknown parameters, answers 404 for what isn't there, in both versions of the API", async () => {
    const { send } = wire(emulator);
    expect((await send("GET", "/rest/v1/group/ic-app?ts=123&nonsense=1")).body).toMatchObject({
      id: "ic-app",
    });
    expect((await send("GET", "/rest/v2/icure/v", { as: false })).text).toMatch(/^\d+\.\d+\.\d+$/);
    for (const path of ["ok", "p"]) {
      expect((await send("GET", `/rest/v2/icure/${path}`, { as: false })).status).toBe(200);
    }
    for (const path of ["/rest/v2/groups", "/rest/v3/group", "/rest/v2/group/ic-app/nothing"]) {
      expect(await send("GET", path)).toMatchObject({
        status: 404,
        body: { message: expect.any(String) as string },
      });
    }
    expect((await call("GET", "/group/ic-app", { as: asOther })).status).toBe(403);
    expect((await call("GET", "/group/ic-nope", { as: asOther })).status).toBe(404);
  });
});

describe("changing", () => {
  beforeEach(() => app("ic-app"));

  test("takes any name as one path segment and counts the revision up", async () => {
    const segment = fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 });
    const name = segment.filter((text) => text.trim() !== "" && text !== "." && text !== "..");
    await fc.assert(
      fc.asyncProperty(name, async (wanted) => {
        const { status, body } = await call("PUT", `/group/ic-app/name/${encodeURIComponent(wanted)}`);
        expect([status, body.name]).toEqual([200, wanted]);
        expect((await group("ic-app")).name).toBe(wanted);
      }),
      { numRuns: 60, examples: [["Petra/Söhne"], ["100% 🐕"], ["%2F"], ["a?b#c&d=e+f"], ["\\"]] },
    );
    expect(Number.parseInt(String((await group("ic-app")).rev), 10)).toBeGreaterThan(60);
    expect((await call("PUT", "/group/ic-app/name/%20")).status).toBe(400);
  });

  test("replaces the whole set of properties and checks each by its type", async () => {
    const property = (identifier: string, type: string, value: Json) => ({
      type: { identifier, type },
      typedValue: { type, ...value },
    });
    const put = (...properties: unknown[]) =>
      call("PUT", "/group/ic-app/properties", { body: { properties } });
    const good = [
      property("a", "BOOLEAN", { booleanValue: false }),
      property("b", "INTEGER", { integerValue: 9_007_199_254_740_991 }),
      property("c", "DOUBLE", { doubleValue: 1.5 }),
      property("d", "STRING", { stringValue: "" }),
      property("e", "DATE", { dateValue: 1_700_000_000_000 }),
      property("f", "CLOB", { stringValue: "long" }),
      property("g", "JSON", { stringValue: "{}" }),
    ];
    expect((await put(...good)).body.properties).toEqual(good);
    for (const wrong of [
      property("a", "BOOLEAN", { stringValue: "true" }),
      property("a", "INTEGER", { integerValue: 1.5 }),
      property("a", "STRING", { stringValue: 1 }),
      property("a", "MONEY", {}),
      { type: { identifier: "a", type: "STRING" }, typedValue: { type: "INTEGER", integerValue: 1 } },
    ]) {
      expect((await put(wrong)).status).toBe(400);
    }
    expect((await group("ic-app")).properties).toEqual(good);
    expect(
      (await put(property("h", "STRING", { stringValue: "only", integerValue: null }))).body.properties,
    ).toHaveLength(1);
  });

  test("sets and clears the application id, below too where asked", async () => {
    await database("ic-db", "ic-app");
    await call("PUT", "/group/ic-app/applicationId/com.example.one");
    expect((await group("ic-db")).applicationId).toBeUndefined();
    await call("PUT", "/group/ic-app/applicationId/com.example.two?applyToSubGroups=true");
    expect((await group("ic-db")).applicationId).toBe("com.example.two");
    await call("DELETE", "/group/ic-app/applicationId");
    expect([(await group("ic-app")).applicationId, (await group("ic-db")).applicationId]).toEqual([
      undefined,
      "com.example.two",
    ]);
    await call("PUT", "/group/ic-one/applicationId/com.example.all?applyToSubGroups=true");
    expect([(await group("ic-app")).applicationId, (await group("ic-db")).applicationId]).toEqual([
      "com.example.all",
      "com.example.all",
    ]);
    await call("DELETE", "/group/ic-one/applicationId?applyToSubGroups=true");
    expect(await group("ic-db")).not.toHaveProperty("applicationId");
  });

  test("adds and removes tags by the current revision only", async () => {
    const { rev } = await group("ic-app");
    const body = { type: "MODEL", code: "multi", version: "1" };
    expect((await call("PUT", "/group/ic-app/tag", { body })).status).toBe(400);
    expect((await call("PUT", "/group/ic-app/tag?rev=1-old", { body })).status).toBe(409);
    const tagged = await call("PUT", `/group/ic-app/tag?rev=${String(rev)}`, { body });
    expect(tagged.body.tags).toContainEqual({ id: "MODEL|multi|1", ...body });
    const remove = (revision: unknown, tag = "MODEL|multi|1") =>
      call("DELETE", `/group/ic-app/tag/${encodeURIComponent(tag)}?rev=${String(revision)}`);
    expect((await remove(rev)).status).toBe(409);
    expect((await remove(tagged.body.rev, "none")).status).toBe(404);
    expect((await remove(tagged.body.rev)).body.tags).toHaveLength(1);
  });

  test("sets the password by header, default roles and external tokens' rules", async () => {
    expect((await call("PUT", "/group/ic-app/password")).status).toBe(400);
    expect((await call("PUT", "/group/ic-app/password", { headers: { password: "new-one" } })).status).toBe(
      200,
    );
    expect(
      (await call("POST", "/group/ic-app/defaultRoles?userType=CAT", { body: { ids: [] } })).status,
    ).toBe(400);
    await call("POST", "/group/ic-app/defaultRoles?userType=HCP", {
      body: { ids: ["BASIC_USER", "TOPIC_MANAGER"] },
    });
    await database("ic-db", "ic-app");
    expect((await call("GET", "/group/ic-db/defaultRoles")).body).toMatchObject({
      HCP: [{ source: "INHERITED", roles: ["BASIC_USER", "TOPIC_MANAGER"] }],
      USER: [{ source: "DEFAULT" }],
    });
    const config = {
      validationMethod: { type: "Oidc", issuerLocation: "https://issuer.example" },
      fieldSelector: { type: "Email", fieldName: "email" },
      authenticationClass: "EXTERNAL_AUTHENTICATION",
    };
    expect(
      (await call("PUT", "/group/ic-app/externalJwtConfig/main", { body: config })).body.externalJwtConfig,
    ).toEqual({
      main: {
        validationMethod: { type: "Oidc", issureLocation: "https://issuer.example" },
        fieldSelector: config.fieldSelector,
      },
    });
    const wrong = { ...config, fieldSelector: { type: "Identifier", fieldName: "x" } };
    expect((await call("PUT", "/group/ic-app/externalJwtConfig/main", { body: wrong })).status).toBe(400);
    expect((await call("DELETE", "/group/ic-app/externalJwtConfig/main")).body).not.toHaveProperty(
      "externalJwtConfig",
    );
    expect((await call("DELETE", "/group/ic-app/externalJwtConfig/main")).status).toBe(404);
  });

  test("adds and removes schema versions of children", async () => {
    await database("ic-db", "ic-app");
    const body = { ids: ["ic-db"] };
    expect((await call("POST", "/group/schema/ic-app/add/3", { body })).body).toMatchObject([
      { designDocSchemaVersions: [3] },
    ]);
    await call("POST", "/group/schema/ic-app/add/2", { body });
    expect((await call("GET", "/group/ic-app/schemaVersions")).body).toEqual([2, 3]);
    expect((await call("POST", "/group/ic-app/defaultSchemaVersion?schemaVersion=3")).body).toMatchObject({
      defaultChildrenSchemaVersion: 3,
    });
    expect((await call("POST", "/group/schema/ic-app/remove/3", { body })).status).toBe(400);
    expect((await call("POST", "/group/schema/ic-app/remove/3?force=false", { body })).status).toBe(409);
    expect((await call("POST", "/group/schema/ic-app/remove/3?force=true", { body })).body).toMatchObject([
      { designDocSchemaVersions: [2] },
    ]);
  });

  test("refuses malformed bodies and other people's groups, and changes nothing then", async () => {
    const before = await group("ic-app");
    expect((await call("PUT", "/group/ic-app/properties", { body: "{" })).status).toBe(400);
    expect(
      (
        await call("PUT", "/group/ic-app/properties", {
          body: "{}",
          headers: { "Content-Type": "text/plain" },
        })
      ).status,
    ).toBe(415);
    expect((await call("PUT", "/group/ic-app/name/Mine", { as: asOther })).status).toBe(403);
    expect(await group("ic-app")).toEqual(before);
  });
});

describe("deleting", () => {
  beforeEach(async () => {
    await app("ic-app");
    await database("ic-db", "ic-app");
  });

  test("softly leaves a tombstone that only its id finds, for the children too, and keeps the id", async () => {
    expect((await call("DELETE", "/group/ic-app")).body).toMatchObject({
      id: "ic-app",
      deletionDate: expect.any(Number) as number,
    });
    for (const id of ["ic-app", "ic-db"]) {
      expect(await call("GET", `/group/${id}`)).toMatchObject({
        status: 200,
        body: { deletionDate: expect.any(Number) as number },
      });
    }
    expect(idsOf((await call("GET", "/group")).body)).toEqual(["ic-one"]);
    expect((await call("GET", "/group/ic-one/children")).body).toEqual({ rows: [] });
    expect((await call("POST", "/group/match", { body: { $type: "AllGroupsFilter" } })).body).toEqual([
      "ic-one",
    ]);
    expect((await app("ic-app")).status).toBe(409);
    expect((await call("PUT", "/group/ic-app/name/Again")).status).toBe(404);
    expect((await call("DELETE", "/group/ic-app")).status).toBe(404);
    expect(emulator.groups().map(({ id }) => id)).toContain("ic-db");
  });

  test("hard needs the children gone first and frees the id", async () => {
    expect((await call("DELETE", "/group/hard/ic-app")).status).toBe(409);
    expect((await call("DELETE", "/group/hard/ic-db")).body).toContainEqual({
      type: "group",
      id: "ic-db",
      server: "europe-west-02",
    });
    expect((await call("GET", "/group/ic-db")).status).toBe(404);
    await database("ic-db", "ic-app");
    await call("DELETE", "/group/ic-db");
    expect((await call("DELETE", "/group/hard/ic-app")).status).toBe(200);
    expect(
      emulator
        .groups()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(["ic-one", "ic-two"]);
    expect((await app("ic-app")).status).toBe(200);
  });

  test("refuses one's own environment, others' groups and what isn't there", async () => {
    expect((await call("DELETE", "/group/ic-one")).status).toBe(403);
    expect((await call("DELETE", "/group/hard/ic-one")).status).toBe(403);
    expect((await call("DELETE", "/group/ic-app", { as: asOther })).status).toBe(403);
    expect((await call("DELETE", "/group/ic-nope")).status).toBe(404);
  });
});

describe("paging through children", () => {
  test("shows each once and in order, whatever the page size", async () => {
    await app("ic-app");
    const ids = fc.uniqueArray(fc.stringMatching(/^[A-Za-z0-9_-]{1,12}$/), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(ids, fc.integer({ min: 1, max: 13 }), async (names, limit) => {
        const wanted = names.map((name) => `page-${name}`);
        await Promise.all(wanted.map((id) => database(id, "ic-app")));
        const seen: unknown[] = [];
        for (let start: string | undefined; ;) {
          const from = start === undefined ? "" : `&startDocumentId=${start}`;
          const { rows, nextKeyPair } = (await call("GET", `/group/ic-app/children?limit=${limit}${from}`))
            .body;
          expect((rows as Json[]).length).toBeLessThanOrEqual(limit);
          seen.push(...idsOf(rows));
          if (nextKeyPair === undefined) {
            break;
          }
          start = (nextKeyPair as Record<string, string>).startKeyDocId;
        }
        expect(seen).toEqual([...wanted].sort());
        await Promise.all(wanted.map((id) => call("DELETE", `/group/hard/${id}`)));
      }),
      { numRuns: 25 },
    );
    expect((await call("GET", "/group/ic-app/children?limit=0")).status).toBe(400);
  });

  test("never answers more than the default without a limit", async () => {
    await app("ic-app");
    await Promise.all(Array.from({ length: 101 }, (_, at) => database(`db-${at}`, "ic-app")));
    const { rows, nextKeyPair } = (await call("GET", "/group/ic-app/children")).body;
    expect(rows).toHaveLength(100);
    expect(nextKeyPair).toEqual({ startKey: "db-99", startKeyDocId: "db-99" });
    expect((await call("GET", "/group/ic-app/children?limit=5000")).body.rows).toHaveLength(101);
  });
});

describe("moving to another environment", () => {
  const tokenOf = (query = "", as = asOther) =>
    call("POST", `/group/ic-two/operationToken?operation=TRANSFER_GROUP&duration=60${query}`, { as });
  const move = (token: string, id = "ic-app") =>
    call("POST", `/group/${id}/transfer`, { headers: { "Operation-Token": token } });

  beforeEach(async () => {
    await app("ic-app");
    await database("ic-db", "ic-app");
  });

  test("takes the children along and the token once", async () => {
    const { text: token } = await tokenOf("&description=here");
    const target = emulator.groups().find(({ id }) => id === "ic-two");
    expect(Object.values(target?.operationTokens ?? {})).toMatchObject([
      { operation: "TRANSFER_GROUP", validity: 60, description: "here" },
    ]);
    expect(JSON.stringify(target)).not.toContain(token);
    expect((await move(token)).body).toMatchObject({ id: "ic-app", superGroup: "ic-two" });
    expect((await call("GET", "/group/ic-db")).status).toBe(403);
    expect((await call("GET", "/group/ic-db", { as: asOther })).status).toBe(200);
    await app("ic-second");
    expect((await move(token, "ic-second")).status).toBe(403);
  });

  test("refuses what is wrong, and the token stays good", async () => {
    const { text: token } = await tokenOf();
    expect((await move("")).status).toBe(400);
    expect((await move("nonsense")).status).toBe(403);
    expect((await move(token, "ic-nope")).status).toBe(404);
    expect(
      (await call("POST", "/group/ic-app/transfer", { as: asOther, headers: { "Operation-Token": token } }))
        .status,
    ).toBe(403);
    const own = await call("POST", "/group/operationToken?operation=TRANSFER_GROUP");
    expect((await move(own.text)).status).toBe(409);
    const inside = await call("POST", "/group/ic-app/operationToken?operation=TRANSFER_GROUP");
    expect((await move(inside.text)).status).toBe(400);
    expect((await move(token)).status).toBe(200);
  });

  test("refuses tokens that expired or were taken back, and other operations", async () => {
    const { text: expired } = await tokenOf();
    ahead = 61_000;
    expect((await move(expired)).status).toBe(403);
    ahead = 0;
    const withdrawn = await call("POST", "/group/operationToken?operation=TRANSFER_GROUP", { as: asOther });
    const ids = Object.keys(emulator.groups().find(({ id }) => id === "ic-two")?.operationTokens ?? {});
    for (const id of ids) {
      expect((await call("DELETE", `/group/operationToken/${id}`, { as: asOther })).status).toBe(200);
    }
    expect((await call("DELETE", "/group/operationToken/none", { as: asOther })).status).toBe(404);
    expect((await move(withdrawn.text)).status).toBe(403);
    expect((await call("POST", "/group/operationToken?operation=DELETE_ALL")).status).toBe(400);
  });
});

test("can be told to answer the open questions the other way", async () => {
  const other = await startEmulator({
    seed: { environments, assumptions: { foreignGroup: 404, deletedGroup: "absent", properties: "merge" } },
  });
  try {
    const there = wire(other);
    await there.call("POST", "/group/ic-app/application?name=x");
    expect((await there.call("GET", "/group/ic-app", { as: asOther })).status).toBe(404);
    const put = (identifier: string) =>
      there.call("PUT", "/group/ic-app/properties", {
        body: { properties: [{ type: { identifier, type: "STRING" } }] },
      });
    await put("a");
    expect((await put("b")).body.properties).toHaveLength(2);
    await there.call("DELETE", "/group/ic-app");
    expect((await there.call("GET", "/group/ic-app")).status).toBe(404);
    expect((await there.call("POST", "/group/ic-app/application?name=x")).status).toBe(409);
  } finally {
    await other.close();
  }
});
