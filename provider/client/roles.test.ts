import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";

const storedDocument = {
  id: "g1:AUDITOR",
  rev: "1-a",
  name: "AUDITOR",
  description: "Reads",
  inheritableUpTo: 1,
  permissions: ["UserManagement.Search", "TopicManagement.Create"],
};
const roleAsked = {
  groupId: "g1",
  name: "AUDITOR",
  description: "Reads",
  inheritsUpTo: 1,
  permissions: ["TopicManagement.Create", "UserManagement.Search"],
};
const postRoute = "POST /role/AUDITOR/inGroup/g1/withDescription";
const roleRoute = "/role/g1%3AAUDITOR";
const lostAnswer: Reply = { hangUp: "unanswered" };
const absentAnswer = { status: 404, json: { message: "not found" } };

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());
const roles = () => b.connect().roles;

test("a role is created in its group with permissions, description and inheritance", async () => {
  b.server.on(postRoute, { json: storedDocument });
  expect(await roles().create(roleAsked)).toMatchObject({ id: "g1:AUDITOR", rev: "1-a", inheritsUpTo: 1 });
  expect(b.server.seen(postRoute)).toMatchObject([
    { query: { inheritsUpTo: "1" }, body: { permissions: roleAsked.permissions, description: "Reads" } },
  ]);
});

test("after a lost answer the role that was asked for is found, in whatever order its permissions are", async () => {
  b.server.on(postRoute, lostAnswer).on(`GET ${roleRoute}`, { json: storedDocument });
  expect(await roles().create(roleAsked)).toMatchObject({ id: "g1:AUDITOR" });
  expect(b.server.seen(postRoute)).toHaveLength(1);

  b.server.on(`GET ${roleRoute}`, { json: { ...storedDocument, permissions: [] } });
  expect(await failure(roles().create(roleAsked))).toMatchObject({ code: "conflict" });
});

test.each([404, 405, 501])("a server without the route (%s) is told as such", async (status) => {
  b.server.on(postRoute, { status, json: {} });
  expect(await failure(roles().create(roleAsked))).toMatchObject({
    code: "unsupported",
    problem: expect.stringContaining("does not know the route") as string,
  });
});

test("permissions and inheritance are changed, and a role is deleted by its revision", async () => {
  b.server
    .on(`PUT ${roleRoute}`, { json: storedDocument })
    .on(`PUT ${roleRoute}/inheritsUpTo/0`, { json: storedDocument })
    .on(`DELETE ${roleRoute}/inheritsUpTo`, { json: { ...storedDocument, inheritableUpTo: null } })
    .on(`DELETE ${roleRoute}`, { json: { id: storedDocument.id, rev: "2-a" } });
  await roles().setPermissions(storedDocument.id, ["A.B"]);
  await roles().setInheritance(storedDocument.id, 0);
  expect(await roles().setInheritance(storedDocument.id, undefined)).not.toHaveProperty("inheritsUpTo");
  expect(await roles().delete(storedDocument.id, "1-a")).toBe("deleted");
  expect(b.server.seen(`PUT ${roleRoute}`)).toMatchObject([{ body: ["A.B"] }]);
  expect(b.server.seen(`DELETE ${roleRoute}`)).toMatchObject([{ query: { rev: "1-a" } }]);
});

test("roles of a group, one role and the permissions are read; permissions once", async () => {
  b.server
    .on("GET /role/inGroup/g1", { json: [storedDocument, { id: "BASIC_USER", permissions: null }] })
    .on(`GET ${roleRoute}`, { json: { ...storedDocument, inheritableUpTo: -1 } }, absentAnswer)
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
  b.server.on(`GET ${route}`, { json: settings }, absentAnswer).on(`POST ${route}`, { json: {} });
  const one = roles();
  expect(await one.defaults("g1", "healthcare-party")).toEqual({ roles: ["B"], source: "group" });
  expect(await one.defaults("g1", "patient")).toBeUndefined();
  await one.setDefaults("g1", "patient", ["D"]);
  expect(b.server.seen(`POST ${route}`)).toMatchObject([
    { query: { userType: "PATIENT" }, body: { ids: ["D"] } },
  ]);
});
