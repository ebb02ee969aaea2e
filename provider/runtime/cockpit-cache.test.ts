import type { Group } from "../client";
import { GroupCache, liveChildren } from "./cockpit-cache";

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
  const cache = new GroupCache(cockpit);
  const read = await Promise.all(["a", "b", "c"].map((id) => cache.read(id, "parent")));
  expect(read.map((one) => one?.id)).toEqual(["a", "b", "c"]);
  expect(cockpit.asked).toEqual(["get a", "children of parent"]);
});

test("reads share the listing of what is in their parent, until the parent is written", async () => {
  const cockpit = cockpitWith([group("a"), group("old", { deletedAt: 1 })]);
  const cache = new GroupCache(cockpit);
  expect((await cache.children("parent")).map(({ id }) => id)).toEqual(["a"]);
  expect((await cache.read("a", "parent"))?.id).toBe("a");
  expect(cockpit.asked).toEqual(["children of parent"]);
  cache.written("parent");
  await cache.read("a", "parent");
  expect(cockpit.asked).toEqual(["children of parent", "children of parent"]);
});

test("[F30] a group that a listing misses is asked for before it counts as gone", async () => {
  const cockpit = cockpitWith([group("a")], [group("a"), group("moved", { parentId: "elsewhere" })]);
  const cache = new GroupCache(cockpit);
  await cache.read("a", "parent");
  expect((await cache.read("moved", "parent"))?.parentId).toBe("elsewhere");
  expect(await cache.read("gone", "parent")).toBeUndefined();
  expect(cockpit.asked).toContain("get gone");
});

test("[F30] a row that says deleted is not believed before the group says so itself", async () => {
  const rows = [group("a"), group("b", { deletedAt: 1 }), group("c", { deletedAt: 1 })];
  const cockpit = cockpitWith(rows, [group("a"), group("b"), group("c", { deletedAt: 1 })]);
  const cache = new GroupCache(cockpit);
  await cache.read("a", "parent");
  expect(await cache.read("b", "parent")).toEqual(group("b"));
  expect(await cache.read("c", "parent")).toBeUndefined();
  expect((await liveChildren(cockpit, "parent")).map(({ id }) => id)).toEqual(["a", "b"]);
});

test("a deleted group is gone", async () => {
  const cache = new GroupCache(cockpitWith([], [group("a", { deletedAt: 1 })]));
  expect(await cache.read("a", "parent")).toBeUndefined();
});

test("what was written since the listing is asked for again", async () => {
  const cockpit = cockpitWith([group("a"), group("b")]);
  const cache = new GroupCache(cockpit);
  await cache.read("a", "parent");
  await cache.read("a", "parent");
  cache.written("b");
  await cache.read("b", "parent");
  expect(cockpit.asked).toEqual(["get a", "children of parent", "get b"]);
});

test("a listing does not last", async () => {
  let now = 0;
  const cockpit = cockpitWith([group("a")]);
  const cache = new GroupCache(cockpit, () => now);
  await cache.read("a", "parent");
  await cache.read("a", "parent");
  now = 60_000;
  await cache.read("a", "parent");
  expect(cockpit.asked).toEqual(["get a", "children of parent", "children of parent"]);
});

test("a listing that fails leaves the decision to direct reads", async () => {
  const cockpit = cockpitWith([group("a")]);
  const cache = new GroupCache({ ...cockpit, children: () => Promise.reject(new Error("403")) });
  await cache.read("a", "parent");
  expect((await cache.read("a", "parent"))?.id).toBe("a");
});

test("an environment that failed to answer is asked again", async () => {
  let isUp = false;
  const cache = new GroupCache({
    get: (id) => (isUp ? Promise.resolve(group(id)) : Promise.reject(new Error("503"))),
    children: () => Promise.resolve([]),
  });
  await expect(cache.canReadEnvironment("env")).rejects.toThrow("503");
  isUp = true;
  expect(await cache.canReadEnvironment("env")).toBe(true);
});

test("one write invalidates a group as a parent too, and keeps what this process created up to date", async () => {
  const cockpit = cockpitWith([], [group("a"), group("b")]);
  const cache = new GroupCache(cockpit);
  cache.recordCreated(group("a"));
  await cache.parent("b");
  await cache.parent("b");
  expect(cockpit.asked).toEqual(["get b"]);
  cache.written("a", group("a", { applicationId: "com.petra.app" }));
  cache.written("b", group("b"));
  await cache.parent("b");
  expect(cockpit.asked).toEqual(["get b", "get b"]);
  expect(cache.createdHere("a")?.applicationId).toBe("com.petra.app");
  expect(cache.wasCreatedHere("b")).toBe(false);
});

test("what was below a group before this process created in it is told from that until the group moves", async () => {
  const cockpit = cockpitWith([group("before")]);
  const cache = new GroupCache(cockpit);
  expect(await cache.existedBefore("before", "parent")).toBe(true);
  cache.written("parent");
  expect(await cache.existedBefore("before", "parent")).toBe(true);
  expect(cockpit.asked).toEqual(["children of parent"]);
  cache.moved("parent");
  await cache.childrenBefore("parent");
  expect(cockpit.asked).toEqual(["children of parent", "children of parent"]);
});
