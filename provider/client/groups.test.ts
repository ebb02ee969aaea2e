import { ApiError } from "./errors";
import type { Groups } from "./groups";
import type { PropertyStub } from "./properties";
import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";

const groupSent = { id: "g1", rev: "1-a", name: "Petra" };
const stub = {
  id: "p",
  type: { identifier: "k", type: "STRING" },
  typedValue: { stringValue: "v" },
  later: 1,
};

let b: Bench;
let groups: Groups;
beforeEach(async () => {
  b = await bench();
  groups = b.connect().groups;
});
afterEach(() => b.close());

interface Case {
  call: (groups: Groups) => Promise<unknown>;
  route: string;
  answer: unknown;
  query?: object;
  body?: unknown;
  headers?: object;
  value?: unknown;
}

const ours = { ...groupSent, servers: [], properties: [] };
const cases: Record<string, Case> = {
  get: { call: (g) => g.get("g1"), route: "GET /group/g1", answer: groupSent, value: ours },
  rename: {
    call: (g) => g.rename("g1", "Petra & Söhne"),
    route: "PUT /group/g1/name/Petra%20%26%20S%C3%B6hne",
    answer: groupSent,
    value: ours,
  },
  "setApplicationId to a value": {
    call: (g) => g.setApplicationId("g1", "com.x"),
    route: "PUT /group/g1/applicationId/com.x",
    query: { applyToSubGroups: "true" },
    answer: groupSent,
    value: ours,
  },
  "setApplicationId to nothing": {
    call: (g) => g.setApplicationId("g1", undefined),
    route: "DELETE /group/g1/applicationId",
    query: { applyToSubGroups: "true" },
    answer: groupSent,
    value: ours,
  },
  setProperties: {
    call: (g) => g.setProperties("g1", [stub]),
    route: "PUT /group/g1/properties",
    answer: { ...groupSent, properties: [stub] },
    body: { properties: [stub] },
    value: { ...ours, properties: [stub] },
  },
  delete: { call: (g) => g.delete("g1"), route: "DELETE /group/g1", answer: groupSent, value: "deleted" },
  hardDelete: {
    call: (g) => g.hardDelete("g1"),
    route: "DELETE /group/hard/g1",
    answer: [{ type: "Group", id: "g1", server: "c" }],
    value: "deleted",
  },
  list: { call: (g) => g.list(), route: "GET /group", answer: [groupSent], value: [ours] },
  createOperationToken: {
    call: (g) => g.createOperationToken("g1", { durationSeconds: 60, description: "a&b" }),
    route: "POST /group/g1/operationToken",
    answer: "token",
    query: { operation: "TRANSFER_GROUP", duration: "60", description: "a&b" },
    value: "token",
  },
  transfer: {
    call: (g) => g.transfer("g1", "op-token"),
    route: "POST /group/g1/transfer",
    answer: { ...groupSent, superGroup: "e2" },
    headers: { "operation-token": "op-token" },
    value: { ...ours, parentId: "e2" },
  },
};

test.each(Object.entries(cases))("%s", async (_, { call, route, answer, query, body, headers, value }) => {
  b.server.on(route, { json: answer });
  expect(await call(groups)).toEqual(value);
  expect(b.server.log).toEqual([route]);
  const seen = b.server.requests.at(-1);
  expect(seen).toMatchObject({ query: query ?? {}, headers: { accept: "application/json", ...headers } });
  expect(seen?.body).toEqual(body);
  expect(seen?.headers["content-type"]).toBe(body === undefined ? undefined : "application/json");
});

test("a group in the wire's words becomes one in ours", async () => {
  const tags = [
    { type: "OTHER", code: "x" },
    { id: "IC-GROUP|root|1.0", type: "IC-GROUP", code: "root" },
  ];
  b.server.on("GET /group/g1", {
    json: {
      ...groupSent,
      tags,
      superGroup: "top",
      applicationId: "com.x",
      servers: ["c1"],
      deletionDate: 1_767_225_600_000,
      name: null,
      operationTokens: { x: { tokenHash: "h" } },
      later: true,
    },
  });
  expect(await groups.get("g1")).toEqual({
    id: "g1",
    rev: "1-a",
    kind: "environment",
    parentId: "top",
    applicationId: "com.x",
    servers: ["c1"],
    properties: [],
    deletedAt: 1_767_225_600_000,
    operationTokens: [{ id: "x" }],
  });
});

