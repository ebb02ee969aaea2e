import fc from "fast-check";
import { groupIdOf, type GroupTraits } from "./ids";

const petra = { project: "petra", stack: "dev", name: "petra-france" };
const traits: GroupTraits = { type: "Database", parentId: "ic-petra", cluster: "europe-west-02" };

/** Changing this expectation means that interrupted runs of earlier releases are no longer recognised. */
test("is the same in every release", () => {
  expect(groupIdOf(petra, traits, 0)).toBe("ic-petrafrance-7103aa64-d7d9-54e6-ba0d-67add265e168");
});

test("of what is in a component is the same in every release too", () => {
  expect(groupIdOf({ ...petra, parents: "acme:index:Product" }, traits, 0)).toBe(
    "ic-petrafrance-f405258a-5fc7-5e24-a68c-e5d318d3320b",
  );
});

test.each([
  ["chain of parents", { ...petra, parents: "acme:index:Product" }, traits, 0],
  ["project", { ...petra, project: "other" }, traits, 0],
  ["stack", { ...petra, stack: "prod" }, traits, 0],
  ["name", { ...petra, name: "petra-belgium" }, traits, 0],
  ["type", petra, { ...traits, type: "Solution" as const }, 0],
  ["parent", petra, { ...traits, parentId: "ic-other" }, 0],
  ["cluster", petra, { ...traits, cluster: "europe-west-03" }, 0],
  ["shards", petra, { ...traits, shards: 3 }, 0],
  ["replicas", petra, { ...traits, replicas: 3 }, 0],
  ["generation", petra, traits, 1],
])("another %s is another id", (_what, resource, others, generation) => {
  expect(groupIdOf(resource, others, generation)).not.toBe(groupIdOf(petra, traits, 0));
});

test("[F49] holds only what Cockpit accepts in an id, whatever the resource is called", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (name) => {
      const id = groupIdOf({ ...petra, name }, traits, 0);
      expect(id).toMatch(/^ic-([a-z0-9]{1,28}-)?[0-9a-f-]{36}$/);
    }),
  );
});

test("does not mix up names whose parts run into each other", () => {
  expect(groupIdOf({ project: "a", stack: "b", name: "c-d" }, traits, 0)).not.toBe(
    groupIdOf({ project: "a", stack: "b-c", name: "d" }, traits, 0),
  );
});
