import { ApiError } from "../client";
import { Run } from "../framework/run";
import type { Context } from "../runtime/context";
import { IndexUpdate } from "./index-update";

const resource = { project: "petra", stack: "test", name: "indexes" };

/** A Cockpit whose answers about progress are given, each once and the last one for ever; time passes only while it waits. */
class Bench {
  readonly said: string[] = [];
  readonly calls: string[] = [];
  time = 0;
  documents: () => Promise<string[]> = () => Promise.resolve(["_design/Patient"]);
  schemaVersions: number[] = [];

  constructor(readonly progress: (Record<string, number> | undefined)[] = [{}]) {}

  readonly context = {
    environments: {
      holding: () => Promise.resolve(this.context),
      recorded: () => Promise.resolve(this.context),
    },
    run: new Run(),
    groupCache: { createdHere: () => ({ id: "ic-france", kind: "database" }) },
    cockpit: {
      environmentId: () => Promise.resolve("ic-petra-corp"),
      groups: {
        get: () =>
          Promise.resolve({
            id: "ic-france",
            kind: "database",
            parentId: "ic-petra",
            schemaVersions: this.schemaVersions,
          }),
      },
      storage: {
        updateIndexes: (id: string, patienceMs: number) => {
          this.calls.push(`update ${id} within ${patienceMs}`);
          return this.documents();
        },
        indexing: () => Promise.resolve(this.progress.length > 1 ? this.progress.shift() : this.progress[0]),
        changeSchemaVersion: (
          how: string,
          { version, solutionId }: { version: number; solutionId: string },
        ) => {
          this.calls.push(`${how} ${version} in ${solutionId}`);
          return Promise.resolve();
        },
      },
    },
    now: () => this.time,
    pause: (milliseconds: number) => {
      this.time += milliseconds;
      return Promise.resolve();
    },
    inform: (message: string) => this.said.push(message),
    warn: (message: string) => this.said.push(`warning: ${message}`),
  } as unknown as Context;

  create(declared: Record<string, unknown> = {}) {
    return IndexUpdate.create(this.context, resource, {
      databaseId: "ic-france",
      wait: true,
      timeout: "1h",
      ...declared,
    });
  }
}

afterEach(() => void jest.useRealTimers());

test("an answer that takes long is waited for, and it says again and again how far it is", async () => {
  jest.useFakeTimers();
  const bench = new Bench([{ "icure-ic-france-base/_design/User": 40 }]);
  let finish = (() => undefined) as (documents: string[]) => void;
  bench.documents = () => new Promise((resolve) => (finish = resolve));
  const creation = bench.create({ wait: false });
  await jest.advanceTimersByTimeAsync(14_000);
  expect(bench.said).toEqual([]);
  bench.time = 90_000;
  await jest.advanceTimersByTimeAsync(76_000);
  expect(bench.said).toHaveLength(6);
  expect(bench.said.at(-1)).toBe(
    '"indexes": the indexes of ic-france are being updated, for 1 minute and 30 seconds so far: 1 index left, 40 % done of the slowest',
  );
  finish(["_design/Patient"]);
  expect(await creation).toMatchObject({
    id: "ic-france",
    state: { databaseId: "ic-france", documents: ["_design/Patient"], environmentId: "ic-petra-corp" },
  });
  await jest.advanceTimersByTimeAsync(60_000);
  expect(bench.said).toHaveLength(6);
});

test("it waits until Cockpit builds nothing any more, and says how far it is", async () => {
  const bench = new Bench([
    {},
    ...Array.from({ length: 5 }, (_, step) => ({ a: 20 * step, b: 100, c: 90 })),
    {},
    { a: 99 },
    {},
  ]);
  await bench.create();
  expect(bench.said).toEqual([
    expect.stringMatching(/: 2 indexes left, 80 % done of the slowest$/),
    // What begins after a moment of silence is waited for, too.
    expect.stringMatching(/: 1 index left, 99 % done of the slowest$/),
  ]);
});

test("what is over by its time-out fails, and says that Cockpit goes on", async () => {
  const bench = new Bench([{ a: 7 }]);
  const creation = bench.create({ timeout: "2m" });
  await expect(creation).rejects.toMatchObject({
    code: "timeout",
    what: expect.stringMatching(/ic-france.*2 minutes.*1 index .*7 %/) as unknown,
  });
  expect(bench.calls).toEqual(["update ic-france within 120000"]);
  expect(bench.time).toBeLessThanOrEqual(120_000);
});

test("without waiting nothing is asked; where Cockpit doesn't tell, that is said", async () => {
  const hasty = new Bench([{ a: 7 }]);
  await hasty.create({ wait: false });
  expect([hasty.time, hasty.said]).toEqual([0, []]);
  const silent = new Bench([undefined]);
  await silent.create();
  expect(silent.said).toEqual([
    'warning: "indexes": Cockpit doesn\'t tell how far the indexes of ic-france are; they may still be built.',
  ]);
});

test("a failure while it waits is one, and the next run may do all of it again", async () => {
  const bench = new Bench();
  const failure = new ApiError({ code: "server-error", operation: "read how far", problem: "it failed" });
  bench.context.cockpit.storage.indexing = () => Promise.reject(failure);
  await expect(bench.create()).rejects.toBe(failure);
});

test("missing schema versions are added before, others removed once everything is built", async () => {
  const bench = new Bench();
  bench.schemaVersions = [1, 2];
  const { state } = await bench.create({ schemaVersions: [3, 2] });
  expect(bench.calls).toEqual([
    "add 3 in ic-petra",
    "update ic-france within 3600000",
    "remove 1 in ic-petra",
  ]);
  const read = async () => IndexUpdate.read(bench.context, "ic-france", state, resource);
  bench.schemaVersions = [2, 3];
  expect(await read()).toMatchObject({ schemaVersions: [3, 2] });
  bench.schemaVersions = [2];
  expect(await read()).toMatchObject({ schemaVersions: [2] });
});

test.each([
  [{ timeout: "soon" }, /timeout: .*is not a duration/],
  [{ schemaVersions: [1.5] }, /schemaVersions.*must be a whole number/],
  [{ schemaVersions: [-1] }, /schemaVersions.*must not be negative/],
  [{ wait: "yes" }, /wait/],
])("%j is refused", async (declared, reason) => {
  const news = { databaseId: "ic-france", ...declared };
  const { failures } = await IndexUpdate.check(new Bench().context, resource, undefined, news);
  expect(failures.map(({ property, reason }) => `${property}: ${reason}`).join("\n")).toMatch(reason);
});
