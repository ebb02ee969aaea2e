import { inspect } from "node:util";
import { type Bench, bench, failure, type Reply, type Seen } from "../../tests/support/api-server";
import type { NewUser, User, Users } from "./users";

const storedDocument = {
  id: "u1",
  rev: "1-a",
  groupId: "d1",
  name: "Ada",
  login: "ada@example.com",
  email: "ada@example.com",
  mobilePhone: null,
  status: "ACTIVE",
  healthcarePartyId: "h1",
  passwordHash: "*",
  authenticationTokens: {
    deploy: { creationTime: 1000, validity: -1, token: "canary" },
    ci: { creationTime: 2000, validity: 3600 },
    old: { creationTime: 1, validity: 1, deletionDate: 9 },
  },
  autoDelegations: { all: ["h1"] },
  systemMetadata: { isAdmin: true, roles: [], inheritsRoles: true },
  futureField: 1,
};
const collectionRoute = "/user/inGroup/d1";
const adminRoute = "POST /user/admin/inGroup/d1";
const [POST, PUT, LIST] = [`POST ${collectionRoute}`, `PUT ${collectionRoute}`, `GET ${collectionRoute}`];
const [GET, DELETE] = [`GET ${collectionRoute}/u1`, `DELETE ${collectionRoute}/u1`];
const filterRoute = "POST /user/filter/inGroup/d1";
const tokenRoute = "POST /user/inGroup/d1/token/u1/deploy";
const lostAnswer: Reply = { hangUp: "unanswered" };
const absentAnswer = { status: 404, json: { message: "not found" } };
const userAsked: NewUser = { id: "u1", name: "Ada", email: "ada@example.com", healthcarePartyId: "h1" };

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

const users = () => b.connect().users;
const read = async (): Promise<User> => {
  b.server.on(GET, { json: storedDocument });
  const found = await users().get("d1", "u1");
  if (!found) {
    throw new Error("no user");
  }
  return found;
};
const bodyOf = (seen: Seen | undefined) => seen?.body as Record<string, unknown>;

test("a user is read with the life of its tokens, and no secret", async () => {
  const user = await read();
  expect(user).toMatchObject({
    id: "u1",
    rev: "1-a",
    groupId: "d1",
    name: "Ada",
    email: "ada@example.com",
    status: "ACTIVE",
    healthcarePartyId: "h1",
    isAdministrator: true,
  });
  expect(user.authenticationTokens).toEqual({
    deploy: { creationTime: 1000, validity: -1 },
    ci: { creationTime: 2000, validity: 3600 },
  });
  expect(inspect(user, { depth: 9, showHidden: true }) + JSON.stringify(user)).not.toMatch(
    /canary|\*|futureField/,
  );
});

test("an absent user is nothing; one that does not tell is no known administrator", async () => {
  b.server.on(GET, absentAnswer, { json: { id: "u1" } });
  expect(await users().get("d1", "u1")).toBeUndefined();
  expect(await users().get("d1", "u1")).not.toHaveProperty("isAdministrator");
});

test("rights are asked of a filter, because a single read has no flag for them", async () => {
  b.server
    .on(filterRoute, { json: { rows: [storedDocument] } }, { json: { rows: [] } }, absentAnswer)
    .on(GET, { json: storedDocument }, absentAnswer);
  expect(await users().withRights("d1", "u1")).toMatchObject({ id: "u1", isAdministrator: true });
  expect(b.server.log).toEqual([filterRoute]);
  expect(b.server.seen(filterRoute)[0]).toMatchObject({
    query: { limit: "200", includeMetadataFromGlobalUser: "true" },
    body: { filter: { $type: "UserByIdsFilter", ids: ["u1"] } },
  });
  // A filter that finds nothing, or isn't known, is no absence.
  expect(await users().withRights("d1", "u1")).toMatchObject({ id: "u1" });
  expect(await users().withRights("d1", "u1")).toBeUndefined();
  expect(b.server.seen(GET)[0]?.query).toEqual({});
});

