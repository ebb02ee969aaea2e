import { type Bench, bench, failure, type Reply, type ScriptedServer } from "../../tests/support/api-server";
import type { CreateProcessRequest, Gateway } from ".";

const request: CreateProcessRequest = {
  groupId: "d1",
  templateId: "t1",
  language: "fr",
  name: "Patients",
  email: { subject: "Code", body: "<p>{{it.validationCode}}</p>" },
  sms: { message: "{{it.validationCode}}" },
  parentOrganisationId: "h1",
  shareWithParent: true,
};
const bodySent = {
  subject: "Code",
  body: "<p>{{it.validationCode}}</p>",
  message: "{{it.validationCode}}",
  name: "Patients",
  parentOrganisationId: "h1",
  shareWithParent: true,
};
const storedDocument = {
  ...bodySent,
  id: "p1",
  groupId: "d1",
  templateId: "t1",
  workflow: "patient-registration",
  language: "fr",
};
const readBack = { ...request, id: "p1", workflow: "patient-registration" };
const postRoute = "POST /e1/process/template/t1/d1";
const listRoute = "GET /e1/process";
const processRoute = "/e1/process/p1";
const lostAnswer: Reply = { hangUp: "unanswered" };

let b: Bench;
let server: ScriptedServer;
let gateway: Gateway;
beforeEach(async () => {
  b = await bench();
  ({ server, gateway } = await b.gateway());
});
afterEach(() => b.close());

test("templates of workflows that are not known have none", async () => {
  server.on("GET /e1/process/template", {
    json: [
      { id: "t1", workflow: "login", name: "Login" },
      { id: "t2", workflow: "fax", name: null },
    ],
  });
  expect(await gateway.templates("e1")).toEqual([
    { id: "t1", workflow: "login", name: "Login" },
    { id: "t2" },
  ]);
});

test("processes are listed by group, and read by id", async () => {
  server
    .on(listRoute, { json: [storedDocument, { id: "p2", subject: "Only" }] })
    .on(`GET ${processRoute}`, { json: storedDocument });
  expect(await gateway.processes("e1", "d1")).toEqual([
    readBack,
    { id: "p2", email: { subject: "Only", body: "" } },
  ]);
  expect(server.seen(listRoute)[0]?.query).toEqual({ groupId: "d1" });
  expect(await gateway.process("e1", "p1")).toEqual(readBack);
});

test("an absent process is nothing, and another one's answer is an error", async () => {
  server.on(
    `GET ${processRoute}`,
    { status: 404, json: { message: "there is no process p1" } },
    { json: { id: "p2" } },
  );
  expect(await gateway.process("e1", "p1")).toBeUndefined();
  expect(await failure(gateway.process("e1", "p1"))).toMatchObject({ code: "malformed-answer" });
});

test("an update sends the texts and the language, and is repeated after a lost answer", async () => {
  server.on(`PUT ${processRoute}`, lostAnswer, { json: storedDocument });
  const change = { name: "Patients", language: "nl", sms: { message: "x" } };
  expect(await gateway.updateProcess("e1", "p1", change)).toEqual(readBack);
  expect(server.seen(`PUT ${processRoute}`)[1]?.body).toEqual({
    name: "Patients",
    language: "nl",
    message: "x",
  });
});

test("a deletion is repeated after a lost answer", async () => {
  server.on(`DELETE ${processRoute}`, { status: 204 });
  expect(await gateway.deleteProcess("e1", "p1")).toBe("deleted");
  server.on(`DELETE ${processRoute}`, lostAnswer, {
    status: 404,
    json: { message: "there is no process p1" },
  });
  expect(await gateway.deleteProcess("e1", "p1")).toBe("absent");
});

