import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { Identity } from "../../framework/identity";
import type { Context } from "../context";
import { assertDeletable } from "./contents";
import { deleteGroup, type DeletableState } from "./deletion";
import {
  databasesOf,
  isConfirmed,
  protectionError,
  confirmationText,
  describeImpact,
  type GroupAtRisk,
} from "./protection";

const hourMs = 3_600_000;
const resource: Identity = { type: "Database", project: "petra", stack: "test", name: "records" };
let fake: FakeCockpits;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu");
  fake.solution("ic-app", "ic-eu", { name: "App" });
  fake.database("ic-db", "ic-app", { name: "Db" });
  fake.users.set("ic-db", 2);
});

/** Another process, in which this was typed. */
function run(...confirmed: string[]): Context {
  return fake.context(
    ["ic-eu"],
    confirmed.length === 0 ? {} : { COCKPIT_CONFIRM_DELETE: JSON.stringify(confirmed) },
  );
}

/** As a process finds it now. */
function atRisk(id: string, more: Partial<GroupAtRisk> = {}): GroupAtRisk {
  const group = { ...(fake.groups.get(id) ?? fake.put({ id })) };
  return { group, stateName: group.name, databases: [], resource, ...more };
}
const typed = (id: string) => confirmationText(run(), atRisk(id));
const isLetGo = (value: string, id: string, more: Partial<GroupAtRisk> = {}) =>
  isConfirmed(run(value), atRisk(id, more));

describe("a confirmation holds", () => {
  test("for the group that it was shown for, by its name, its id, or its name in its solution", async () => {
    const [name, code] = (await typed("ic-db")).split("@");
    expect(name).toBe("Db");
    for (const written of [`Db@${code}`, `ic-db@${code}`, `App/Db@${code}`]) {
      expect(await isLetGo(written, "ic-db")).toBe(true);
    }
    for (const written of [`Other@${code}`, `Elsewhere/Db@${code}`, `ic-app@${code}`]) {
      expect(await isLetGo(written, "ic-db")).toBe(false);
    }
  });

  test("not without its code, nor with another's", async () => {
    const [, code] = (await typed("ic-app")).split("@");
    expect(await isLetGo("Db", "ic-db")).toBe(false);
    expect(await isLetGo(`Db@${code}`, "ic-db")).toBe(false);
    expect(await isConfirmed(run(), atRisk("ic-db"))).toBe(false);
  });

  test("until the end of the next day of the server's clock", async () => {
    fake.serverTime = Date.UTC(2026, 0, 1, 23);
    const shown = await typed("ic-db");
    fake.serverTime += 24 * hourMs;
    expect(await isLetGo(shown, "ic-db")).toBe(true);
    fake.serverTime += hourMs;
    expect(await isLetGo(shown, "ic-db")).toBe(false);
  });

  test("in the stack that showed it", async () => {
    const other = { ...resource, stack: "production" };
    expect(await isLetGo(await typed("ic-db"), "ic-db", { resource: other })).toBe(false);
  });

  test("as long as the group is what it was: a change, or its first user, ends it; its last user's leaving does not", async () => {
    const shown = await typed("ic-db");
    fake.users.set("ic-db", 3);
    expect(await isLetGo(shown, "ic-db")).toBe(true);
    fake.users.set("ic-db", 0);
    expect(await isLetGo(shown, "ic-db")).toBe(true);
    const unused = await typed("ic-db");
    fake.users.set("ic-db", 1);
    expect(await isLetGo(unused, "ic-db")).toBe(false);
    fake.database("ic-db", "ic-app", { name: "Db", rev: "2" });
    expect(await isLetGo(shown, "ic-db")).toBe(false);
  });

  test("by the id only, where the state knows another name than the one that it has now", async () => {
    const [, code] = (await typed("ic-db")).split("@");
    expect(await isLetGo(`Db@${code}`, "ic-db", { stateName: "Former" })).toBe(false);
    expect(await isLetGo(`ic-db@${code}`, "ic-db", { stateName: "Former" })).toBe(true);
  });
});

test.each<[string, () => void, Partial<GroupAtRisk>?]>([
  ["another live group has the name", () => fake.database("ic-twin", "ic-app", { name: "Db" })],
  ["the state knows another name", () => undefined, { stateName: "Former" }],
  ["the name can't be typed", () => fake.database("ic-db", "ic-app", { name: "D\nb" })],
])("the id is what is to be typed where %s", async (_, change, more = {}) => {
  change();
  expect(await confirmationText(run(), atRisk("ic-db", more))).toMatch(/^ic-db@/);
});

test("neither a deleted twin nor one that this run has made takes the name away", async () => {
  fake.database("ic-gone", "ic-app", { name: "Db", deletedAt: 1 });
  const context = run();
  const group = await context.cockpit.groups.create({
    kind: "database",
    id: "ic-new",
    name: "Db",
    parentId: "ic-app",
  });
  context.groupCache.recordCreated(group);
  expect(await confirmationText(context, atRisk("ic-db"))).toMatch(/^Db@/);
});

test("what goes along is told with its users, and of many databases the first", async () => {
  const told = async (id: string) =>
    describeImpact(run(), { ...atRisk(id), databases: await databasesOf(run(), atRisk(id).group) });
  fake.database("ic-gone", "ic-app", { name: "Gone", deletedAt: 1 });
  expect(await told("ic-app")).toBe(' with its database "Db" (2 users) and all their records');
  for (let index = 0; index < 11; index++) {
    fake.database(`ic-more-${index}`, "ic-app");
  }
  expect(await told("ic-app")).toMatch(
    /^ with its 12 databases .*"ic-more-8" \(no users\) and 2 more and all their records$/,
  );
  fake.solution("ic-empty", "ic-eu");
  expect(await told("ic-empty")).toBe("");
  expect(await told("ic-db")).toBe(" with 2 users and all its records");
});

