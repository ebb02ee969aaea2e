import type { Group } from "../client";
import { GroupReader, liveChildren } from "./cockpit-cache";

const group = (id: string, more: Partial<Group> = {}): Group => ({
  id,
  servers: [],
  properties: [],
  ...more,
});

function cockpitWith(children: Group[], direct: Group[] = children) {
  const asked: string[] = [];
  return {
    asked,
    get: (id: string) => {
      asked.push(`get ${id}`);
      return Promise.resolve(direct.find((one) => one.id === id));
    },
    children: (id: string) => {
      asked.push(`children of ${id}`);
      return Promise.resolve(children);
    },
  };
}

test("one read is one request; many are one listing", async () => {
  const cockpit = cockpitWith(["a", "b", "c"].map((id) => group(id)));
  const reader = new GroupReader(cockpit);
  const read = await Promise.all(["a", "b", "c"].map((id) => reader.read(id, "parent")));
  expect(read.map((one) => one?.id)).toEqual(["a", "b", "c"]);
  expect(cockpit.asked).toEqual(["get a", "children of parent"]);
});

test("reads share the listing of what is in their parent, until the parent is written", async () => {
  const cockpit = cockpitWith([group("a"), group("old", { deletedAt: 1 })]);
  const reader = new GroupReader(cockpit);
  expect((await reader.children("parent")).map(({ id }) => id)).toEqual(["a"]);
  expect((await reader.read("a", "parent"))?.id).toBe("a");
  expect(cockpit.asked).toEqual(["children of parent"]);
  reader.written("parent");
  await reader.read("a", "parent");
  expect(cockpit.asked).toEqual(["children of parent", "children of parent"]);
});

test("[F30] a group that a listing misses is asked for before it counts as gone", async () => {
  const cockpit = cockpitWith([group("a")], [group("a"), group("moved", { parentId: "elsewhere" })]);
  const reader = new GroupReader(cockpit);
  await reader.read("a", "parent");
  expect((await reader.read("moved", "parent"))?.parentId).toBe("elsewhere");
  expect(await reader.read("gone", "parent")).toBeUndefined();
  expect(cockpit.asked).toContain("get gone");
});

test("[F30] a row that says deleted is not believed before the group says so itself", async () => {
  const rows = [group("a"), group("b", { deletedAt: 1 }), group("c", { deletedAt: 1 })];
  const cockpit = cockpitWith(rows, [group("a"), group("b"), group("c", { deletedAt: 1 })]);
  const reader = new GroupReader(cockpit);
  await reader.read("a", "parent");
  expect(await reader.read("b", "parent")).toEqual(group("b"));
  expect(await reader.read("c", "parent")).toBeUndefined();
  expect((await liveChildren(cockpit, "parent")).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a deleted group is gone", async () => {
  const reader = new GroupReader(cockpitWith([], [group("a", { deletedAt: 1 })]));
  expect(await reader.read("a", "parent")).toBeUndefined();
});

test("what was written since the listing is asked for again", async () => {
  const cockpit = cockpitWith([group("a"), group("b")]);
  const reader = new GroupReader(cockpit);
  await reader.read("a", "parent");
  await reader.read("a", "parent");
  reader.written("b");
  await reader.read("b", "parent");
  expect(cockpit.asked).toEqual(["get a", "children of parent", "get b"]);
});

test("a listing does not last", async () => {
  let now = 0;
  const cockpit = cockpitWith([group("a")]);
  const reader = new GroupReader(cockpit, () => now);
  await reader.read("a", "parent");
  await reader.read("a", "parent");
  now = 60_000;
  await reader.read("a", "parent");
  expect(cockpit.asked).toEqual(["get a", "children of parent", "children of parent"]);
});

test("a listing that fails leaves the decision to direct reads", async () => {
  const cockpit = cockpitWith([group("a")]);
  const reader = new GroupReader({ ...cockpit, children: () => Promise.reject(new Error("403")) });
  await reader.read("a", "parent");
  expect((await reader.read("a", "parent"))?.id).toBe("a");
});

test("an environment that failed to answer is asked again", async () => {
  let isUp = false;
  const reader = new GroupReader({
    get: (id) => (isUp ? Promise.resolve(group(id)) : Promise.reject(new Error("503"))),
    children: () => Promise.resolve([]),
  });
  await expect(reader.canReadEnvironment("env")).rejects.toThrow("503");
  isUp = true;
  expect(await reader.canReadEnvironment("env")).toBe(true);
});