test.each([
  [{ text: "ada@example.com" }, { $type: "UserByNameEmailPhoneFilter", searchString: "ada@example.com" }],
  [{ healthcarePartyId: "h1" }, { $type: "UserByHealthcarePartyIdFilter", healthcarePartyId: "h1" }],
])("users are found by %j, page by page", async (filter, sent) => {
  const next = { startKey: null, startKeyDocId: "u2" };
  b.server.on(
    filterRoute,
    { json: { rows: [storedDocument], nextKeyPair: next } },
    { json: { rows: [{ id: "u2" }] } },
  );
  expect((await users().find("d1", filter)).map(({ id }) => id)).toEqual(["u1", "u2"]);
  expect(b.server.seen(filterRoute)[1]).toMatchObject({
    query: { startDocumentId: "u2" },
    body: { filter: sent },
  });
});

test.each<[string, (found: Users) => Promise<unknown>]>([
  [filterRoute, (found) => found.find("d1", { ids: ["u1"] })],
  [LIST, (found) => found.list("d1")],
])("all pages of %s share one time", async (route, list) => {
  const slow = (reply: Reply) => () => {
    b.clock.time += 70_000;
    return reply;
  };
  const next = { startKey: null, startKeyDocId: "u2" };
  b.server.on(route, slow({ json: { rows: [storedDocument], nextKeyPair: next } }), slow({ status: 503 }));
  const listed = list(b.connect({}, { deadlineMs: 120_000 }).users);
  expect(await failure(listed)).toMatchObject({ code: "server-error" });
  expect(b.server.seen(route)).toHaveLength(2);
});

test("all pages of users are read", async () => {
  const next = { startKey: ["k"], startKeyDocId: "u2" };
  b.server.on(
    LIST,
    { json: { rows: [storedDocument], nextKeyPair: next } },
    { json: { rows: [{ id: "u2" }] } },
  );
  expect((await users().list("d1")).map(({ id }) => id)).toEqual(["u1", "u2"]);
  expect(b.server.seen(LIST)[1]?.query).toEqual({
    limit: "200",
    includeMetadataFromGlobalUser: "true",
    startKey: '["k"]',
    startDocumentId: "u2",
  });
});

describe("updating", () => {
  test("changes what is changed, and sends masked secrets back as they came", async () => {
    const user = await read();
    b.server.on(PUT, { json: { ...storedDocument, rev: "2-b" } });
    await users().update("d1", { ...user, name: "Countess", mobilePhone: "+32470" });
    expect(b.server.seen(PUT)[0]?.body).toEqual({
      ...storedDocument,
      name: "Countess",
      mobilePhone: "+32470",
    });
  });

  test.each<[string, Reply]>([
    ["a lost connection", lostAnswer],
    ["a cut answer", { hangUp: "mid-body", json: storedDocument }],
    ["500", { status: 500 }],
  ])("after %s, one that happened is a success", async (_, unclear) => {
    const user = await read();
    b.server.on(PUT, unclear).on(GET, { json: { ...storedDocument, rev: "2-b", name: "Countess" } });
    expect(await users().update("d1", { ...user, name: "Countess" })).toMatchObject({ rev: "2-b" });
    expect(b.server.log).toEqual([GET, PUT, GET]);
  });

  test("[F25] an old revision is a conflict, without a field", async () => {
    const user = await read();
    b.server.on(PUT, { status: 409, json: { message: "rev" } });
    const error = await failure(users().update("d1", user));
    expect([error.code, error.field]).toEqual(["conflict", undefined]);
  });

  test("a duplicate is a conflict that names the field", async () => {
    const user = await read();
    b.server.on(PUT, { status: 400, json: { message: "A user with Phone +32470 already exists" } });
    const error = await failure(users().update("d1", { ...user, mobilePhone: "+32470" }));
    expect(error).toMatchObject({ code: "conflict", field: "mobilePhone" });
  });
});

