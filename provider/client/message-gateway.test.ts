import { inspect } from "node:util";
import { type Bench, bench, failure, type Reply, type ScriptedServer } from "../../tests/support/api-server";
import type { Gateway, LabelledSpec, CreateProcessRequest } from ".";

const specSent: LabelledSpec = {
  label: "pulumi: petra",
  sender: { email: "hello@petra.example" },
  captcha: { type: "friendlyCaptcha", siteKey: "FC1", secretKey: "canary-secret-key" },
  email: { type: "smtp", host: "mail", user: "petra", password: "canary-smtp" },
  sms: { type: "ovh", from: "Petra", appKey: "app", appSecret: "canary-app", consumerKey: "canary-consumer" },
};
const specAnswer = {
  rev: "1-a",
  label: "pulumi: petra",
  sender: { email: "hello@petra.example", phone: null },
  captcha: { type: "friendlyCaptcha", siteKey: "FC1" },
  email: { type: "smtp", host: "mail", port: 587, user: "petra" },
  sms: { type: "ovh", from: "Petra", appKey: "app" },
  demo: false,
  captchaSiteKeys: { kerberus: "e1", friendlyCaptcha: "FC1" },
};
const readBack = { ...specAnswer, sender: { email: "hello@petra.example" } };
const foreignSpec = { ...specAnswer, label: "made by hand" };
const [GET, POST, PUT, DELETE] = ["GET /e1/spec", "POST /e1/spec", "PUT /e1/spec", "DELETE /e1/spec"];
const lostAnswer: Reply = { hangUp: "unanswered" };
const absentAnswer: Reply = { status: 404, json: { message: "e1 has no spec" } };
const unclearAnswer: [string, Reply][] = [
  ["a lost connection", lostAnswer],
  ["a cut answer", { hangUp: "mid-body", json: specAnswer }],
  ["a page", { text: "<html>", headers: { "content-type": "text/html" } }],
  ["502", { status: 502 }],
];

let b: Bench;
let server: ScriptedServer;
let gateway: Gateway;
beforeEach(async () => {
  b = await bench();
  ({ server, gateway } = await b.gateway());
});
afterEach(() => b.close());

describe("reading", () => {
  test("gives everything but secrets, even where the gateway answers them", async () => {
    const careless = {
      ...specAnswer,
      email: { ...specAnswer.email, password: "canary" },
      captcha: { ...specAnswer.captcha, secretKey: "canary" },
      other: "canary",
    };
    server.on(GET, { json: careless });
    const spec = await gateway.spec("e1");
    expect(spec).toEqual(readBack);
    expect(JSON.stringify(spec)).not.toContain("canary");
  });

  test("nothing is absent", async () => {
    server.on(GET, absentAnswer);
    expect(await gateway.spec("e1")).toBeUndefined();
  });

  test("an empty spec is a spec", async () => {
    server.on(GET, { json: {} });
    expect(await gateway.spec("e1")).toEqual({ sender: {}, demo: false, captchaSiteKeys: {} });
  });

  test("the login goes along, and only logging in goes to Cockpit", async () => {
    server.on(GET, { status: 401, json: { message: "expired" } }, { json: specAnswer });
    await gateway.spec("e1");
    expect(server.seen(GET).map(({ headers }) => headers["authorization"])).toEqual([
      "Bearer token-1",
      "Bearer token-2",
    ]);
    expect(server.seen("POST /auth/login")).toEqual([]);
    expect(b.server.requests.map(({ path }) => path)).toEqual(["/rest/v2/auth/login", "/rest/v2/auth/login"]);
  });

  test("an answer that can't be read is not shown, for it may hold secrets", async () => {
    server.on(GET, { json: { ...specAnswer, email: { type: "pigeon", apiKey: "canary" } } });
    const error = await failure(gateway.spec("e1"));
    expect(error).toMatchObject({ code: "malformed-answer" });
    expect(error.message).toContain('"email.type"');
    expect(JSON.stringify(error) + error.message).not.toContain("canary");
  });

  test.each<[number, string]>([
    [403, "forbidden"],
    [429, "rate-limited"],
    [500, "server-error"],
  ])("%d is an error", async (status, code) => {
    server.on(GET, { status, json: { message: "no" } });
    expect(await failure(gateway.spec("e1"))).toMatchObject({ code, status, serverMessage: "no" });
  });

  test("a redirect is not followed", async () => {
    server.on(GET, { status: 302, headers: { location: "https://elsewhere.test/" } });
    const error = await failure(gateway.spec("e1"));
    expect(error.code).toBe("redirected");
    expect(error.message).toContain("cockpit:gatewayUrl");
  });
});

