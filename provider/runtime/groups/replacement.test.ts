import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { Identity } from "../../framework/identity";
import { unknownValue } from "../../framework/values";
import type { Context } from "../context";
import { newAdoptionMark, withAdoptionMark } from "./custom-properties";
import { groupIdOf } from "./ids";
import {
  matchesLive,
  replacementFailures,
  type ReplaceableInputs,
  replaces,
  confirmReplacements,
} from "./replacement";

const resource: Identity = { type: "Database", project: "petra", stack: "test", name: "records" };
const traits = { type: "Database", parentId: "ic-app", cluster: "c1" } as const;
const ownId = groupIdOf(resource, traits, 0);
const olds: ReplaceableInputs = {
  name: "Records",
  solutionId: "ic-app",
  cluster: "c1",
  deletionProtection: true,
};
const unprotected = { ...olds, deletionProtection: false };
let fake: FakeCockpits;
let context: Context;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu");
  fake.solution("ic-app", "ic-eu", { name: "App" });
  fake.database(ownId, "ic-app", { name: "Records" });
  fake.users.set(ownId, 3);
  context = fake.context(["ic-eu"]);
});
afterEach(() => {
  expect(fake.writes).toEqual([]);
});

function refuse(
  change: ReplaceableInputs,
  {
    before = resource,
    was = olds,
    at = context,
  }: { before?: Identity; was?: ReplaceableInputs | null; at?: Context } = {},
) {
  return replacementFailures(
    at,
    { resource, before, olds: was ?? undefined, news: { ...was, ...change } },
    "Database",
  );
}
const refused = async (...request: Parameters<typeof refuse>) =>
  (await refuse(...request)).map(({ property, code }) => [property, code]);

test("a change that replaces a protected group is refused at the property, and a creation is not", async () => {
  expect(await refused({ cluster: "c2" })).toEqual([["cluster", "protected"]]);
  expect(await refused({ cluster: "c2" }, { was: null })).toEqual([]);
  expect(fake.warnings).toEqual([]);
});

test.each<[string, ReplaceableInputs]>([
  ["nothing", {}],
  ["a name", { name: "Other" }],
  ["what is no longer declared", { cluster: undefined }],
  ["a cluster to where the group was moved", { cluster: "c9" }],
  ["an id to the one that it has", { groupId: ownId }],
])("a change of %s is none that replaces", async (_, change) => {
  fake.database(ownId, "ic-app", { name: "Records", servers: ["c1", "c9"] });
  expect(await refused(change)).toEqual([]);
  expect(fake.warnings).toEqual([]);
});

test("a preview in which nothing replaces asks Cockpit nothing", async () => {
  expect(await refused({ name: "Other", cluster: undefined })).toEqual([]);
  expect(fake.reads).toEqual([]);
});

test.each<[string, ReplaceableInputs]>([
  ["shards", { shards: 3 }],
  ["replicas", { replicas: 2 }],
  ["groupId", { groupId: "ic-other" }],
  ["solutionId", { solutionId: "ic-other" }],
  ["solutionId", { solutionId: unknownValue }],
])("a change of %s replaces: %p", async (property, change) => {
  expect(await refused(change)).toEqual([[property, "protected"]]);
});

test("protection is what the state has or the program says: lifting it in the same run is too late", async () => {
  expect(await refused({ cluster: "c2", deletionProtection: false })).toEqual([["cluster", "protected"]]);
  expect(await refused({ cluster: "c2", deletionProtection: true }, { was: unprotected })).toEqual([
    ["cluster", "protected"],
  ]);
  expect(await refused({ cluster: "c2" }, { was: { ...olds, deletionProtection: undefined } })).toEqual([
    ["cluster", "protected"],
  ]);
});

test("what is not protected is replaced with a warning of what is lost, and for good if so declared", async () => {
  expect(await refused({ cluster: "c2" }, { was: unprotected })).toEqual([]);
  expect(await refused({ cluster: "c2" }, { was: { ...unprotected, hardDelete: true } })).toEqual([]);
  expect(fake.warnings).toEqual([
    expect.stringContaining("3 users"),
    expect.stringContaining("irreversibly"),
  ]);
  expect(fake.warnings[0]).not.toContain("irreversibly");
});

