import { Run } from "../framework/run";
import type { Context } from "../runtime/context";
import { IndexUpdate } from "./index-update";

const resource = { project: "petra", stack: "test", name: "indexes" };

afterEach(() => void jest.useRealTimers());

test("a long run says again and again that it is still under way, and stops with it", async () => {
  jest.useFakeTimers();
  const said: string[] = [];
  let finish = (() => undefined) as (documents: string[]) => void;
  const context = {
    environments: { holding: () => Promise.resolve(context) },
    run: new Run(),
    births: { bornHere: () => ({ id: "ic-france", kind: "database" }) },
    cockpit: {
      environmentId: () => Promise.resolve("ic-petra"),
      groups: {
        updateIndexes: () => new Promise<string[]>((resolve) => (finish = resolve)),
      },
    },
    now: () => Date.now(),
    inform: (message: string) => said.push(message),
  } as unknown as Context;

  const creation = IndexUpdate.create(context, resource, { databaseId: "ic-france" });
  await jest.advanceTimersByTimeAsync(14_000);
  expect(said).toEqual([]);
  await jest.advanceTimersByTimeAsync(76_000);
  expect(said).toHaveLength(6);
  expect(said.at(-1)).toBe(
    '"indexes": the indexes of ic-france are being updated, for 1 minute and 30 seconds so far',
  );
  finish(["_design/Patient"]);
  expect(await creation).toEqual({
    id: "ic-france",
    state: { databaseId: "ic-france", documents: ["_design/Patient"], environmentId: "ic-petra" },
  });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(said).toHaveLength(6);
});