test.each([
  ["root", "environment"],
  ["app", "solution"],
  ["database", "database"],
  ["constructor", undefined],
])("the tag %s means %s", async (code, kind) => {
  b.server.on("GET /group/g1", { json: { ...groupSent, tags: [{ id: `IC-GROUP|${code}|1.0` }] } });
  expect((await groups.get("g1"))?.kind).toBe(kind);
});

test.each([404, 410])("[F44] %d means absent", async (status) => {
  const gone: Reply = { status, json: { message: "no such group" } };
  b.server.on("GET /group/g1", gone).on("DELETE /group/g1", gone).on("DELETE /group/hard/g1", gone);
  expect(await groups.get("g1")).toBeUndefined();
  expect(await groups.delete("g1")).toBe("absent");
  expect(await groups.hardDelete("g1")).toBe("absent");
  expect(b.server.log).toHaveLength(3);
});

test("a web page's 404 means that the url is wrong, not that a group is absent", async () => {
  const page = { status: 404, text: "<html>Not here</html>", headers: { "content-type": "text/html" } };
  b.server.on("GET /group/g1", page).on("DELETE /group/g1", page);
  expect(await failure(groups.get("g1"))).toMatchObject({ code: "malformed-answer", status: 404 });
  expect(await failure(groups.delete("g1"))).toMatchObject({ code: "malformed-answer", status: 404 });
});

test("a 404 where something must be there is an error", async () => {
  b.server.on("PUT /group/g1/name/x", { status: 404 });
  expect(await failure(groups.rename("g1", "x"))).toMatchObject({ code: "not-found", status: 404 });
});

test("[F48] ids and names that could leave their place are refused before anything is sent", async () => {
  for (const bad of ["", "..", "a/b", "%2e%2e", "a?x"]) {
    expect(await failure(groups.get(bad))).toMatchObject({ code: "invalid-setting" });
    expect(await failure(groups.rename("g1", bad))).toMatchObject({ code: "invalid-setting" });
    expect(await failure(groups.hardDelete(bad))).toMatchObject({ code: "invalid-setting" });
  }
  expect(b.server.requests).toEqual([]);
});

test("a number that JSON would change is not sent back", async () => {
  const big = JSON.parse(
    '{"type":{"identifier":"big"},"typedValue":{"integerValue":9007199254740993}}',
  ) as PropertyStub;
  expect((await failure(groups.setProperties("g1", [big]))).message).toContain("big");
  expect(b.server.requests).toEqual([]);
});