test("a confirmation of this very change lets a protected group go; another one does not", async () => {
  const [failure] = await refuse({ cluster: "c2" });
  const typed = /COCKPIT_CONFIRM_DELETE=(\S+)/.exec(failure?.reason ?? "")?.[1] ?? "";
  const confirming = (value: string) => fake.context(["ic-eu"], { COCKPIT_CONFIRM_DELETE: value });
  expect(await refused({ cluster: "c2" }, { at: confirming(typed) })).toEqual([]);
  expect(await refused({ cluster: "c2" }, { at: confirming("Records") })).toEqual([["cluster", "protected"]]);
  // Since then somebody has changed it.
  fake.database(ownId, "ic-app", { name: "Records", rev: "2" });
  expect(await refused({ cluster: "c2" }, { at: confirming(typed) })).toEqual([["cluster", "protected"]]);
});

describe("the group that would be lost is", () => {
  const lost = async (...request: Parameters<typeof refuse>) => (await refuse(...request))[0]?.reason;

  test("the one whose id creation computed, whatever it is called now", async () => {
    fake.database(ownId, "ic-app", { name: "Renamed by hand" });
    fake.database("ic-double", "ic-app", { name: "Records" });
    expect(await lost({ cluster: "c2" })).toContain(ownId);
  });

  test("the one that was created after the first was deleted", async () => {
    const second = groupIdOf(resource, traits, 1);
    fake.database(ownId, "ic-app", { deletedAt: 1 });
    fake.database(second, "ic-app", { name: "Renamed by hand" });
    expect(await lost({ cluster: "c2" })).toContain(second);
  });

  test("the one that the resource had under the name of before", async () => {
    const before = { ...resource, name: "formerly" };
    const formerId = groupIdOf(before, traits, 0);
    fake.groups.delete(ownId);
    fake.database(formerId, "ic-app", { name: "Anything" });
    expect(await lost({ cluster: "c2" }, { before })).toContain(formerId);
    expect(await lost({ cluster: "c2" })).not.toContain(formerId);
  });

  test("the one whose id an earlier release computed without the resource's parents, if it has the name too", async () => {
    const component: Identity = { ...resource, parents: "my:index:Thing" };
    const refuseIt = async () => {
      const news = { ...olds, cluster: "c2" };
      const request = { resource: component, before: component, olds, news };
      return (await replacementFailures(context, request, "Database"))[0]?.reason;
    };
    fake.database("ic-double", "ic-app", { name: "Records" });
    expect(await refuseIt()).toContain(ownId);
    fake.database(ownId, "ic-app", { name: "Another resource's" });
    expect(await refuseIt()).toContain("ic-double");
  });

  test("the one with the declared id", async () => {
    fake.database("ic-chosen", "ic-app", { name: "Whatever" });
    expect(await lost({ cluster: "c2" }, { was: { ...olds, groupId: "ic-chosen" } })).toContain("ic-chosen");
  });

  test("the only one of its name where it was taken over; of several the one with this resource's mark", async () => {
    fake.groups.delete(ownId);
    fake.database("ic-one", "ic-app", { name: "Records" });
    expect(await lost({ cluster: "c2" })).toContain("ic-one");
    const properties = withAdoptionMark([], newAdoptionMark(resource));
    fake.database("ic-two", "ic-app", { name: "Records", properties });
    expect(await lost({ cluster: "c2" })).toContain("ic-two");
  });
});

test("a group that is known by its name only is not spared because it is on the new cluster", async () => {
  fake.groups.delete(ownId);
  fake.database("ic-one", "ic-app", { name: "Records", servers: ["c1", "c9"] });
  expect(await refused({ cluster: "c9" })).toEqual([["cluster", "protected"]]);
});

test("a replacement under the id of what is deleted before it is refused, unless the id is free again then", async () => {
  fake.database("ic-chosen", "ic-app", { name: "Records" });
  const chosen = { ...unprotected, groupId: "ic-chosen" };
  expect(await refused({ cluster: "c2" }, { was: chosen })).toEqual([["groupId", "replaced-under-same-id"]]);
  expect(await refused({ cluster: "c2", groupId: "ic-new" }, { was: chosen })).toEqual([]);
  expect(await refused({ cluster: "c2", groupId: undefined }, { was: chosen })).toEqual([]);
  expect(await refused({ cluster: "c2" }, { was: { ...chosen, hardDelete: true } })).toEqual([]);
});

