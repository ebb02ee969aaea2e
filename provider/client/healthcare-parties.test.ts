import { inspect } from "node:util";
import { type Bench, bench, failure, type Reply } from "../../tests/support/api-server";

const storedDocument = {
  id: "h1",
  rev: "1-a",
  name: "Petra",
  parentId: null,
  public: true,
  tags: [{ id: "IC|organisation|1", type: "IC", code: "organisation", version: "1", label: { fr: "O" } }],
  addresses: [
    { addressType: "work", street: "Rue", telecoms: [{ telecomType: "email", telecomNumber: "a@b", x: 1 }] },
  ],
  hcPartyKeys: { h1: ["k"] },
  futureField: { nested: [1, null] },
  modified: 5,
};
const collectionRoute = "/hcparty/inGroup/d1";
const [POST, PUT] = [`POST ${collectionRoute}`, `PUT ${collectionRoute}`];
const [GET, DELETE] = [`GET ${collectionRoute}/h1`, `DELETE ${collectionRoute}/h1`];
const lostAnswer: Reply = { hangUp: "unanswered" };
const absentAnswer: Reply = { status: 404, json: { message: "not found" } };
const unclearAnswer: [string, Reply][] = [
  ["a lost connection", lostAnswer],
  ["a cut answer", { hangUp: "mid-body", json: storedDocument }],
  ["an answer for another party", { json: { ...storedDocument, id: "h2" } }],
  ["500", { status: 500 }],
];

let b: Bench;
beforeEach(async () => {
  b = await bench();
});
afterEach(() => b.close());

const parties = () => b.connect().healthcareParties;
const read = async () => {
  b.server.on(GET, { json: storedDocument });
  const party = await parties().get("d1", "h1");
  if (!party) {
    throw new Error("no party");
  }
  return party;
};

test("a party is read; what is not known of it is kept and not shown", async () => {
  const party = await read();
  const { id, rev, name, tags, addresses } = storedDocument;
  expect(party).toMatchObject({ id, rev, name, public: true, tags, addresses });
  expect(party).not.toHaveProperty("parentId");
  expect(inspect(party, { depth: 9, showHidden: true }) + JSON.stringify(party)).not.toContain("futureField");
});

test("an absent party is nothing, a deleted one says so", async () => {
  b.server.on(GET, absentAnswer, { json: { ...storedDocument, deletionDate: 7 } });
  expect(await parties().get("d1", "h1")).toBeUndefined();
  expect(await parties().get("d1", "h1")).toMatchObject({ deletedAt: 7 });
});

test("[F32] an update changes what is changed, and nothing else", async () => {
  const party = await read();
  b.server.on(PUT, { json: { ...storedDocument, rev: "2-b", name: "Paula" } });
  expect(await parties().update("d1", { ...party, name: "Paula", tags: undefined })).toMatchObject({
    rev: "2-b",
  });
  const sent = { ...storedDocument, name: "Paula", parentId: undefined, tags: undefined };
  expect(b.server.seen(PUT)[0]?.body).toEqual(sent);
});

test("[F25] an old revision is a conflict", async () => {
  const party = await read();
  b.server.on(PUT, { status: 409, json: { message: "rev" } });
  expect(await failure(parties().update("d1", party))).toMatchObject({ code: "conflict", status: 409 });
  expect(b.server.log).toEqual([GET, PUT]);
});

test.each(unclearAnswer)("after %s, an update that happened is a success", async (_, unclear) => {
  const party = await read();
  const next = { ...storedDocument, rev: "2-b", name: "Paula", modified: 6, added: true };
  b.server.on(PUT, unclear).on(GET, { json: next });
  expect(await parties().update("d1", { ...party, name: "Paula" })).toMatchObject({
    rev: "2-b",
    name: "Paula",
  });
  expect(b.server.log).toEqual([GET, PUT, GET]);
});

test("one that did not happen is sent again", async () => {
  const party = await read();
  b.server.on(PUT, lostAnswer, { json: { ...storedDocument, rev: "2-b" } });
  expect(await parties().update("d1", { ...party, name: "Paula" })).toMatchObject({ rev: "2-b" });
  expect(b.server.log).toEqual([GET, PUT, GET, PUT]);
});

