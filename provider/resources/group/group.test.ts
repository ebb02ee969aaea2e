import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import { PartialCreation } from "../../framework/resource";
import type { Context } from "../../runtime/context";
import { Database } from "../database";
import { Solution } from "../solution";

const resource = { project: "petra", stack: "test", name: "petra" };
let fake: FakeCockpits;
let context: Context;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu", "ic-us");
  fake.solution("ic-app", "ic-eu", { name: "App", applicationId: "com.petra.app" });
  fake.database("ic-db", "ic-app", { name: "Db", applicationId: "com.petra.app" });
  context = fake.context(["ic-eu", "ic-us"]);
});

const solution = { name: "App", specId: "ic-eu", deletionProtection: false };
const database = { name: "Db", solutionId: "ic-app", deletionProtection: false };
const outputs = { environmentId: "ic-eu", servers: ["c1"] };

test("a Project ID that is no longer declared is taken from a solution, and left to a database", async () => {
  const applicationId = "com.petra.app";
  await Database.update(context, "ic-db", { ...database, ...outputs, applicationId }, database, resource);
  expect(fake.writes).toEqual([]);
  await Solution.update(context, "ic-app", { ...solution, ...outputs, applicationId }, solution, resource);
  expect(fake.writes).toEqual(["ic-eu setApplicationId ic-app"]);
});

test("what of a group is kept when it is left out is no difference, and what is not kept is one", async () => {
  const kept = { cluster: "c1", groupId: "ic-db", shards: 3, replicas: 3, applicationId: "com.petra.app" };
  const diff = (news: object) =>
    Database.diff(context, "ic-db", { ...database, ...outputs, ...kept }, { ...database, ...news }, resource);
  expect(await diff({})).toEqual({ updates: [], replaces: [] });
  expect(await diff({ shards: 4, name: "Other" })).toEqual({ updates: ["name"], replaces: ["shards"] });
  expect(fake.writes).toEqual([]);
});

test("a creation that stops half-way is kept with what it has, so that the next run goes on", async () => {
  fake.faults.setProperties = () => {
    throw apiError("rejected");
  };
  const declared = {
    name: "New",
    solutionId: "ic-app",
    properties: { tier: "test" },
    deletionProtection: true,
  };
  const error: unknown = await Database.create(context, resource, declared).catch((one: unknown) => one);
  expect(error).toBeInstanceOf(PartialCreation);
  const { id, state } = error as PartialCreation;
  expect(fake.groups.get(id)).toMatchObject({
    name: "New",
    parentId: "ic-app",
    applicationId: "com.petra.app",
  });
  expect(state).toMatchObject({ name: "New", solutionId: "ic-app", environmentId: "ic-eu" });
  expect(state).not.toHaveProperty("properties");

  delete fake.faults.setProperties;
  const finished = await Database.update(context, id, state, declared, resource);
  expect(finished).toMatchObject({ properties: { tier: "test" } });
  expect(fake.writes.at(-1)).toBe(`ic-eu setProperties ${id}`);
});

test("a database is created in a solution only, and with the Project ID of that", async () => {
  const create = (news: object) =>
    Database.create(context, resource, { name: "New", deletionProtection: true, ...news });
  await expect(create({ solutionId: "ic-db" })).rejects.toMatchObject({ code: "wrong-kind" });
  await expect(create({ solutionId: "ic-app", applicationId: "com.other" })).rejects.toMatchObject({
    code: "project-id-mismatch",
  });
  expect(fake.writes).toEqual([]);
});

test("a solution that was moved outside of the program is found where it is, and neither changed nor deleted there", async () => {
  fake.solution("ic-app", "ic-us", { name: "App" });
  const state = { ...solution, ...outputs };
  expect(await Solution.read(context, "ic-app", state, resource)).toMatchObject({
    environmentId: "ic-us",
    specId: "ic-us",
    environment: "ic-us",
  });
  await expect(
    Solution.update(context, "ic-app", state, { ...solution, name: "Other" }, resource),
  ).rejects.toMatchObject({ code: "moved-outside" });
  const later = fake.context(["ic-eu", "ic-us"]);
  await expect(Solution.delete(later, "ic-app", state, resource)).rejects.toMatchObject({
    code: "moved-outside",
  });
  expect(fake.writes).toEqual([]);
});
