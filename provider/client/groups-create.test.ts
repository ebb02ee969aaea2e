import type { CreateGroupRequest } from "./groups";
import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";

const request: CreateGroupRequest = { kind: "database", id: "d1", name: "A+B & C", parentId: "s1" };
const groupSent = { id: "d1", name: "A+B & C", superGroup: "s1", servers: ["couch"] };
const postRoute = "POST /group/d1/database";
const getRoute = "GET /group/d1";
const unclearAnswer: [string, Reply][] = [
  ["a lost connection", { hangUp: "unanswered" }],
  ["a cut answer", { hangUp: "mid-body", json: groupSent }],
  ["a malformed answer", { text: "<html>", headers: { "content-type": "text/html" } }],
  ["an empty answer", { text: "" }],
  ["an answer for another group", { json: { ...groupSent, id: "d2" } }],
  ["500", { status: 500 }],
  ["502", { status: 502 }],
  ["503 without Retry-After", { status: 503 }],
  ["504", { status: 504 }],
];
const absentAnswer: Reply = { status: 404, json: { message: "not found" } };

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

const create = (more?: Partial<CreateGroupRequest>) => b.connect().groups.create({ ...request, ...more });

test("one request makes a database, with everything in its query", async () => {
  b.server.on(postRoute, { json: { ...groupSent, tags: [{ type: "IC-GROUP", code: "database" }] } });
  const created = await create({ cluster: "couch", applicationId: "com.x", shards: 4, replicas: 3 });
  expect(created).toEqual({
    id: "d1",
    name: "A+B & C",
    kind: "database",
    parentId: "s1",
    servers: ["couch"],
    properties: [],
  });
  expect(b.server.log).toEqual([postRoute]);
  expect(b.server.seen(postRoute)[0]).toMatchObject({
    query: { name: "A+B & C", superGroup: "s1", server: "couch", applicationId: "com.x", q: "4", n: "3" },
    body: undefined,
  });
});

test("one request makes a solution, and what is not given is not sent", async () => {
  b.server.on("POST /group/s1/application", { json: { id: "s1" } });
  await create({ kind: "solution", id: "s1", parentId: "e1" });
  expect(b.server.log).toEqual(["POST /group/s1/application"]);
  expect(b.server.requests.at(-1)?.query).toEqual({ name: "A+B & C", superGroup: "e1" });
});

test("an id that exists is a conflict, without a look-up", async () => {
  b.server.on(postRoute, { status: 409, json: { message: "exists" } }).on(getRoute, { json: groupSent });
  expect(await failure(create())).toMatchObject({ code: "conflict", status: 409 });
  expect(b.server.log).toEqual([postRoute]);
});

test.each<[number, string]>([
  [400, "rejected"],
  [402, "quota-exceeded"],
  [403, "forbidden"],
  [302, "redirected"],
])("%d is final, without a look-up", async (status, code) => {
  b.server.on(postRoute, {
    status,
    json: { message: "no" },
    headers: { location: "https://elsewhere.test/" },
  });
  expect(await failure(create())).toMatchObject({ code, status });
  expect(b.server.log).toEqual([postRoute]);
});

describe("a server from before 2026", () => {
  const olderRoute = "POST /group/d1";

  test.each<[string, Reply]>([
    ["404", absentAnswer],
    [
      "404 of a router",
      { status: 404, text: "<h1>Not Found</h1>", headers: { "content-type": "text/html" } },
    ],
    ["405", { status: 405 }],
    ["501", { status: 501 }],
  ])("is known by %s, and creates by the route that published programs use", async (_, unknown) => {
    b.server
      .on(postRoute, unknown)
      .on(olderRoute, { json: groupSent })
      .on("POST /group/s2", { json: { id: "s2" } });
    const { groups } = b.connect();
    expect(await groups.create({ ...request, cluster: "couch", shards: 4 })).toMatchObject({
      id: "d1",
    });
    const [seen] = b.server.seen(olderRoute);
    expect(seen).toMatchObject({
      query: { type: "database", name: "A+B & C", superGroup: "s1", server: "couch", q: "4" },
      body: {},
    });
    expect(seen?.headers["password"]).toMatch(/^[\w-]{36}$/);
    await groups.create({ ...request, kind: "solution", id: "s2" });
    expect(b.server.log).toEqual([postRoute, olderRoute, "POST /group/s2"]);
    expect(b.server.seen("POST /group/s2")[0]?.query).toMatchObject({ type: "app" });
  });

  test("is not taken for one whose older route is unknown too: the parent may be absent", async () => {
    b.server.on(postRoute, { status: 404, json: { message: "no parent" } }).on(olderRoute, { status: 405 });
    expect(await failure(create())).toMatchObject({ code: "not-found", serverMessage: "no parent" });
    expect(b.server.log).toEqual([postRoute, olderRoute]);
  });

  test("shows its storage's password in no error", async () => {
    b.server.on(postRoute, absentAnswer).on(olderRoute, (seen) => ({
      status: 400,
      json: { message: `bad password ${String(seen.headers["password"])}` },
    }));
    const error = await failure(create());
    expect(error.message).not.toContain(b.server.seen(olderRoute)[0]?.headers["password"]);
  });
});