test("a group that can't be told from others of its name is not lost while it is protected", async () => {
  fake.groups.delete(ownId);
  fake.database("ic-one", "ic-app", { name: "Records" });
  fake.database("ic-two", "ic-app", { name: "Records" });
  expect(await refused({ cluster: "c2" })).toEqual([["cluster", "protected"]]);
  const properties = withAdoptionMark([], newAdoptionMark(resource));
  fake.database("ic-one", "ic-app", { name: "Records", properties });
  fake.database("ic-two", "ic-app", { name: "Records", properties });
  const forGood = { ...olds, hardDelete: true };
  const [failure] = await refuse({ cluster: "c2" }, { was: forGood });
  expect(failure).toMatchObject({ property: "cluster", code: "protected" });
  expect(failure?.reason).not.toMatch(/ic-one|ic-two/);
  expect(fake.warnings).toEqual([]);
  expect(await refused({ cluster: "c2" }, { was: unprotected })).toEqual([]);
  expect(fake.warnings).toHaveLength(1);
});

test.each<[string, () => void, ReplaceableInputs?]>([
  ["its solution is gone for good", () => fake.groups.delete("ic-app")],
  [
    "its solution is deleted and it has another id than creation computes",
    () => {
      fake.solution("ic-app", "ic-eu", { deletedAt: 1 });
      fake.groups.delete(ownId);
      fake.database("ic-taken-over", "ic-app", { name: "Records", deletedAt: 1 });
    },
  ],
  ["the group with the declared id is gone", () => undefined, { groupId: "ic-gone" }],
  ["the last one that creation made is deleted", () => fake.database(ownId, "ic-app", { deletedAt: 1 })],
  [
    "it was to be deleted for good, and nothing is there",
    () => fake.groups.delete(ownId),
    { hardDelete: true },
  ],
])("nothing is refused where %s", async (_, change, was = {}) => {
  change();
  expect(await refused({ cluster: "c2" }, { was: { ...olds, ...was } })).toEqual([]);
});

test("a protected group that is not found although nothing says that it is gone is not given up", async () => {
  fake.groups.delete(ownId);
  expect(await refused({ cluster: "c2" })).toEqual([["cluster", "protected"]]);
  const [failure] = await refuse({ cluster: "c2" });
  expect(failure?.reason).toContain("pulumi state delete");
});

test("an account that may not see the solution is told so, and nothing counts as gone", async () => {
  fake.put({ id: "ic-us", kind: "environment" });
  fake.solution("ic-app", "ic-us");
  await expect(refuse({ cluster: "c2" })).rejects.toMatchObject({ code: "other-environment" });
  fake.faults.children = () => {
    throw apiError("unreachable");
  };
  await expect(refuse({ cluster: "c2" })).rejects.toMatchObject({ code: "unreachable" });
});

test("a solution keeps the id of the environment that it was created in, and takes its databases along", async () => {
  const solution: Identity = { ...resource, type: "Solution", name: "app" };
  const id = groupIdOf(solution, { type: "Solution", parentId: "ic-us", cluster: "c1" }, 0);
  const two = new FakeCockpits("ic-eu", "ic-us");
  two.solution(id, "ic-eu", { name: "App" });
  two.database("ic-db", id, { name: "Db" });
  const [failure] = await replacementFailures(
    two.context(["ic-eu", "ic-us"]),
    {
      resource: solution,
      before: solution,
      olds: { name: "Something", cluster: "c1", specId: "ic-eu" },
      news: { name: "Something", cluster: "c2" },
    },
    "Solution",
  );
  expect(failure).toMatchObject({ property: "cluster", code: "protected" });
  expect(failure?.reason).toMatch(new RegExp(`${id}.*"Db"`));
});

test("what diff replaces is looked at again by id", async () => {
  const news = { cluster: "c1", groupId: "ic-other" };
  expect(await confirmReplacements(context, ownId, news, ["cluster", "groupId"])).toEqual(["groupId"]);
  expect(await confirmReplacements(context, "ic-gone", news, ["cluster"])).toEqual(["cluster"]);
});

test("writing down what is there replaces nothing", () => {
  const live = fake.database("ic-live", "ic-app", { servers: ["c1", "c2"] });
  expect(matchesLive("cluster", "c2", live)).toBe(true);
  expect(matchesLive("cluster", "c3", live)).toBe(false);
  expect(matchesLive("cluster", unknownValue, live)).toBe(false);
  expect(matchesLive("groupId", "ic-live", live)).toBe(true);
  expect(matchesLive("shards", "ic-live", live)).toBe(false);
  expect([
    replaces("a", undefined),
    replaces("a", "a"),
    replaces("a", "b"),
    replaces(undefined, "b"),
  ]).toEqual([false, false, true, true]);
});
