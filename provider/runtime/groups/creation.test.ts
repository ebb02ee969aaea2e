import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { Identity } from "../../framework/identity";
import type { Context } from "../context";
import { createGroup, explainGroupTakeover, type GroupToCreate } from "./creation";
import { adoptionMark, isAdoptedBy } from "./custom-properties";
import { groupIdOf } from "./ids";

const resource: Identity = { type: "Database", project: "petra", stack: "test", name: "records" };
const wanted: GroupToCreate = { type: "Database", parentId: "ic-app", name: "Records" };
const [firstId, secondId] = [groupIdOf(resource, wanted, 0), groupIdOf(resource, wanted, 1)];
let fake: FakeCockpits;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu");
  fake.solution("ic-app", "ic-eu", { name: "App" });
});

/** Another process. */
const run = (adopt?: string): Context =>
  fake.context(["ic-eu"], adopt === undefined ? {} : { COCKPIT_ADOPT: adopt });
const create = (context = run(), more: Partial<GroupToCreate> = {}, as = resource) =>
  createGroup(context, as, { ...wanted, ...more });

test("makes the group under the computed id, once", async () => {
  const context = run();
  expect(await create(context)).toMatchObject({
    group: { id: firstId, name: "Records", parentId: "ic-app" },
  });
  expect(context.groupCache.wasCreatedHere(firstId)).toBe(true);
  expect(fake.writes).toEqual([`ic-eu create ${firstId}`]);
});

test("makes it under the chosen id, with what is declared, and the solution's Project ID where it has none of its own", async () => {
  const { group } = await create(run(), {
    groupId: "ic-chosen",
    cluster: "c7",
    solutionsApplicationId: "org.app",
  });
  expect(group).toMatchObject({ id: "ic-chosen", servers: ["c7"], applicationId: "org.app" });
  const own = await create(run(), {
    groupId: "ic-own",
    name: "Own",
    applicationId: "org.own",
    solutionsApplicationId: "org.app",
  });
  expect(own.group).toMatchObject({ applicationId: "org.own" });
});

test("goes on to the next id where the group of the one before was deleted, however often", async () => {
  fake.database(firstId, "ic-app", { name: "Records", deletedAt: 1 });
  expect((await create()).group.id).toBe(secondId);
});

test("gives up after a hundred deleted groups instead of going on for ever", async () => {
  for (let generation = 0; generation < 100; generation++) {
    fake.database(groupIdOf(resource, wanted, generation), "ic-app", { deletedAt: 1 });
  }
  await expect(create()).rejects.toMatchObject({ code: "ids-exhausted" });
  expect(fake.writes).toEqual([]);
});

test("a chosen id of a deleted group is refused, because Cockpit gives no id twice", async () => {
  fake.database("ic-chosen", "ic-app", { deletedAt: 1 });
  await expect(create(run(), { groupId: "ic-chosen" })).rejects.toMatchObject({
    code: "id-of-deleted-group",
  });
  // Outside of what the parent lists, creation itself meets it.
  fake.put({ id: "ic-chosen", parentId: "ic-eu", deletedAt: 1 });
  await expect(create(run(), { groupId: "ic-chosen" })).rejects.toMatchObject({
    code: "id-of-deleted-group",
  });
});

test("two resources of a run never get one id", async () => {
  const context = run();
  await create(context, { groupId: "ic-chosen" });
  const other = { ...resource, name: "other" };
  await expect(create(context, { groupId: "ic-chosen", name: "Other" }, other)).rejects.toMatchObject({
    code: "id-declared-twice",
  });
  expect(fake.writes).toHaveLength(1);
});

test("what was there before is never taken over without being told, be it just as declared", async () => {
  fake.database(firstId, "ic-app", { name: "Records" });
  await expect(create()).rejects.toMatchObject({ code: "already-exists", toType: { adopt: firstId } });
  expect(fake.writes).toEqual([]);
});

test("what has a chosen id is not to be replaced under it, which would fail after the deletion", async () => {
  fake.database("ic-chosen", "ic-app", { name: "Records" });
  await expect(create(run(), { groupId: "ic-chosen" })).rejects.toMatchObject({
    code: "already-exists",
    remedy: expect.stringContaining("Choose a different groupId") as string,
  });
});

test("what was there before and is something else can't be taken over as it is", async () => {
  fake.database(firstId, "ic-app", { name: "Other" });
  await expect(create()).rejects.toMatchObject({ code: "already-exists-different" });
});

test("what another run makes in the meantime is not taken over either", async () => {
  fake.faults.create = (perform) => {
    perform();
    throw apiError("conflict");
  };
  await expect(create()).rejects.toMatchObject({ code: "already-exists" });
});