describe("creating", () => {
  test("sends all of it once", async () => {
    server.on(POST, { status: 201, json: specAnswer });
    expect(await gateway.createSpec("e1", specSent)).toEqual(readBack);
    expect(server.log).toEqual([POST]);
    expect(server.seen(POST)[0]?.body).toEqual(specSent);
  });

  test("one that exists is a conflict, without a look-up", async () => {
    server.on(POST, { status: 409, json: { message: "exists" } });
    expect(await failure(gateway.createSpec("e1", specSent))).toMatchObject({
      code: "conflict",
      status: 409,
    });
    expect(server.log).toEqual([POST]);
  });

  describe.each(unclearAnswer)("after %s", (_, unclear) => {
    test("one with our label is taken", async () => {
      server.on(POST, unclear).on(GET, { json: specAnswer });
      expect(await gateway.createSpec("e1", specSent)).toEqual(readBack);
      expect(server.log).toEqual([POST, GET]);
    });

    test.each([
      ["another", foreignSpec, 'carry the label "made by hand"'],
      ["no", { ...specAnswer, label: null }, "carry no label"],
    ])("one with %s label is a conflict", async (_label, found, words) => {
      server.on(POST, unclear).on(GET, { json: found });
      const error = await failure(gateway.createSpec("e1", specSent));
      expect(error.code).toBe("conflict");
      expect(error.message).toContain(words);
      expect(server.log).toEqual([POST, GET]);
    });

    test("an absent one is asked for again", async () => {
      server.on(POST, unclear, { json: specAnswer }).on(GET, absentAnswer);
      expect(await gateway.createSpec("e1", specSent)).toEqual(readBack);
      expect(server.log).toEqual([POST, GET, POST]);
    });

    test("one that can't be looked up may exist", async () => {
      server.on(POST, unclear).on(GET, { status: 403 });
      const error = await failure(gateway.createSpec("e1", specSent));
      expect(error.code).toBe("unknown-outcome");
      expect(error.message).toContain("external services of `e1` may exist");
    });
  });
});

describe("updating", () => {
  const nextSpec = { ...specAnswer, rev: "2-b" };

  test("names the revision", async () => {
    server.on(PUT, { json: nextSpec });
    expect(await gateway.updateSpec("e1", "1-a", specSent)).toMatchObject({ rev: "2-b" });
    expect(server.seen(PUT)[0]?.body).toEqual({ ...specSent, rev: "1-a" });
  });

  test("an old revision is a conflict", async () => {
    server.on(PUT, { status: 409, json: { message: "rev" } });
    expect(await failure(gateway.updateSpec("e1", "1-a", specSent))).toMatchObject({ code: "conflict" });
    expect(server.log).toEqual([PUT]);
  });

  test.each(unclearAnswer)(
    "after %s, what is there is taken when it is what was sent",
    async (_, unclear) => {
      server.on(PUT, unclear).on(GET, { json: nextSpec });
      expect(await gateway.updateSpec("e1", "1-a", specSent)).toMatchObject({ rev: "2-b" });
      expect(server.log).toEqual([PUT, GET]);
    },
  );

  test("the revision that it was is updated again", async () => {
    server.on(PUT, lostAnswer, { json: nextSpec }).on(GET, { json: specAnswer });
    expect(await gateway.updateSpec("e1", "1-a", specSent)).toMatchObject({ rev: "2-b" });
    expect(server.log).toEqual([PUT, GET, PUT]);
  });

  test("a conflict on the second request is the first one's success", async () => {
    server.on(PUT, lostAnswer, { status: 409 }).on(GET, { json: specAnswer }, { json: nextSpec });
    expect(await gateway.updateSpec("e1", "1-a", specSent)).toMatchObject({ rev: "2-b" });
  });

  test.each<[string, Reply]>([
    ["another label", { json: { ...foreignSpec, rev: "2-b" } }],
    ["another host", { json: { ...nextSpec, email: { type: "smtp", host: "other", user: "petra" } } }],
    ["no SMS", { json: { ...nextSpec, sms: null } }],
    ["nothing", absentAnswer],
  ])("%s after a lost answer is a conflict", async (_, found) => {
    server.on(PUT, lostAnswer).on(GET, found);
    expect(await failure(gateway.updateSpec("e1", "1-a", specSent))).toMatchObject({ code: "conflict" });
    expect(server.log).toEqual([PUT, GET]);
  });
});