test.each<[string, Reply]>([
  ["429", { status: 429 }],
  ["429 with Retry-After", { status: 429, headers: { "retry-after": "2" } }],
  ["503 with Retry-After", { status: 503, headers: { "retry-after": "2" } }],
])("%s was not processed: the request is repeated without a look-up", async (_, reply) => {
  b.server.on(postRoute, reply, { json: groupSent });
  expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
  expect(b.server.log).toEqual([postRoute, postRoute]);
});

describe.each(unclearAnswer)("after %s", (_, unclear) => {
  test("a group that is there is taken", async () => {
    b.server.on(postRoute, unclear).on(getRoute, { json: groupSent });
    expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
    expect(b.server.log).toEqual([postRoute, getRoute]);
  });

  test("the look-up is repeated while the server is down", async () => {
    b.server
      .on(postRoute, unclear)
      .on(getRoute, { status: 503 }, { hangUp: "unanswered" }, { json: groupSent });
    expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
    expect(b.server.log).toEqual([postRoute, getRoute, getRoute, getRoute]);
  });

  test("a group that is absent is asked for again", async () => {
    b.server.on(postRoute, unclear, { json: groupSent }).on(getRoute, absentAnswer);
    expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
    expect(b.server.log).toEqual([postRoute, getRoute, postRoute]);
    expect(b.clock.slept).toHaveLength(1);
  });

  test("a conflict on the second request is the first one's success", async () => {
    b.server.on(postRoute, unclear, { status: 409 }).on(getRoute, absentAnswer, { json: groupSent });
    expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
    expect(b.server.log).toEqual([postRoute, getRoute, postRoute, getRoute]);
  });

  test.each<[string, Reply, number]>([
    ["fails", { status: 500 }, 3],
    ["is refused", { status: 403 }, 1],
    ["meets a web page's 404", { status: 404, text: "<html>", headers: { "content-type": "text/html" } }, 1],
  ])("when the look-up %s, the error says that the group may exist", async (_, reply, lookUps) => {
    b.server.on(postRoute, unclear).on(getRoute, reply);
    const error = await failure(create());
    expect(error.code).toBe("unknown-outcome");
    expect(error.message).toContain("The group `d1` may exist");
    expect(b.server.log).toEqual([postRoute, ...Array<string>(lookUps).fill(getRoute)]);
  });

  test("it gives up after a few requests, each followed by a look-up", async () => {
    b.server.on(postRoute, unclear).on(getRoute, absentAnswer);
    const error = await failure(create());
    expect(error.code).not.toBe("unknown-outcome");
    expect(error.message).toContain("no group `d1` was found");
    expect(b.server.log).toEqual([postRoute, getRoute, postRoute, getRoute, postRoute, getRoute]);
  });
});

const lostAnswer: Reply = { hangUp: "unanswered" };

test("a quota refusal of the second request may be the first one's doing", async () => {
  b.server.on(postRoute, lostAnswer, { status: 402 }).on(getRoute, absentAnswer, { json: groupSent });
  expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
});

test("a refusal of the second request stands when the group is absent", async () => {
  b.server.on(postRoute, lostAnswer, { status: 402 }).on(getRoute, absentAnswer);
  expect(await failure(create())).toMatchObject({ code: "quota-exceeded", status: 402 });
  expect(b.server.log).toEqual([postRoute, getRoute, postRoute, getRoute]);
});

test("[F12] a deadline that ends during the request leaves time for the look-up", async () => {
  b.server
    .on(postRoute, () => {
      b.clock.expire();
      return { silent: true };
    })
    .on(getRoute, { json: groupSent });
  expect(await create()).toMatchObject({ id: "d1", parentId: "s1" });
  expect(b.server.log).toEqual([postRoute, getRoute]);
});

test("[F12] after the deadline nothing is sent again", async () => {
  b.server
    .on(postRoute, () => {
      b.clock.expire();
      return { silent: true };
    })
    .on(getRoute, absentAnswer);
  expect(await failure(create())).toMatchObject({ code: "timeout" });
  expect(b.server.log).toEqual([postRoute, getRoute]);
});

test.each([
  ["was deleted", { ...groupSent, deletionDate: 5 }],
  ["has another parent", { ...groupSent, superGroup: "s2" }],
  ["is of another kind", { ...groupSent, tags: [{ id: "IC-GROUP|app|1.0" }] }],
])("a group that %s is not taken for the one that was asked for", async (_, found) => {
  b.server.on(postRoute, lostAnswer).on(getRoute, { json: found });
  expect(await failure(create())).toMatchObject({ code: "conflict" });
  expect(b.server.log).toEqual([postRoute, getRoute]);
});

test("a login that fails sends no request", async () => {
  b.server.on("POST /auth/login", { status: 401 });
  expect(await failure(create())).toMatchObject({ code: "unauthorized" });
  expect(b.server.log).toEqual([]);
});

test("[F10] a server that refuses connections was sent nothing", async () => {
  const { groups } = b.connect({}, { maxConnections: 1 });
  b.server.on(getRoute, { json: groupSent, headers: { connection: "close" } });
  await groups.get("d1");
  await b.server.close();
  const error = await failure(groups.create(request));
  expect(error.code).toBe("unreachable");
  expect(error.message).toContain(b.server.url);
  expect(b.clock.slept).toHaveLength(2);
});
