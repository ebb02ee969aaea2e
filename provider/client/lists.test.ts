import { RequestBatcher } from "./lists";

test("ids of a group that are asked for at one time take one request, and each what it leaves out", async () => {
  const asked: string[] = [];
  const together = new RequestBatcher(
    (groupId, ids) => {
      asked.push(`${groupId}: ${ids.join()}`);
      return Promise.resolve(ids.filter((id) => id !== "gone").map((id) => ({ id, of: groupId })));
    },
    (groupId, id) => {
      asked.push(`${groupId}: only ${id}`);
      return Promise.resolve(undefined);
    },
  );
  const ids = ["a", "b", "a", "gone"];
  const [found, other] = await Promise.all([
    Promise.all(ids.map((id) => together.get("g1", id))),
    together.get("g2", "a"),
  ]);
  expect(found.map((one) => one?.id)).toEqual(["a", "b", "a", undefined]);
  expect(other).toEqual({ id: "a", of: "g2" });
  expect(asked.sort()).toEqual(["g1: a,b,gone", "g1: only gone", "g2: a"]);
  expect(await together.get("g1", "a")).toBeDefined();
  expect(asked).toHaveLength(4);
});

test("a failure reaches all that asked, and is not remembered", async () => {
  let fails = true;
  const together = new RequestBatcher(
    () => (fails ? Promise.reject(new Error("down")) : Promise.resolve([{ id: "a" }])),
    () => Promise.resolve(undefined),
  );
  const outcomes = await Promise.allSettled([together.get("g1", "a"), together.get("g1", "b")]);
  expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "rejected"]);
  fails = false;
  expect(await together.get("g1", "a")).toEqual({ id: "a" });
});
