import { type Bench, bench, failure } from "../../tests/support/api-server";

const root = { id: "e1", tags: [{ type: "IC-GROUP", code: "root" }], superGroup: "cloud" };
const app = { id: "s1", tags: [{ type: "IC-GROUP", code: "app" }], superGroup: "e1" };
const currentRoute = "GET /user/current";
const matchesRoute = "GET /user/matches";

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

test("the configured environment is proved once by the login", async () => {
  b.server.on(currentRoute, { json: { id: "u1", groupId: "e1" } });
  const cockpit = b.connect({ environment: "e1" });
  expect(await Promise.all([cockpit.environmentId(), cockpit.environmentId()])).toEqual(["e1", "e1"]);
  expect(await cockpit.environmentId()).toBe("e1");
  expect(b.server.log).toEqual([currentRoute]);
});

test("a login in another environment is an error that lists the account's", async () => {
  b.server
    .on(currentRoute, { json: { id: "u1", groupId: "e2" } })
    .on(matchesRoute, { json: [{ groupId: "e2", groupName: "Two", userId: "u1" }] });
  const error = await failure(b.connect({ environment: "e1" }).environmentId());
  expect(error.code).toBe("invalid-setting");
  expect(error.message).toMatch(/in "e2", not in the environment "e1".*Two \(e2\).*COCKPIT_ENVIRONMENT/);
});

test("without one, the account's own is taken", async () => {
  b.server.on(currentRoute, { json: { id: "u1", groupId: "e1" } }).on("GET /group/e1", { json: root });
  expect(await b.connect().environmentId()).toBe("e1");
});

test("the environment that it probably is, is read meanwhile, and counts only where the login is in it", async () => {
  const reply = { json: { id: "u1", groupId: "e1" } };
  b.server.on(currentRoute, reply, reply).on("GET /group/e1", { json: root }, { json: root });
  b.server.on("GET /group/e2", { json: { ...root, id: "e2" } });
  expect(await b.connect().environmentId("e1")).toBe("e1");
  // In one go, and no more than one after the other.
  expect(b.server.log.toSorted()).toEqual([currentRoute, "GET /group/e1"].toSorted());
  expect(await b.connect().environmentId("e2")).toBe("e1");
});

test("that it can't be read in advance is not an error", async () => {
  b.server.on(currentRoute, { json: { id: "u1", groupId: "e1" } }).on("GET /group/e1", { json: root });
  b.server.on("GET /group/e2", { status: 403 });
  expect(await b.connect().environmentId("e2")).toBe("e1");
});

test("a login in a solution leads to its environment", async () => {
  b.server
    .on(currentRoute, { json: { id: "u1", groupId: "s1" } })
    .on("GET /group/s1", { json: app })
    .on("GET /group/e1", { json: root });
  expect(await b.connect().environmentId()).toBe("e1");
});

test.each([{ status: 403 }, { status: 404 }])(
  "an environment that can't be read is found in the account's list (%j)",
  async (reply) => {
    b.server
      .on(currentRoute, { json: { id: "u1", groupId: "s1" } })
      .on("GET /group/s1", { json: app })
      .on("GET /group/e1", reply)
      .on(matchesRoute, { json: [{ groupId: "s1", userId: "u1", groupsHierarchy: [app, root] }] });
    expect(await b.connect().environmentId()).toBe("e1");
  },
);

test("an environment that nothing tells is an error that says what to set", async () => {
  b.server
    .on(currentRoute, { json: { id: "u1", groupId: "s1" } })
    .on("GET /group/s1", { status: 403 })
    .on(matchesRoute, { json: [] });
  const error = await failure(b.connect().environmentId());
  expect(error).toMatchObject({ code: "invalid-setting", operation: "find the environment" });
  expect(error.message).toContain("COCKPIT_ENVIRONMENT");
});

test("where the user names no group, the account's list tells", async () => {
  b.server.on(currentRoute, { json: { id: "u2" } }).on(matchesRoute, {
    json: [
      { groupId: "e2", userId: "u1" },
      { groupId: "e1", userId: "u2" },
    ],
  });
  expect(await b.connect({ environment: "e1" }).environmentId()).toBe("e1");
  b.server.on(matchesRoute, { json: [] });
  expect((await failure(b.connect({ environment: "e1" }).environmentId())).code).toBe("invalid-setting");
});

test("an error is not remembered", async () => {
  b.server.on(currentRoute, { status: 403 }, { json: { id: "u1", groupId: "e1" } });
  const cockpit = b.connect({ environment: "e1" });
  expect(await failure(cockpit.environmentId())).toMatchObject({ code: "forbidden" });
  expect(await cockpit.environmentId()).toBe("e1");
});
