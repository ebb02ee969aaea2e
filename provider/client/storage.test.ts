import { type Bench, bench } from "../../tests/support/api-server";
import type { Storage } from "./storage";

let b: Bench;
let storage: Storage;
beforeEach(async () => {
  b = await bench();
  storage = b.connect().storage;
});
afterEach(() => b.close());

interface Case {
  call: (storage: Storage) => Promise<unknown>;
  route: string;
  answer: unknown;
  query?: object;
  body?: unknown;
  value?: unknown;
}

const cases: Record<string, Case> = {
  updateIndexes: {
    call: (s) => s.updateIndexes("g1", 1),
    route: "PUT /group/g1/dd",
    answer: [{ id: "_design/Patient", views: {} }],
    query: { warmup: "true", dryRun: "false" },
    value: ["_design/Patient"],
  },
  indexing: {
    call: (s) => s.indexing("g1"),
    route: "GET /icure/byGroup/g1/i",
    answer: { statuses: { "icure-g1-base/_design/User": 40 } },
    value: { "icure-g1-base/_design/User": 40 },
  },
  usage: {
    call: (s) => s.usage(["g1", "g2"]),
    route: "POST /group/storage/info",
    body: { ids: ["g1", "g2"] },
    answer: [
      { groupId: "g1", databasesInfo: [{ id: "icure-g1-base", docs: 3, activeSize: 12 }], gcpStorageSize: 7 },
    ],
    value: [
      {
        groupId: "g1",
        attachmentBytes: 7,
        parts: [{ id: "icure-g1-base", docs: 3, activeSize: 12, fileSize: 0, externalSize: 0 }],
      },
    ],
  },
  addSchemaVersion: {
    call: (s) => s.changeSchemaVersion("add", { solutionId: "g0", version: 3, databaseIds: ["g1"] }),
    route: "POST /group/schema/g0/add/3",
    body: { ids: ["g1"] },
    answer: [{ id: "g1" }],
    value: undefined,
  },
  removeSchemaVersion: {
    call: (s) => s.changeSchemaVersion("remove", { solutionId: "g0", version: 3, databaseIds: ["g1"] }),
    route: "POST /group/schema/g0/remove/3",
    query: { force: "false" },
    body: { ids: ["g1"] },
    answer: [{ id: "g1" }],
    value: undefined,
  },
};

test.each(Object.entries(cases))("%s", async (_, { call, route, answer, query, body, value }) => {
  b.server.on(route, { json: answer });
  expect(await call(storage)).toEqual(value);
  expect(b.server.log).toEqual([route]);
  const seen = b.server.requests.at(-1);
  expect(seen).toMatchObject({ query: query ?? {} });
  expect(seen?.body).toEqual(body);
});

test.each([404, 405, 501, 403])(
  "a server that answers %i doesn't tell how far indexes are",
  async (status) => {
    b.server.on("GET /icure/byGroup/g1/i", { status, json: { message: "no" } });
    expect(await storage.indexing("g1")).toBeUndefined();
  },
);

test("a server that fails is not silence", async () => {
  b.server.on("GET /icure/byGroup/g1/i", { status: 400, json: { message: "no" } });
  await expect(storage.indexing("g1")).rejects.toMatchObject({ code: "rejected" });
});

test("nothing is being built where the server leaves it out", async () => {
  b.server.on("GET /icure/byGroup/g1/i", { json: {} });
  expect(await storage.indexing("g1")).toEqual({});
});