test.each<[string, Reply]>([
  ["someone else's change", { json: { ...storedDocument, rev: "2-c", name: "Other" } }],
  ["a lost field", { json: { ...storedDocument, rev: "2-c", name: "Paula", hcPartyKeys: {} } }],
  ["a deletion", { json: { ...storedDocument, rev: "2-c", deletionDate: 7 } }],
  ["an absence", absentAnswer],
])("%s after a lost answer is a conflict", async (_, found) => {
  const party = await read();
  b.server.on(PUT, lostAnswer).on(GET, found);
  expect(await failure(parties().update("d1", { ...party, name: "Paula" }))).toMatchObject({
    code: "conflict",
  });
});

describe("creating", () => {
  const asked = { id: "h1", name: "Petra" };

  test("sends it once", async () => {
    b.server.on(POST, { json: storedDocument });
    expect(await parties().create("d1", asked)).toMatchObject({
      rev: "1-a",
    });
    expect(b.server.seen(POST)[0]?.body).toEqual(asked);
  });

  test("an id that exists is a conflict, without a look-up", async () => {
    b.server.on(POST, { status: 409, json: { message: "exists" } });
    expect(await failure(parties().create("d1", asked))).toMatchObject({ code: "conflict" });
    expect(b.server.log).toEqual([POST]);
  });

  describe.each(unclearAnswer)("after %s", (_, unclear) => {
    test("one that is there is taken", async () => {
      b.server.on(POST, unclear).on(GET, { json: storedDocument });
      expect(await parties().create("d1", asked)).toMatchObject({ rev: "1-a" });
      expect(b.server.log).toEqual([POST, GET]);
    });

    test("an absent one is asked for again", async () => {
      b.server.on(POST, unclear, { json: storedDocument }).on(GET, absentAnswer);
      expect(await parties().create("d1", asked)).toMatchObject({ rev: "1-a" });
      expect(b.server.log).toEqual([POST, GET, POST]);
    });
  });

  test.each([
    ["name", { name: "Other" }],
    ["parent", { parentId: "h9" }],
    ["fate", { deletionDate: 7 }],
  ])("one of another %s is not taken", async (_, difference) => {
    b.server.on(POST, lostAnswer).on(GET, { json: { ...storedDocument, ...difference } });
    expect(await failure(parties().create("d1", asked))).toMatchObject({
      code: "conflict",
      existingId: "h1",
    });
  });
});

describe("deleting", () => {
  const remove = () => parties().delete("d1", "h1", "1-a");

  test("names the revision", async () => {
    b.server.on(DELETE, { json: { id: "h1", rev: "2-b" } });
    expect(await remove()).toBe("deleted");
    expect(b.server.seen(DELETE)[0]?.query).toEqual({ rev: "1-a" });
  });

  test.each<[string, Reply[], Reply]>([
    ["a 404", [absentAnswer], absentAnswer],
    ["a lost answer and a 404", [lostAnswer, absentAnswer], absentAnswer],
    [
      "a lost answer and an old revision",
      [lostAnswer, { status: 409 }],
      { json: { ...storedDocument, deletionDate: 7 } },
    ],
    ["a lost answer, an old revision and a 404", [lostAnswer, { status: 409 }], absentAnswer],
  ])("%s is an absence", async (_, replies, found) => {
    b.server.on(DELETE, ...replies).on(GET, found);
    expect(await remove()).toBe("absent");
  });

  test.each<[string, Reply]>([
    ["404", absentAnswer],
    [
      "404 of a router",
      { status: 404, text: "<h1>Not Found</h1>", headers: { "content-type": "text/html" } },
    ],
    ["405", { status: 405 }],
  ])(
    "a server from before 2026 (%s) is asked by its own route, and only for what still lives",
    async (_, reply) => {
      const older = "DELETE /hcparty/h1/inGroup/d1";
      b.server
        .on(DELETE, reply)
        .on(GET, { json: storedDocument })
        .on(older, { json: { id: "h1", rev: "2-b" } });
      expect(await remove()).toBe("deleted");
      expect(b.server.log).toEqual([DELETE, GET, older]);
      expect(b.server.seen(older)[0]?.query).toEqual({ rev: "1-a" });
    },
  );

  test("an old revision of what is there is a conflict", async () => {
    b.server.on(DELETE, { status: 409, json: { message: "rev" } }).on(GET, { json: storedDocument });
    expect(await failure(remove())).toMatchObject({ code: "conflict", status: 409 });
  });
});