describe.each<[string, string, (user: NewUser) => Promise<unknown>]>([
  ["a user", POST, (user) => users().create("d1", user)],
  ["an administrator", adminRoute, (user) => users().createAdministrator("d1", user)],
])("creating %s", (_, route, create) => {
  /** Only a filter tells whether an administrator is one. */
  const lookUp = route === adminRoute ? filterRoute : GET;
  const finds = (...replies: (Reply & { json: object })[]) => {
    const found = replies.map(({ status, json }) => ({ json: { rows: status === 404 ? [] : [json] } }));
    return lookUp === filterRoute
      ? b.server.on(filterRoute, ...found).on(GET, absentAnswer)
      : b.server.on(GET, ...replies);
  };
  const missing = lookUp === filterRoute ? [filterRoute, GET] : [GET];

  test("sends it once", async () => {
    b.server.on(route, { json: storedDocument });
    expect(await create(userAsked)).toMatchObject({ rev: "1-a" });
    expect(b.server.log).toEqual([route]);
    expect(b.server.seen(route)[0]?.body).toEqual(userAsked);
  });

  test.each<[number, string, string]>([
    [400, "A user with Email ada@example.com already exists", "email"],
    [400, "A user with Login ada already exists", "login"],
    [409, "User with email ada@example.com already exists", "email"],
    [400, "A user with Phone +32470 already exists", "mobilePhone"],
  ])("%d %j is a conflict that names the field", async (status, message, field) => {
    b.server.on(route, { status, json: { message } });
    expect(await failure(create(userAsked))).toMatchObject({ code: "conflict", status, field });
    expect(b.server.log).toEqual([route]);
  });

  test("an id that exists is a conflict, any other refusal is none", async () => {
    b.server.on(
      route,
      { status: 409, json: { message: "exists" } },
      { status: 400, json: { message: "no" } },
    );
    const error = await failure(create(userAsked));
    expect([error.code, error.field]).toEqual(["conflict", undefined]);
    expect(await failure(create(userAsked))).toMatchObject({ code: "rejected" });
  });

  describe.each<[string, Reply]>([
    ["a lost connection", lostAnswer],
    ["a cut answer", { hangUp: "mid-body", json: storedDocument }],
    ["502", { status: 502 }],
  ])("after %s", (_unclear, unclear) => {
    test("one that is there is taken", async () => {
      b.server.on(route, unclear);
      finds({ json: storedDocument });
      expect(await create(userAsked)).toMatchObject({ rev: "1-a" });
      expect(b.server.log).toEqual([route, lookUp]);
    });

    test("an absent one is asked for again, and the first one's trace is no conflict", async () => {
      const duplicate = {
        status: 400,
        json: { message: "A user with Email ada@example.com already exists" },
      };
      b.server.on(route, unclear, duplicate);
      finds(absentAnswer, { json: storedDocument });
      expect(await create(userAsked)).toMatchObject({ rev: "1-a" });
      expect(b.server.log).toEqual([route, ...missing, route, lookUp]);
    });
  });

  test("a duplicate of another user, found after a lost answer, still names the field", async () => {
    const duplicate = { status: 400, json: { message: "A user with Email ada@example.com already exists" } };
    b.server.on(route, lostAnswer, duplicate);
    finds(absentAnswer);
    expect(await failure(create(userAsked))).toMatchObject({ code: "conflict", field: "email" });
  });

  test.each([
    ["e-mail", { email: "eve@example.com" }],
    ["healthcare party", { healthcarePartyId: "h9" }],
    ["fate", { deletionDate: 7 }],
  ])("one of another %s is not taken", async (_difference, difference) => {
    b.server.on(route, lostAnswer);
    finds({ json: { ...storedDocument, ...difference } });
    expect(await failure(create(userAsked))).toMatchObject({ code: "conflict", existingId: "u1" });
  });
});

test("a user without rights is not taken for an administrator", async () => {
  b.server
    .on(adminRoute, lostAnswer)
    .on(filterRoute, { json: { rows: [{ ...storedDocument, systemMetadata: { isAdmin: false } }] } });
  expect(await failure(users().createAdministrator("d1", userAsked))).toMatchObject({ code: "conflict" });
});

test("an administrator's id may be the server's choice", async () => {
  b.server.on(adminRoute, { json: { ...storedDocument, id: "u9" } });
  expect(await users().createAdministrator("d1", userAsked)).toMatchObject({ id: "u9" });
});

test("a deletion names the revision; what is gone is absent", async () => {
  b.server.on(DELETE, { json: { id: "u1", rev: "2-b" } }, lostAnswer, { status: 409 });
  b.server.on(GET, { json: { ...storedDocument, deletionDate: 7 } });
  expect(await users().delete("d1", "u1", "1-a")).toBe("deleted");
  expect(await users().delete("d1", "u1", "1-a")).toBe("absent");
  expect(b.server.seen(DELETE)[0]?.query).toEqual({ rev: "1-a" });
});