test("a refusal has what to type, and says why what was typed does not hold", async () => {
  const refusal = await protectionError(run(), atRisk("ic-db"));
  expect(refusal).toMatchObject({ code: "protected", toType: { confirm: [await typed("ic-db")] } });
  expect((await protectionError(run("Db"), atRisk("ic-db"))).remedy).toContain("without the code");
  expect((await protectionError(run("Db@bbbbbb"), atRisk("ic-db"))).remedy).toContain("not for this change");
});

describe("a deletion", () => {
  const unprotected: DeletableState = { name: "Db", deletionProtection: false };
  const remove = (context: Context, id = "ic-db", state: Partial<DeletableState> = {}, as = resource) =>
    deleteGroup(context, id, fake.groups.get(id)?.parentId ?? "ic-app", { ...unprotected, ...state }, as);
  const solution: Identity = { ...resource, type: "Solution", name: "app" };
  const refused = { code: "protected" };

  test("of what is protected, by the state or by the program, sends nothing", async () => {
    await expect(remove(run(), "ic-db", { deletionProtection: true })).rejects.toMatchObject(refused);
    const context = run();
    context.declaredProtection.declare(resource, true);
    await expect(remove(context)).rejects.toMatchObject(refused);
    expect(fake.writes).toEqual([]);
  });

  test("is judged by who a resource was where an alias names it, and by its name alone where that was all that was written", async () => {
    const renamed = { ...resource, name: "renamed" };
    const moved = { ...resource, parents: "acme:index:Care" };
    const context = run();
    context.declaredProtection.declare(renamed, true, resource);
    await expect(remove(context)).rejects.toMatchObject(refused);
    const twins = run();
    twins.declaredProtection.declare(moved, true);
    await expect(remove(twins)).rejects.toMatchObject(refused);
    expect(fake.writes).toEqual([]);
    await remove(twins, "ic-db", {}, { ...resource, parents: "acme:index:Clinic" });
    expect(fake.writes).toEqual(["ic-eu delete ic-db"]);
  });

  test("of what is not, or was confirmed, deletes it, for good only where that is declared", async () => {
    const shown = await typed("ic-db");
    await remove(run(shown), "ic-db", { deletionProtection: true });
    expect(fake.writes).toEqual(["ic-eu delete ic-db"]);
    expect(fake.warnings.at(-1)).toContain("2 users");
    fake.database("ic-two", "ic-app");
    await remove(run(), "ic-two", { name: "ic-two", hardDelete: true });
    expect(fake.writes.at(-1)).toBe("ic-eu hardDelete ic-two");
  });

  test("of a solution takes no database along that nobody has named", async () => {
    await expect(remove(run(), "ic-app", { name: "App" }, solution)).rejects.toMatchObject({
      code: "unmanaged-contents",
      toType: { confirm: [expect.stringMatching(/^Db@/)] },
    });
    await expect(
      remove(run(await typed("ic-app")), "ic-app", { name: "App", deletionProtection: true }, solution),
    ).rejects.toMatchObject({ code: "unmanaged-contents" });
    expect(fake.writes).toEqual([]);
    const inStack = { ...atRisk("ic-db"), resource: solution };
    await remove(run(await confirmationText(run(), inStack)), "ic-app", { name: "App" }, solution);
    expect(fake.writes).toEqual(["ic-eu delete ic-app"]);
  });

  test("of what is gone sends nothing; where the environment can't be read either, nothing counts as gone", async () => {
    fake.database("ic-db", "ic-app", { deletedAt: 1 });
    await remove(run(), "ic-db", { deletionProtection: true });
    fake.groups.clear();
    await expect(remove(run())).rejects.toMatchObject({ code: "environment-unreadable" });
    fake.faults.get = () => {
      throw apiError("unreachable");
    };
    await expect(remove(run())).rejects.toMatchObject({ code: "unreachable" });
    expect(fake.writes).toEqual([]);
  });

  test("leaves alone what another resource has", async () => {
    const context = run();
    context.idReservations.reserve("ic-db", { ...resource, name: "other" });
    await remove(context);
    expect(fake.writes).toEqual([]);
    expect(fake.warnings).toEqual([expect.stringContaining("[cockpit:removed-from-state]")]);
  });

  test("deletes what the run replaces, though the state has the name from before an alias", async () => {
    const context = run();
    const renamed = { ...resource, name: "renamed" };
    context.idReservations.reserve("ic-db", renamed);
    context.run.diffed(renamed, "ic-db");
    context.run.toBeReplaced(resource.type, "ic-db");
    await remove(context);
    expect(fake.writes).toEqual([expect.stringContaining("ic-db")]);
  });

  test("of what is in a group waits for the group's confirmation, unless the program keeps the group", async () => {
    const inside = (context: Context, state = { deletionProtection: true }) =>
      assertDeletable(context, "the role", "ic-db", state, resource);
    await expect(inside(run())).rejects.toMatchObject({
      code: "inside-protected",
      toType: { confirm: [await typed("ic-db"), await typed("ic-app")] },
    });
    await inside(run(await typed("ic-db")));
    await inside(run(), { deletionProtection: false });
    const keeping = run();
    keeping.declaredProtection.declare(resource, true);
    keeping.declaredProtection.recordId(resource, "ic-db");
    await inside(keeping);
    fake.database("ic-db", "ic-app", { deletedAt: 1 });
    await inside(run());
    fake.groups.delete("ic-db");
    await inside(run());
  });
});