test("what a request made, of which the answer was lost and nothing could be found out, is taken over only when told", async () => {
  const context = run();
  fake.loseAnswers("create", true);
  await expect(create(context)).rejects.toMatchObject({ code: "unknown-outcome" });
  for (const later of [context, run()]) {
    await expect(create(later)).rejects.toMatchObject({ code: "already-exists", toType: { adopt: firstId } });
  }
  expect(fake.groups.get(firstId)?.properties).toEqual([]);
});

test("an id whose group this account may not see is not to be had", async () => {
  fake.put({ id: "ic-us", kind: "environment" });
  fake.solution("ic-chosen", "ic-us");
  await expect(create(run(), { groupId: "ic-chosen" })).rejects.toMatchObject({ code: "id-of-hidden-group" });
});

test("passes over what a resource has that had this name before, met before or while this one waits", async () => {
  fake.database(firstId, "ic-app", { name: "Former" });
  const context = run();
  const renamed = { ...resource, name: "renamed" };
  context.run.diffed(renamed, firstId);
  fake.reads.length = 0;
  expect((await create(context)).group.id).toBe(secondId);
  expect(fake.reads).not.toContain(`ic-eu get ${firstId}`);
  fake.groups.delete(secondId);
  const waiting = run();
  fake.faults.get = () => {
    waiting.run.diffed(renamed, firstId);
    return fake.put({ id: "ic-eu", kind: "environment" });
  };
  expect((await create(waiting)).group.id).toBe(secondId);
});

test("says of a rejected creation what is odd about the cluster", async () => {
  fake.faults.create = () => {
    throw apiError("rejected");
  };
  await expect(create(run(), { cluster: "c9" })).rejects.toMatchObject({
    code: "rejected",
    message: expect.stringMatching(/"c9".*c1/) as unknown,
  });
  const plain = await create(run(), { cluster: "c1" }).catch((error: unknown) => error);
  expect(plain).toMatchObject({
    code: "rejected",
    message: expect.not.stringContaining("cluster") as unknown,
  });
});