describe("answers that can't be believed", () => {
  test.each<[string, Reply, RegExp]>([
    ["a page", { text: "<html>Log in</html>", headers: { "content-type": "text/html" } }, /text\/html/],
    ["plain text", { text: "OK", headers: { "content-type": "text/plain" } }, /text\/plain.*OK/],
    ["nothing", { text: "" }, /empty/],
    ["204", { status: 204 }, /empty/],
    ["null", { json: null }, /not as expected/],
    ["a list", { json: [groupSent] }, /not as expected/],
    ["no id", { json: { name: "x" } }, /"id"/],
    ["an id of the wrong type", { json: { id: 5 } }, /"id"/],
    [
      "properties of the wrong shape",
      { json: { ...groupSent, properties: [{ type: "x" }] } },
      /properties\.0/,
    ],
    ["another group", { json: { id: "g2" } }, /another group, g2/],
    [
      "deep nesting",
      { text: "[".repeat(100_000), headers: { "content-type": "text/plain" } },
      /nested more than 100 levels/,
    ],
  ])("%s", async (_, reply, text) => {
    b.server.on("GET /group/g1", reply).on("DELETE /group/g1", reply).on("PUT /group/g1/name/x", reply);
    for (const call of [() => groups.get("g1"), () => groups.delete("g1"), () => groups.rename("g1", "x")]) {
      const error = await failure(call());
      expect(error.code).toBe("malformed-answer");
      expect(error.message).toMatch(text);
      expect(error.message).not.toMatch(/SyntaxError|JSON at position|ZodError/);
      expect(error.message.length).toBeLessThan(600);
    }
    expect(b.server.log).toHaveLength(3);
  });

  test("[F14] a byte order mark is not a reason to fail", async () => {
    b.server.on("GET /group/g1", { text: `\uFEFF${JSON.stringify(groupSent)}` });
    expect(await groups.get("g1")).toEqual(ours);
  });

  test("[F16] keys that reach for prototypes touch nothing", async () => {
    b.server.on("GET /group/g1", {
      text: `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}},"id":"g1","properties":[{"__proto__":{"polluted":1}}]}`,
    });
    const group = await groups.get("g1");
    expect(({} as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect((group?.properties[0] as Record<string, unknown>)["polluted"]).toBeUndefined();
    expect(group).toEqual({ id: "g1", servers: [], properties: [{}] });
  });
});

describe("pages", () => {
  const row = (id: string) => ({ id });
  const next = (startKeyDocId?: string, startKey: unknown = "k") => ({
    nextKeyPair: { startKey, startKeyDocId },
  });
  const children = "GET /group/s1/children";

  test("are followed to the last one, with one page size, and a row on two of them counts once", async () => {
    b.server.on(
      children,
      { json: { rows: [row("a"), row("b")], ...next("b") } },
      { json: { rows: [row("b"), row("c")], ...next("d") } },
      { json: { rows: [row("d")], nextKeyPair: null } },
    );
    expect((await groups.children("s1")).map(({ id }) => id)).toEqual(["a", "b", "c", "d"]);
    expect(b.server.seen(children).map(({ query }) => query)).toEqual([
      { limit: "200" },
      { limit: "200", startDocumentId: "b" },
      { limit: "200", startDocumentId: "d" },
    ]);
  });

  test("a page that fails is repeated; a list is whole or an error", async () => {
    b.server.on(
      children,
      { json: { rows: [row("a")], ...next("b") } },
      { status: 503 },
      { json: { rows: [row("b")] } },
    );
    expect(await groups.children("s1")).toHaveLength(2);
    b.server.on(children, { json: { rows: [row("a")], ...next("b") } }, { status: 503 });
    expect(await failure(groups.children("s1"))).toMatchObject({ code: "server-error" });
  });

  test.each<[string, () => Reply, number]>([
    ["that lead in a circle", () => ({ json: { rows: [row("a")], ...next("a") } }), 2],
    ["that lead nowhere", () => ({ json: { rows: [row("a")], ...next() } }), 1],
  ])("%s are an error", async (_, reply, requests) => {
    b.server.on(children, reply);
    expect(await failure(groups.children("s1"))).toMatchObject({ code: "malformed-answer" });
    expect(b.server.log).toHaveLength(requests);
  });

  test("that never end are an error", async () => {
    let page = 0;
    b.server.on(children, () => ({ json: { rows: [], ...next(`d${++page}`) } }));
    expect((await failure(groups.children("s1"))).message).toContain("more than 1000 pages");
  });

  test("share one time, however many there are", async () => {
    const slow = (reply: Reply) => () => {
      b.clock.time += 50_000;
      return reply;
    };
    const page = (id: string): Reply => ({ json: { rows: [row(id)], ...next(id) } });
    b.server.on(children, slow(page("a")), slow(page("b")), slow({ status: 503 }), { json: { rows: [] } });
    const listed = b.connect({}, { deadlineMs: 120_000 }).groups.children("s1");
    expect(await failure(listed)).toMatchObject({ code: "server-error" });
    expect(b.server.seen(children)).toHaveLength(3);
  });

  test("of an absent parent are an error, not an empty list", async () => {
    b.server.on(children, { status: 404 });
    await expect(groups.children("s1")).rejects.toThrow(ApiError);
  });
});