describe("deleting", () => {
  test("answers nothing", async () => {
    server.on(DELETE, { status: 204 });
    expect(await gateway.deleteSpec("e1")).toBe("deleted");
  });

  test("a lost answer, followed by an absence, is a success", async () => {
    server.on(DELETE, lostAnswer, absentAnswer);
    expect(await gateway.deleteSpec("e1")).toBe("absent");
  });
});

describe.each<[string, (echo: string) => Reply]>([
  ["a message", (echo) => ({ status: 400, json: { message: echo } })],
  ["a conflict", (echo) => ({ status: 409, json: { message: echo, id: echo } })],
  ["a page", (echo) => ({ status: 500, text: echo, headers: { "content-type": "text/html" } })],
  ["a success", (echo) => ({ json: { ...foreignSpec, label: echo, email: echo } })],
  ["a label", (echo) => ({ json: { ...foreignSpec, label: echo } })],
])("secrets that a gateway repeats in %s", (_, reply) => {
  const specsWithSecrets: LabelledSpec[] = [
    specSent,
    {
      label: "x",
      captcha: { type: "recaptcha", secretKey: "canary-recaptcha" },
      email: { type: "sendgrid", apiKey: "canary-sendgrid" },
      sms: { type: "twilio", from: "f", sid: "s", token: "canary-twilio" },
    },
    {
      label: "x",
      captcha: { type: "kerberus" },
      email: { type: "outlook", tenantId: "t", clientId: "c", clientSecret: "canary-outlook" },
      sms: { type: "swisscom", user: "u", password: "canary-swisscom" },
    },
    { label: "x", captcha: { type: "kerberus" }, sms: { type: "ringring", apiKey: "canary-ringring" } },
  ];

  test.each(specsWithSecrets)("are in no error", async (spec) => {
    server.on(POST, ({ body }) => reply(JSON.stringify(body)));
    server.on(PUT, lostAnswer).on(GET, reply(JSON.stringify(spec)));
    const direct = await gateway.createSpec("e1", spec).catch((error: unknown) => error);
    const lookedUp = await failure(gateway.updateSpec("e1", "1-a", spec));
    const errors = [direct, lookedUp].filter((result) => result instanceof Error);
    expect(errors.length).toBeGreaterThan(0);
    const text = errors.map((error) => `${inspect(error, { depth: 9, showHidden: true })} ${error.stack}`);
    expect(text.join()).not.toMatch(/canary-(?!password)/);
  });
});

describe("processes", () => {
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
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1" });
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
        expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1" });
        expect(server.log).toEqual([postRoute, listRoute]);
      });

      test("an absent one is asked for again", async () => {
        server.on(postRoute, unclear, { json: { id: "p1" } }).on(listRoute, { json: [] });
        expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1" });
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
      expect(await gateway.createProcess("e1", request)).toEqual({ id: "p1" });
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
});