test.each<[string, Partial<GroupToCreate>, string]>([
  ["computed", { name: "After" }, firstId],
  ["chosen", { groupId: "ic-chosen", cluster: "c2" }, "ic-chosen"],
])(
  "what is to be replaced is neither its own replacement nor taken over, where the id is %s",
  async (_, change, id) => {
    fake.database(id, "ic-app", { name: "Before", servers: ["c1"] });
    for (const adopt of [undefined, id]) {
      const context = run(adopt);
      context.run.diffed(resource, id);
      await expect(create(context, change)).rejects.toMatchObject({
        code: "replaced-under-same-id",
        remedy: expect.stringMatching(/deleteBeforeReplace.*declare it as it is \(\w+: /) as string,
      });
    }
    expect(fake.writes).toEqual([]);
  },
);

test("no takeover is announced of what is to be replaced", async () => {
  fake.database("ic-chosen", "ic-app", { name: "Records", servers: ["c1"] });
  const context = run("ic-chosen");
  context.run.diffed(resource, "ic-chosen");
  await explainGroupTakeover(context, resource, { ...wanted, groupId: "ic-chosen", cluster: "c2" });
  expect(fake.warnings).toEqual([]);
});

test("a replacement that was interrupted under its original's id is taken over", async () => {
  fake.database("ic-chosen", "ic-app", { name: "Records", servers: ["c2"] });
  const context = run("ic-chosen");
  context.run.diffed(resource, "ic-chosen");
  expect((await create(context, { groupId: "ic-chosen", cluster: "c2" })).adoptionMark).toBeDefined();
});

describe("told to take over", () => {
  test("marks the group as this resource's and creates nothing", async () => {
    fake.database(firstId, "ic-app", { name: "Records" });
    const { group, adoptionMark: mark } = await create(run(firstId));
    expect(group.id).toBe(firstId);
    expect(isAdoptedBy(group, resource)).toBe(true);
    expect(adoptionMark(group.properties)).toBe(mark);
    expect(fake.writes).toEqual([`ic-eu setProperties ${firstId}`]);
    expect(fake.warnings).toEqual([expect.stringContaining("[cockpit:taken-over]")]);
  });

  test("finds it by its name where its id is another one", async () => {
    fake.database("ic-by-hand", "ic-app", { name: "Records" });
    expect((await create(run("ic-by-hand"))).group.id).toBe("ic-by-hand");
  });

  test.each<[string, Partial<GroupToCreate>, Parameters<FakeCockpits["put"]>[0]]>([
    ["name", {}, { id: firstId, name: "Other" }],
    ["kind", {}, { id: firstId, name: "Records", kind: "solution" }],
    ["parent", {}, { id: firstId, name: "Records", parentId: "ic-eu" }],
    ["cluster", { cluster: "c2", groupId: firstId }, { id: firstId, name: "Records" }],
    [
      "Project ID",
      { applicationId: "org.app" },
      { id: firstId, name: "Records", applicationId: "org.other" },
    ],
  ])("refuses a group of another %s and changes nothing", async (_, declared, live) => {
    fake.put({ parentId: "ic-app", kind: "database", ...live });
    await expect(create(run(firstId), declared)).rejects.toMatchObject({ code: "adoption-mismatch" });
    expect(fake.writes).toEqual([]);
  });

  test("refuses what another resource of the program has", async () => {
    fake.database("ic-theirs", "ic-app", { name: "Records" });
    const context = run("ic-theirs");
    context.run.diffed({ ...resource, name: "other" }, "ic-theirs");
    await expect(create(context, { groupId: "ic-theirs" })).rejects.toMatchObject({
      code: "already-managed",
    });
    expect(fake.writes).toEqual([]);
  });

  test("makes a new one where the named one is deleted", async () => {
    fake.database(firstId, "ic-app", { name: "Records", deletedAt: 1 });
    expect((await create(run(firstId))).group.id).toBe(secondId);
  });

  test("is announced in a preview, for what is alive only", async () => {
    const explain = (context: Context) => explainGroupTakeover(context, resource, { ...wanted });
    await explain(run());
    expect(fake.reads).toEqual([]);
    fake.database(firstId, "ic-app", { deletedAt: 1 });
    fake.database(secondId, "ic-app", { name: "Records" });
    await explain(run(JSON.stringify([firstId, secondId])));
    expect(fake.warnings).toEqual([expect.stringContaining(secondId)]);
    expect(fake.writes).toEqual([]);
  });
});

describe("beside a group of its name that nobody has told apart", () => {
  const groupOfSameName = () => fake.database("ic-by-hand", "ic-app", { name: "Records" });

  test("nothing is created, and it is offered", async () => {
    groupOfSameName();
    await expect(create()).rejects.toMatchObject({ code: "name-exists", toType: { adopt: "ic-by-hand" } });
    expect(fake.writes).toEqual([]);
  });

  test("nothing is offered that another resource of the program has", async () => {
    groupOfSameName();
    const context = run();
    context.run.diffed({ ...resource, name: "former" }, "ic-by-hand");
    const error = await create(context).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({
      code: "name-exists",
      toType: { aliases: expect.stringContaining("former") as unknown },
    });
    expect(error).not.toMatchObject({ toType: { adopt: "ic-by-hand" } });
  });

  test.each<[string, Partial<GroupToCreate>, () => unknown]>([
    ["with an id of its own choice", { groupId: "ic-chosen" }, groupOfSameName],
    ["of another kind", {}, () => fake.put({ ...groupOfSameName(), kind: "solution" })],
    [
      "of another parent",
      {},
      () => fake.solution("ic-else", "ic-eu") && fake.put({ ...groupOfSameName(), parentId: "ic-else" }),
    ],
    ["that is deleted", {}, () => fake.put({ ...groupOfSameName(), deletedAt: 1 })],
  ])("one %s is created", async (_, declared, prepare) => {
    prepare();
    expect((await create(run(), declared)).group.name).toBe("Records");
  });

  test("one is created in a replacement, and beside one that this run has made", async () => {
    groupOfSameName();
    const context = run();
    context.run.checked(resource, true);
    context.run.checked(resource, false);
    expect((await create(context)).group.id).toBe(firstId);
    fake.groups.delete("ic-by-hand");
    const fresh = run();
    fake.groups.delete(firstId);
    await fresh.groupCache.childrenBefore("ic-app");
    await create(fresh, { groupId: "ic-other" }, { ...resource, name: "other" });
    expect((await create(fresh)).group.id).toBe(firstId);
  });

  test("one is created where it was renamed in this run since it was listed", async () => {
    const context = run();
    const former = groupOfSameName();
    await context.groupCache.childrenBefore("ic-app");
    fake.put({ ...former, name: "Renamed" });
    expect((await create(context)).group.id).toBe(firstId);
  });

  test("of several that one is offered which could be taken over as it is", async () => {
    groupOfSameName();
    fake.database("ic-on-c2", "ic-app", { name: "Records", servers: ["c2"] });
    await expect(create(run(), { cluster: "c2" })).rejects.toMatchObject({ toType: { adopt: "ic-on-c2" } });
  });
});