describe("creating", () => {
  test("sends template, group and language in the address, texts in the body", async () => {
    server.on(postRoute, { status: 201, json: { id: "p1", anything: true } });
    expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "answer" });
    expect(server.log).toEqual([postRoute]);
    expect(server.seen(postRoute)[0]).toMatchObject({ query: { language: "fr" }, body: bodySent });
  });

  test("sends by e-mail what is published, and nothing else", async () => {
    server.on(postRoute, { json: { id: "p1" } });
    await gateway.createProcess("e1", {
      groupId: "d1",
      templateId: "t1",
      email: { subject: "s", body: "b" },
    });
    expect(server.seen(postRoute)[0]).toMatchObject({ query: {}, body: { subject: "s", body: "b" } });
  });

  describe.each<[string, Reply]>([
    ["a lost connection", lostAnswer],
    ["a cut answer", { hangUp: "mid-body", json: { id: "p1" } }],
    ["an answer without id", { json: {} }],
    ["500", { status: 500 }],
  ])("after %s", (_, unclear) => {
    test.each([
      ["whole", storedDocument],
      ["without its texts", { id: "p1", templateId: "t1" }],
    ])("the one of template, language and texts is taken, listed %s", async (_how, stored) => {
      const others = [
        { ...storedDocument, id: "p2", language: "nl" },
        { ...storedDocument, id: "p3", templateId: "t2" },
        { ...storedDocument, id: "p4", groupId: "d2" },
      ];
      server.on(postRoute, unclear).on(listRoute, { json: [...others, stored] });
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "lookup" });
      expect(server.log).toEqual([postRoute, listRoute]);
    });

    test("an absent one is asked for again", async () => {
      server.on(postRoute, unclear, { json: { id: "p1" } }).on(listRoute, { json: [] });
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "answer" });
      expect(server.log).toEqual([postRoute, listRoute, postRoute]);
    });

    test("neither one with other texts, another name or channel, nor one that is known already is taken for it", async () => {
      const known = [
        { ...storedDocument, id: "p2", subject: "Other" },
        { ...storedDocument, id: "p3", name: "Others" },
        { ...storedDocument, id: "p4", subject: null, body: null },
        { ...storedDocument, id: "p5" },
      ];
      server.on(postRoute, unclear, { json: { id: "p1" } }).on(listRoute, { json: known });
      expect(await gateway.createProcess("e1", request, (id) => id === "p5")).toEqual({
        id: "p1",
        confirmedBy: "answer",
      });
      expect(server.log).toEqual([postRoute, listRoute, postRoute]);
    });

    test.each<[string, Reply]>([
      ["404", { status: 404, text: "Cannot GET /e1/process", headers: { "content-type": "text/html" } }],
      ["405", { status: 405, json: { message: "no" } }],
    ])(
      "a gateway that lists nothing (%s) can't find it again, and the error says so",
      async (_list, reply) => {
        server.on(postRoute, unclear).on(listRoute, reply);
        const error = await failure(gateway.createProcess("e1", request));
        expect(error.code).toBe("unknown-outcome");
        expect(error.message).toMatch(
          /may exist in group `d1`.*lists no processes.*Look in Cockpit.*second one/,
        );
        expect(server.log).toEqual([postRoute, listRoute]);
      },
    );
  });

  test("several that may be it are not guessed among", async () => {
    server
      .on(postRoute, lostAnswer)
      .on(listRoute, { json: [storedDocument, { ...storedDocument, id: "p2" }] });
    const error = await failure(gateway.createProcess("e1", request));
    expect(error.code).toBe("unknown-outcome");
    expect(error.message).toContain("p1, p2");
  });

  test("a conflict on the second request is the first one's success", async () => {
    server.on(postRoute, lostAnswer, { status: 409, json: { message: "exists", id: "p1" } });
    server.on(listRoute, { json: [] }, { json: [storedDocument] });
    expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "lookup" });
  });

  test.each<[number, string]>([
    [400, "rejected"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
  ])("%d is final", async (status, code) => {
    server.on(postRoute, { status, json: { message: "no" } });
    expect(await failure(gateway.createProcess("e1", request))).toMatchObject({ code, status });
    expect(server.seen(listRoute)).toEqual([]);
  });
});
