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
const BODY = {
  subject: "Code",
  body: "<p>{{it.validationCode}}</p>",
  message: "{{it.validationCode}}",
  name: "Patients",
  parentOrganisationId: "h1",
  shareWithParent: true,
};
const STORED = {
  ...BODY,
  id: "p1",
  groupId: "d1",
  templateId: "t1",
  workflow: "patient-registration",
  language: "fr",
};
const READ = { ...request, id: "p1", workflow: "patient-registration" };
const POST = "POST /e1/process/template/t1/d1";
const LIST = "GET /e1/process";
const ONE = "/e1/process/p1";
const LOST: Reply = { hangUp: "unanswered" };

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
  server.on(LIST, { json: [STORED, { id: "p2", subject: "Only" }] }).on(`GET ${ONE}`, { json: STORED });
  expect(await gateway.processes("e1", "d1")).toEqual([
    READ,
    { id: "p2", email: { subject: "Only", body: "" } },
  ]);
  expect(server.seen(LIST)[0]?.query).toEqual({ groupId: "d1" });
  expect(await gateway.process("e1", "p1")).toEqual(READ);
});

test("an absent process is nothing, and another one's answer is an error", async () => {
  server.on(
    `GET ${ONE}`,
    { status: 404, json: { message: "there is no process p1" } },
    { json: { id: "p2" } },
  );
  expect(await gateway.process("e1", "p1")).toBeUndefined();
  expect(await failure(gateway.process("e1", "p1"))).toMatchObject({ code: "malformed-answer" });
});

test("an update sends the texts and the language, and is repeated after a lost answer", async () => {
  server.on(`PUT ${ONE}`, LOST, { json: STORED });
  const change = { name: "Patients", language: "nl", sms: { message: "x" } };
  expect(await gateway.updateProcess("e1", "p1", change)).toEqual(READ);
  expect(server.seen(`PUT ${ONE}`)[1]?.body).toEqual({ name: "Patients", language: "nl", message: "x" });
});

test("a deletion is repeated after a lost answer", async () => {
  server.on(`DELETE ${ONE}`, { status: 204 });
  expect(await gateway.deleteProcess("e1", "p1")).toBe("deleted");
  server.on(`DELETE ${ONE}`, LOST, { status: 404, json: { message: "there is no process p1" } });
  expect(await gateway.deleteProcess("e1", "p1")).toBe("absent");
});

describe("creating", () => {
  test("sends template, group and language in the address, texts in the body", async () => {
    server.on(POST, { status: 201, json: { id: "p1", anything: true } });
    expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "answer" });
    expect(server.log).toEqual([POST]);
    expect(server.seen(POST)[0]).toMatchObject({ query: { language: "fr" }, body: BODY });
  });

  test("sends by e-mail what is published, and nothing else", async () => {
    server.on(POST, { json: { id: "p1" } });
    await gateway.createProcess("e1", {
      groupId: "d1",
      templateId: "t1",
      email: { subject: "s", body: "b" },
    });
    expect(server.seen(POST)[0]).toMatchObject({ query: {}, body: { subject: "s", body: "b" } });
  });

  describe.each<[string, Reply]>([
    ["a lost connection", LOST],
    ["a cut answer", { hangUp: "mid-body", json: { id: "p1" } }],
    ["an answer without id", { json: {} }],
    ["500", { status: 500 }],
  ])("after %s", (_, unclear) => {
    test.each([
      ["whole", STORED],
      ["without its texts", { id: "p1", templateId: "t1" }],
    ])("the one of template, language and texts is taken, listed %s", async (_how, stored) => {
      const others = [
        { ...STORED, id: "p2", language: "nl" },
        { ...STORED, id: "p3", templateId: "t2" },
        { ...STORED, id: "p4", groupId: "d2" },
      ];
      server.on(POST, unclear).on(LIST, { json: [...others, stored] });
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "lookup" });
      expect(server.log).toEqual([POST, LIST]);
    });

    test("an absent one is asked for again", async () => {
      server.on(POST, unclear, { json: { id: "p1" } }).on(LIST, { json: [] });
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "answer" });
      expect(server.log).toEqual([POST, LIST, POST]);
    });

    test("neither one with other texts, another name or channel, nor one that is known already is taken for it", async () => {
      const known = [
        { ...STORED, id: "p2", subject: "Other" },
        { ...STORED, id: "p3", name: "Others" },
        { ...STORED, id: "p4", subject: null, body: null },
        { ...STORED, id: "p5" },
      ];
      server.on(POST, unclear, { json: { id: "p1" } }).on(LIST, { json: known });
      expect(await gateway.createProcess("e1", request, (id) => id === "p5")).toEqual({
        id: "p1",
        confirmedBy: "answer",
      });
      expect(server.log).toEqual([POST, LIST, POST]);
    });

    test.each<[string, Reply]>([
      ["404", { status: 404, text: "Cannot GET /e1/process", headers: { "content-type": "text/html" } }],
      ["405", { status: 405, json: { message: "no" } }],
    ])(
      "a gateway that lists nothing (%s) can't find it again, and the error says so",
      async (_list, reply) => {
        server.on(POST, unclear).on(LIST, reply);
        const error = await failure(gateway.createProcess("e1", request));
        expect(error.code).toBe("unknown-outcome");
        expect(error.message).toMatch(
          /may exist in group `d1`.*lists no processes.*Look in Cockpit.*second one/,
        );
        expect(server.log).toEqual([POST, LIST]);
      },
    );
  });

  test("several that may be it are not guessed among", async () => {
    server.on(POST, LOST).on(LIST, { json: [STORED, { ...STORED, id: "p2" }] });
    const error = await failure(gateway.createProcess("e1", request));
    expect(error.code).toBe("unknown-outcome");
    expect(error.message).toContain("p1, p2");
  });

  test("a conflict on the second request is the first one's success", async () => {
    server.on(POST, LOST, { status: 409, json: { message: "exists", id: "p1" } });
    server.on(LIST, { json: [] }, { json: [STORED] });
    expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1", confirmedBy: "lookup" });
  });

  test.each<[number, string]>([
    [400, "rejected"],
    [401, "unauthorized"],
    [403, "forbidden"],
    [404, "not-found"],
  ])("%d is final", async (status, code) => {
    server.on(POST, { status, json: { message: "no" } });
    expect(await failure(gateway.createProcess("e1", request))).toMatchObject({ code, status });
    expect(server.seen(LIST)).toEqual([]);
  });
});
