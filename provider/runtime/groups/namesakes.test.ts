import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { Identity } from "../../framework/identity";
import { type Properties, unknownValue } from "../../framework/values";
import type { Context } from "../context";
import { groupIdOf } from "./ids";
import { nameExistsFailures } from "./namesakes";

const resource: Identity = { type: "Database", project: "petra", stack: "test", name: "records" };
let fake: FakeCockpits;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu");
  fake.solution("ic-app", "ic-eu", { name: "App" });
  fake.database("ic-by-hand", "ic-app", { name: "Records" });
});

const run = (variables: Record<string, string> = {}) => fake.context(["ic-eu"], variables);

/** What a preview of it says. */
async function failures(
  context: Context,
  news: Properties = {},
  {
    olds = undefined as object | undefined,
    locate = () => Promise.resolve({ at: context, parentId: "ic-app" }),
  } = {},
): Promise<unknown[]> {
  const found = await nameExistsFailures(
    context,
    { resource, olds, news: { name: "Records", ...news } },
    "Database",
    locate,
  );
  return found.map(({ property, code }) => [property, code]);
}

test("a preview refuses, at the name, what creation would refuse", async () => {
  expect(await failures(run())).toEqual([["name", "name-exists"]]);
});

test.each<[string, Properties, object | undefined]>([
  ["that is there already", {}, {}],
  ["with an id of its own choice", { groupId: "ic-chosen" }, undefined],
  ["whose name is not known yet", { name: unknownValue }, undefined],
])("a preview asks nothing about a resource %s", async (_, news, olds) => {
  expect(await failures(run(), news, { olds })).toEqual([]);
  expect(fake.reads).toEqual([]);
});

test("a preview asks nothing about a replacement, and nothing where the place is not known yet", async () => {
  const context = run();
  expect(
    await nameExistsFailures(
      context,
      { resource, olds: undefined, news: { name: "Records" } },
      "Database",
      () => Promise.resolve(undefined),
    ),
  ).toEqual([]);
  context.run.checked(resource, true);
  context.run.checked(resource, false);
  expect(await failures(context)).toEqual([]);
  expect(fake.reads).toEqual([]);
});

test("a preview announces what is told to be taken over", async () => {
  expect(await failures(run({ COCKPIT_ADOPT: "ic-by-hand" }))).toEqual([]);
  expect(fake.warnings).toEqual([expect.stringContaining("[cockpit:taken-over]")]);
});

test("a preview only warns of what an interrupted run may have made, because it may be a forced replacement", async () => {
  fake.groups.delete("ic-by-hand");
  const id = groupIdOf(resource, { type: "Database", parentId: "ic-app" }, 0);
  fake.database(id, "ic-app", { name: "Records" });
  expect(await failures(run())).toEqual([]);
  expect(fake.warnings).toEqual([expect.stringContaining(id)]);
});

test("of two of its name a preview means what an interrupted run of its own may have made", async () => {
  const id = groupIdOf(resource, { type: "Database", parentId: "ic-app" }, 0);
  fake.database(id, "ic-app", { name: "Records" });
  expect(await failures(run())).toEqual([]);
  expect(fake.warnings).toEqual([expect.stringContaining(`COCKPIT_ADOPT=${id}`)]);
});

test.each([
  ["keeps its name and its solution", {}, []],
  ["goes to another solution", { parentId: "ic-former" }, [["name", "name-exists"]]],
  ["gets another name", { name: "Patients" }, [["name", "name-exists"]]],
])(
  "a replacement beside a database of its name, which %s, is judged by that",
  async (_, before, expected) => {
    const context = run();
    context.run.checked(resource, true);
    context.formerPlaces.record(resource, { name: "Records", parentId: "ic-app", ...before });
    context.run.checked(resource, false);
    expect(await failures(context)).toEqual(expected);
  },
);

test("a preview without a network is not refused, and asks only once", async () => {
  const context = run();
  fake.faults.children = () => {
    throw apiError("unreachable");
  };
  expect(await failures(context)).toEqual([]);
  expect(await failures(context)).toEqual([]);
  expect(fake.reads).toHaveLength(1);
  // Another run asks again.
  fake.faults.children = (perform) => perform();
  expect(await failures(run())).toEqual([["name", "name-exists"]]);
});