describe("tokens", () => {
  test.each([
    [{ validitySeconds: 3600 }, "3600"],
    [{ never: true } as const, "-1"],
  ])("are created for %j", async (life, tokenValidity) => {
    b.server.on(tokenRoute, { json: "canary-token" });
    expect(await users().createToken("d1", "u1", "deploy", life)).toBe("canary-token");
    expect(b.server.seen(tokenRoute)[0]?.query).toEqual({ tokenValidity });
  });

  test("are not created twice after a lost answer", async () => {
    b.server.on(tokenRoute, lostAnswer);
    const call = users().createToken("d1", "u1", "deploy", { never: true });
    expect(await failure(call)).toMatchObject({ code: "unknown-outcome" });
    expect(b.server.log).toEqual([tokenRoute]);
  });

  test("are shown in no error", async () => {
    const { users: same } = b.connect();
    b.server.on(tokenRoute, { json: "canary-token" }, { text: '"canary-half' });
    await same.createToken("d1", "u1", "deploy", { never: true });
    const unreadable = await failure(same.createToken("d1", "u1", "deploy", { never: true }));
    b.server.on(GET, { status: 400, json: { message: "about canary-token" } });
    const echoed = await failure(same.get("d1", "u1"));
    expect(inspect([unreadable, echoed], { depth: 9, showHidden: true })).not.toMatch(/canary-(?!password)/);
  });

  test("are removed by a deletion date, for one left out would stay", async () => {
    const left = { ci: storedDocument.authenticationTokens.ci };
    b.server
      .on(GET, { json: storedDocument })
      .on(PUT, { json: { ...storedDocument, authenticationTokens: left } });
    expect(await users().removeToken("d1", "u1", "deploy")).toBe("deleted");
    const body = bodyOf(b.server.seen(PUT)[0]);
    expect(body).toEqual({
      ...storedDocument,
      mobilePhone: undefined,
      authenticationTokens: {
        ...storedDocument.authenticationTokens,
        deploy: { ...storedDocument.authenticationTokens.deploy, deletionDate: b.clock.time },
      },
    });
  });

  test.each<[string, Reply, string]>([
    ["user", absentAnswer, "deploy"],
    ["living user", { json: { ...storedDocument, deletionDate: 7 } }, "deploy"],
    ["token", { json: storedDocument }, "other"],
    ["living token", { json: storedDocument }, "old"],
  ])("without a %s are absent", async (_, found, name) => {
    b.server.on(GET, found);
    expect(await users().removeToken("d1", "u1", name)).toBe("absent");
    expect(b.server.log).toEqual([GET]);
  });

  test("are removed from the user that someone else changed meanwhile", async () => {
    const changed = { ...storedDocument, rev: "2-b", name: "Countess" };
    b.server.on(GET, { json: storedDocument }, { json: changed });
    b.server.on(
      PUT,
      { status: 409, json: { message: "rev" } },
      { json: { ...changed, authenticationTokens: {} } },
    );
    expect(await users().removeToken("d1", "u1", "deploy")).toBe("deleted");
    expect(bodyOf(b.server.seen(PUT)[1])).toMatchObject({ rev: "2-b", name: "Countess" });
  });

  test("are not looked for without end", async () => {
    b.server.on(GET, { json: storedDocument }).on(PUT, { status: 409, json: { message: "rev" } });
    expect(await failure(users().removeToken("d1", "u1", "deploy"))).toMatchObject({ code: "conflict" });
    expect(b.server.seen(PUT)).toHaveLength(5);
  });

  test("that are gone after a lost answer are removed", async () => {
    b.server
      .on(
        GET,
        { json: storedDocument },
        { json: { ...storedDocument, rev: "2-b", authenticationTokens: {} } },
      )
      .on(PUT, lostAnswer);
    expect(await users().removeToken("d1", "u1", "deploy")).toBe("deleted");
    expect(b.server.log).toEqual([GET, PUT, GET]);
  });

  test("that the server keeps are an error", async () => {
    b.server.on(GET, { json: storedDocument }).on(PUT, { json: { ...storedDocument, rev: "2-b" } });
    const error = await failure(users().removeToken("d1", "u1", "deploy"));
    expect(error.message).toContain("the server kept it");
  });

  test("have names that fit into an address", async () => {
    expect(await failure(users().createToken("d1", "u1", "a/b", { never: true }))).toMatchObject({
      code: "invalid-setting",
    });
    expect(b.server.requests).toEqual([]);
  });
});
