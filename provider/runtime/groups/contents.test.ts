import { z } from "zod";
import { FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { ResourceName } from "../../framework/identity";
import { IndexUpdate } from "../../resources";
import { defineContent, inheritedProtection } from "./contents";

const resource: ResourceName = { project: "petra", stack: "test", name: "one" };
const declared = { groupId: "ic-db", name: "one" };
let fake: FakeCockpits;
let calls: string[];
let isThere: boolean;

const Thing = defineContent({
  type: "Thing",
  description: "",
  example: "",
  inputs: z.strictObject({ groupId: z.string(), name: z.string(), deletionProtection: inheritedProtection }),
  outputs: { environmentId: z.string().optional() },
  within: { property: "groupId", kinds: ["database"] },
  describe: ({ name }) => `the thing ${name}`,
  findExisting: () => Promise.resolve({ what: "the thing one", id: "thing-1" }),
  create: (_context, _resource, inputs) => {
    calls.push("create");
    return Promise.resolve({ id: "thing-1", state: inputs });
  },
  read: (_context, _id, state) => Promise.resolve(isThere ? state : undefined),
  import: () => Promise.resolve(undefined),
  update: (_context, _id, _state, inputs) => Promise.resolve(inputs),
  delete: () => {
    calls.push("delete");
    return Promise.resolve(isThere ? undefined : "gone");
  },
});

beforeEach(() => {
  fake = new FakeCockpits("ic-eu");
  fake.solution("ic-app", "ic-eu");
  fake.database("ic-db", "ic-app");
  calls = [];
  isThere = true;
});

const run = (variables: Readonly<Record<string, string>> = {}) => fake.context(["ic-eu"], variables);

test("it is created in a group of the right kind only, and says which environment that is in", async () => {
  expect(await Thing.create(run(), resource, declared)).toEqual({
    id: "thing-1",
    state: { ...declared, environmentId: "ic-eu" },
  });
  await expect(Thing.create(run(), resource, { ...declared, groupId: "ic-app" })).rejects.toMatchObject({
    code: "wrong-kind",
  });
  expect(calls).toEqual(["create"]);
});

test("it is gone only while its environment can be read", async () => {
  expect(await Thing.read(run(), "thing-1", declared, resource)).toMatchObject({ environmentId: "ic-eu" });
  isThere = false;
  expect(await Thing.read(run(), "thing-1", declared, resource)).toBeUndefined();
  await Thing.delete(run(), "thing-1", declared, resource);
  fake.groups.delete("ic-eu");
  const unreadable = { code: "environment-unreadable" };
  await expect(Thing.read(run(), "thing-1", declared, resource)).rejects.toMatchObject(unreadable);
  await expect(Thing.delete(run(), "thing-1", declared, resource)).rejects.toMatchObject(unreadable);
});

test("it inherits the protection of a group that this run deletes too, and no other", async () => {
  const state = { ...declared, deletionProtection: true };
  await expect(Thing.delete(run(), "thing-1", state, resource)).rejects.toMatchObject({
    code: "inside-protected",
  });
  expect(calls).toEqual([]);
  const staying = run();
  const database = { ...resource, type: "Database" };
  staying.declaredProtection.declare(database, true);
  staying.declaredProtection.recordId(database, "ic-db");
  expect((await Thing.check(staying, resource, undefined, declared)).inputs).toEqual(state);
  await Thing.delete(staying, "thing-1", state, resource);
  expect(calls).toEqual(["delete"]);
});

test("what a run takes over is announced by its preview, and not deleted by it", async () => {
  const adopting = () => run({ COCKPIT_ADOPT: "thing-1" });
  await Thing.check(run(), resource, undefined, declared);
  await Thing.check(adopting(), resource, declared, declared);
  expect(fake.warnings).toEqual([]);
  await Thing.check(adopting(), resource, undefined, declared);
  expect(fake.warnings).toEqual([expect.stringContaining("taken-over]")]);
  await Thing.delete(adopting(), "thing-1", declared, resource);
  expect(fake.warnings).toEqual([expect.anything(), expect.stringContaining("removed-from-state]")]);
  expect(calls).toEqual([]);
});

test("what has nothing to delete is not said to be kept, though it has its database's id", async () => {
  const state = { databaseId: "ic-db", documents: [] };
  await IndexUpdate.delete(run({ COCKPIT_ADOPT: "ic-db" }), "ic-db", state, resource);
  expect(fake.warnings).toEqual([]);
});
