import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";

const STORED = {
  id: "g1:AUDITOR",
  rev: "1-a",
  name: "AUDITOR",
  description: "Reads",
  inheritableUpTo: 1,
  permissions: ["UserManagement.Search", "TopicManagement.Create"],
};
const ASKED = {
  groupId: "g1",
  name: "AUDITOR",
  description: "Reads",
  inheritsUpTo: 1,
  permissions: ["TopicManagement.Create", "UserManagement.Search"],
};
const POST = "POST /role/AUDITOR/inGroup/g1/withDescription";
const ROLE = "/role/g1%3AAUDITOR";
const LOST: Reply = { hangUp: "unanswered" };
const ABSENT = { status: 404, json: { message: "not found" } };

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());
const roles = () => b.connect().roles;

test("a role is created in its group with permissions, description and inheritance", async () => {
  b.server.on(POST, { json: STORED });
  expect(await roles().create(ASKED)).toMatchObject({ id: "g1:AUDITOR", rev: "1-a", inheritsUpTo: 1 });
  expect(b.server.seen(POST)).toMatchObject([
    { query: { inheritsUpTo: "1" }, body: { permissions: ASKED.permissions, description: "Reads" } },
  ]);
});

test("after a lost answer the role that was asked for is found, in whatever order its permissions are", async () => {
  b.server.on(POST, LOST).on(`GET ${ROLE}`, { json: STORED });
  expect(await roles().create(ASKED)).toMatchObject({ id: "g1:AUDITOR" });
  expect(b.server.seen(POST)).toHaveLength(1);

  b.server.on(`GET ${ROLE}`, { json: { ...STORED, permissions: [] } });
  expect(await failure(roles().create(ASKED))).toMatchObject({ code: "conflict" });
});

test.each([404, 405, 501])("a server without the route (%s) is told as such", async (status) => {
  b.server.on(POST, { status, json: {} });
  expect(await failure(roles().create(ASKED))).toMatchObject({
    code: "unsupported",
    problem: expect.stringContaining("does not know the route") as string,
  });
});

test("permissions and inheritance are changed, and a role is deleted by its revision", async () => {
  b.server
    .on(`PUT ${ROLE}`, { json: STORED })
    .on(`PUT ${ROLE}/inheritsUpTo/0`, { json: STORED })
    .on(`DELETE ${ROLE}/inheritsUpTo`, { json: { ...STORED, inheritableUpTo: null } })
    .on(`DELETE ${ROLE}`, { json: { id: STORED.id, rev: "2-a" } });
  await roles().setPermissions(STORED.id, ["A.B"]);
  await roles().setInheritance(STORED.id, 0);
  expect(await roles().setInheritance(STORED.id, undefined)).not.toHaveProperty("inheritsUpTo");
  expect(await roles().delete(STORED.id, "1-a")).toBe("deleted");
  expect(b.server.seen(`PUT ${ROLE}`)).toMatchObject([{ body: ["A.B"] }]);
  expect(b.server.seen(`DELETE ${ROLE}`)).toMatchObject([{ query: { rev: "1-a" } }]);
});

test("roles of a group, one role and the permissions are read; permissions once", async () => {
  b.server
    .on("GET /role/inGroup/g1", { json: [STORED, { id: "BASIC_USER", permissions: null }] })
    .on(`GET ${ROLE}`, { json: { ...STORED, inheritableUpTo: -1 } }, ABSENT)
    .on("GET /aa/icure/permissions", { status: 403, json: {} }, { json: ["A.B"] });
  expect((await roles().inGroup("g1")).map(({ id }) => id)).toEqual(["g1:AUDITOR", "BASIC_USER"]);
  expect(await roles().get("g1:AUDITOR")).not.toHaveProperty("inheritsUpTo");
  expect(await roles().get("g1:AUDITOR")).toBeUndefined();
  const one = roles();
  await failure(one.permissions());
  expect(await one.permissions()).toEqual(["A.B"]);
  expect(await one.permissions()).toEqual(["A.B"]);
  expect(b.server.seen("GET /aa/icure/permissions")).toHaveLength(2);
});

test("of several settings of default roles the nearest counts, and they are set per kind of user", async () => {
  const route = "/group/g1/defaultRoles";
  const settings = {
    HCP: [
      { source: "DEFAULT", roles: ["A"] },
      { source: "CONFIGURATION", roles: ["B"] },
    ],
  };
  b.server.on(`GET ${route}`, { json: settings }, ABSENT).on(`POST ${route}`, { json: {} });
  const one = roles();
  expect(await one.defaults("g1", "healthcare-party")).toEqual({ roles: ["B"], source: "group" });
  expect(await one.defaults("g1", "patient")).toBeUndefined();
  await one.setDefaults("g1", "patient", ["D"]);
  expect(b.server.seen(`POST ${route}`)).toMatchObject([
    { query: { userType: "PATIENT" }, body: { ids: ["D"] } },
  ]);
});
