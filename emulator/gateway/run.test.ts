import { randomUUID } from "node:crypto";
import { startEmulator, standInCaptchaResponse, type Emulator, type Seed } from "..";
import { gatewayWire, solve, type Challenge, type TemplateName } from "../../tests/clients/gateway";
import { codeIn } from "../../tests/clients/mailbox";
import { basic, wire, type Json } from "../../tests/clients/wire";

const texts = {
  subject: "Code {{it.validationCode}}",
  body: "<p>{{it.firstName}} {{ it.lastName }} {{it.email}}{{it.mobilePhone}} {{it.nothing}} {{it.validationCode}}</p>",
};
const message = "{{it.firstName}}: {{it.validationCode}}";
const services = {
  sender: { email: "hello@petra.example", phone: "+3225550100" },
  email: { type: "sendgrid", apiKey: "canary-sendgrid" },
  sms: { type: "twilio", from: "+3225550199", sid: "sid", token: "canary-twilio" },
};
const email = "anais@example.com";

let emulator: Emulator;
let now: number;
let call: ReturnType<typeof wire>["call"];
let gatewayOf: ReturnType<typeof gatewayWire>;

const set = async (spec: Json = services, seed: Seed = {}) => {
  now = Date.now();
  emulator = await startEmulator({ now: () => now, seed });
  ({ call } = wire(emulator));
  gatewayOf = gatewayWire(emulator);
  await call("POST", "/group/ic-app/application?name=App");
  await call("POST", "/group/ic-db/database?name=Db&superGroup=ic-app");
  await call("POST", "/hcparty/inGroup/ic-db", { body: { id: "clinic", name: "Clinic" } });
  await gatewayOf.gateway("POST", "/spec", { body: spec });
};
afterEach(() => emulator.close());

const processOf = async (name: TemplateName, extra: Json = {}, groupId = "ic-db") => {
  const { body } = await gatewayOf.createProcess(name, groupId, { ...texts, ...extra });
  return String(body.id);
};
const lastCode = () => codeIn(emulator.outbox().at(-1)?.html ?? emulator.outbox().at(-1)?.text);
const me = (name: string, code: string) => call("GET", "/user/current", { as: basic(name, code) });

/** Registers or logs in, and gives the code. */
const through = async (processId: string, person: Json) => {
  const { status, requestId, text } = await gatewayOf.start(processId, person);
  expect([status, text]).toEqual([200, requestId]);
  const code = lastCode();
  expect((await gatewayOf.validate(requestId, code)).status).toBe(200);
  return code;
};

describe("a started process", () => {
  test("sends its own texts, with what people typed escaped in HTML, and keeps them in the outbox", async () => {
    await set();
    const processId = await processOf("patient", { message });
    const { requestId } = await gatewayOf.start(processId, {
      firstName: "<b>A&\"'",
      lastName: "{{it.email}}",
      email,
    });
    const [mail] = emulator.outbox();
    expect(mail).toMatchObject({
      specId: emulator.environmentId,
      processId,
      requestId,
      channel: "email",
      provider: "sendgrid",
      from: "hello@petra.example",
      to: email,
      subject: expect.stringMatching(/^Code \d{6}$/) as string,
      html: `<p>&lt;b&gt;A&amp;&quot;&#39; {{it.email}} ${email} undefined ${lastCode()}</p>`,
    });
    await gatewayOf.start(processId, { firstName: "A&B", mobilePhone: "+32475123456" });
    expect(emulator.outbox()[1]).toMatchObject({
      channel: "sms",
      provider: "twilio",
      from: "+3225550199",
      to: "+32475123456",
      text: expect.stringMatching(/^A&B: \d{6}$/) as string,
    });
    const response = await fetch(`${emulator.url}/emulator/v1/outbox`);
    expect(await response.json()).toEqual(emulator.outbox());
    await fetch(`${emulator.url}/emulator/v1/outbox`, { method: "DELETE" });
    expect(emulator.outbox()).toEqual([]);
  });

  test("makes a patient and its user, whose short-lived password is the code", async () => {
    await set();
    const processId = await processOf("patient", { parentOrganisationId: "clinic", shareWithParent: true });
    const code = await through(processId, { firstName: "Anaïs", lastName: "Néant", email });
    const { body: user } = await me(email, code);
    expect(user).toMatchObject({
      groupId: "ic-db",
      name: "Anaïs Néant",
      autoDelegations: { all: ["clinic"] },
    });
    expect(
      (await call("GET", `/patient/${String(user.patientId)}`, { as: basic(email, code) })).body,
    ).toMatchObject({ firstName: "Anaïs", lastName: "Néant", responsible: "clinic" });
    now += 601_000;
    expect((await me(email, code)).status).toBe(401);
  });

  test("makes a healthcare party or an organisation under the parent", async () => {
    await set();
    const doctors = await processOf("healthcareParty", { parentOrganisationId: "clinic", message });
    const branches = await processOf("organisation", { parentOrganisationId: "clinic" });
    const partyOf = async (name: string, code: string) => {
      const { healthcarePartyId } = (await me(name, code)).body;
      return (await call("GET", `/hcparty/inGroup/ic-db/${String(healthcarePartyId)}`)).body;
    };
    const doctor = await through(doctors, { firstName: "Do", lastName: "Ctor", mobilePhone: "+32475000001" });
    expect(await partyOf("+32475000001", doctor)).toMatchObject({ lastName: "Ctor", parentId: "clinic" });
    const branch = await through(branches, {
      firstName: "Branch",
      lastName: "Office",
      email: "b@example.com",
    });
    expect(await partyOf("b@example.com", branch)).toMatchObject({
      name: "Branch Office",
      parentId: "clinic",
    });
    const nameless = await through(doctors, { mobilePhone: "+32475000002" });
    expect(await partyOf("+32475000002", nameless)).toMatchObject({ name: "+32475000002" });
  });

  test("logs an existing user in, of its own group or one below, and makes nobody", async () => {
    await set();
    const login = await processOf("login", {}, "ic-app");
    expect((await gatewayOf.start(login, { email })).status).toBe(404);
    await call("POST", "/user/inGroup/ic-db", { body: { id: "anais", email } });
    const code = await through(login, { email });
    expect((await me(email, code)).body).toMatchObject({ id: "anais" });
    const again = await through(await processOf("patient"), { email, firstName: "Other" });
    expect((await me(email, again)).body).toMatchObject({ id: "anais" });
    const { body } = await call("GET", "/user/inGroup/ic-db");
    expect(body.rows).toHaveLength(1);
  });

  test("counts wrong codes, and forgets old ones", async () => {
    await set(services, { gateway: { attempts: 3, codeSeconds: 60 } });
    const processId = await processOf("patient");
    const first = await gatewayOf.start(processId, { email });
    const code = lastCode();
    const wrong = code === "000000" ? "111111" : "000000";
    expect((await gatewayOf.validate(first.requestId, wrong)).status).toBe(400);
    expect((await gatewayOf.validate(first.requestId, code)).status).toBe(200);
    expect((await gatewayOf.validate(first.requestId, code)).status).toBe(200);
    expect((await call("GET", "/user/inGroup/ic-db")).body.rows).toHaveLength(1);

    const second = await gatewayOf.start(processId, { email: "b@example.com" });
    for (let attempt = 0; attempt < 3; attempt++) {
      expect((await gatewayOf.validate(second.requestId, wrong)).status).toBe(400);
    }
    expect(await gatewayOf.validate(second.requestId, lastCode())).toMatchObject({
      status: 429,
      body: { message: expect.any(String) as string },
    });
    const third = await gatewayOf.start(processId, { email: "c@example.com" });
    now += 61_000;
    expect((await gatewayOf.validate(third.requestId, lastCode())).status).toBe(404);
  });

  test("is limited for each recipient", async () => {
    await set(services, { gateway: { starts: { count: 2, perSeconds: 600 } } });
    const processId = await processOf("patient");
    for (const status of [200, 200, 429]) {
      expect((await gatewayOf.start(processId, { email })).status).toBe(status);
    }
    expect((await gatewayOf.start(processId, { email: "b@example.com" })).status).toBe(200);
    now += 601_000;
    expect((await gatewayOf.start(processId, { email })).status).toBe(200);
  });

  test.each<[string, Json, number]>([
    ["nobody to write to", {}, 400],
    ["two ways at once", { email, mobilePhone: "+32475123456" }, 400],
    ["a bad e-mail", { email: "nobody" }, 400],
    ["two recipients", { email: "a@b.example, c@d.example" }, 400],
    ["a bad phone", { mobilePhone: "12" }, 400],
    ["an SMS of a process that has none", { mobilePhone: "+32475123456" }, 400],
  ])("is refused with %s", async (_what, body, status) => {
    await set();
    const refused = await gatewayOf.start(await processOf("patient"), body);
    expect(refused).toMatchObject({ status, body: { message: expect.any(String) as string } });
    expect(emulator.outbox()).toEqual([]);
  });

  test("is refused without a UUID, twice, unknown, generic, or without the services it needs", async () => {
    await set();
    const processId = await processOf("patient", { message });
    expect((await gatewayOf.start(processId, { email }, "not-a-uuid")).status).toBe(400);
    const requestId = randomUUID();
    expect((await gatewayOf.start(processId, { email }, requestId)).status).toBe(200);
    expect((await gatewayOf.start(processId, { email }, requestId)).status).toBe(409);
    expect((await gatewayOf.start(randomUUID(), { email })).status).toBe(404);
    expect((await gatewayOf.start(await processOf("generic"), { email })).status).toBe(400);
    for (const [path, status] of [
      [`${requestId}-`, 400],
      ["123456", 400],
      [`${randomUUID()}-123456`, 404],
    ] as const) {
      expect((await gatewayOf.gateway("GET", `/process/validate/${path}`, { as: false })).status).toBe(
        status,
      );
    }

    const { rev } = (await gatewayOf.gateway("GET", "/spec")).body;
    await gatewayOf.gateway("PUT", "/spec", { body: { rev } });
    for (const [body, what] of [
      [{ email }, "e-mail"],
      [{ mobilePhone: "+32475123456" }, "SMS"],
    ] as const) {
      expect(await gatewayOf.start(processId, body)).toMatchObject({
        status: 400,
        body: { message: expect.stringContaining(what) as string },
      });
    }
    await gatewayOf.gateway("DELETE", "/spec");
    expect((await gatewayOf.gateway("GET", "/challenge", { as: false })).status).toBe(404);
    const solution = { "g-recaptcha-response": "x" };
    expect((await gatewayOf.start(processId, { email, ...solution })).status).toBe(404);
  });

  test("stops at the 200 e-mails of the demo set-up, also when that is set up again", async () => {
    await set({ demo: true }, { gateway: { starts: { count: 1000, perSeconds: 60 } } });
    const processId = await processOf("patient");
    for (let sent = 0; sent < 200; sent++) {
      expect((await gatewayOf.start(processId, { email: `p${sent}@example.com` })).status).toBe(200);
    }
    await gatewayOf.gateway("DELETE", "/spec");
    await gatewayOf.gateway("POST", "/spec", { body: { demo: true } });
    expect(await gatewayOf.start(processId, { email })).toMatchObject({
      status: 402,
      body: { message: expect.stringContaining("200") as string },
    });
    expect(emulator.outbox()).toHaveLength(200);
  });
});

describe("captchas", () => {
  test("let a solved Kerberus challenge in once, until it expires", async () => {
    await set(services, { gateway: { challengeSeconds: 60 } });
    const processId = await processOf("patient");
    const start = (solution: unknown) => gatewayOf.start(processId, { email, "kerberus-response": solution });
    const solution = await gatewayOf.solved();
    expect((await start(solution)).status).toBe(200);
    expect((await start(solution)).status).toBe(403);
    const late = await gatewayOf.solved();
    now += 60_000;
    expect((await start(late)).status).toBe(403);

    const { body } = await gatewayOf.gateway("GET", "/challenge", { as: false });
    const wrong = { id: String(body.id), nonces: (body.salts as string[]).map(() => "1") };
    expect((await start(wrong)).status).toBe(403);
    expect((await start(solve(body as unknown as Challenge, emulator.environmentId))).status).toBe(403);
    const elsewhere = await gatewayOf.gateway("GET", "/challenge", { as: false });
    expect((await start(solve(elsewhere.body as unknown as Challenge, "ic-other"))).status).toBe(403);
    for (const malformed of [{}, { id: "x" }, { id: "x", nonces: [true] }]) {
      expect((await start(malformed)).status).toBe(400);
    }
    expect(emulator.outbox()).toHaveLength(1);
  });

  test("of the other kinds are solved by what their secret key gives", async () => {
    for (const [type, field, other] of [
      ["friendlyCaptcha", "friendly-captcha-response", "g-recaptcha-response"],
      ["recaptcha", "g-recaptcha-response", "friendly-captcha-response"],
    ] as const) {
      await set({ ...services, captcha: { type, secretKey: "canary-captcha" } });
      const processId = await processOf("patient");
      const right = standInCaptchaResponse("canary-captcha");
      for (const [solution, status] of [
        [{ [field]: right }, 200],
        [{ [field]: standInCaptchaResponse("another") }, 403],
        [{ [field]: "canary-captcha" }, 403],
        [{ [other]: right }, 403],
        [{ [field]: right, "kerberus-response": await gatewayOf.solved() }, 400],
        [{ "kerberus-response": await gatewayOf.solved() }, 200],
      ] as const) {
        expect((await gatewayOf.start(processId, { email, ...solution })).status).toBe(status);
      }
      const without = await gatewayOf.gateway("POST", `/process/${processId}/${randomUUID()}`, {
        as: false,
        body: { email },
      });
      expect(without.status).toBe(400);
      await emulator.close();
    }
  });
});

describe("what a test can see of it", () => {
  test("holds no secret and no code in a path, and faults reach the gateway", async () => {
    await set();
    const processId = await processOf("patient");
    const { requestId } = await gatewayOf.start(processId, { email });
    const code = lastCode();
    emulator.addFault({ path: "/msggtw/*/process/validate/**", times: 1, action: { status: 503 } });
    expect((await gatewayOf.validate(requestId, code)).status).toBe(503);
    expect((await gatewayOf.validate(requestId, code)).status).toBe(200);
    const seen = JSON.stringify([
      emulator.requests(),
      emulator.groups(),
      emulator.outbox(),
      emulator.faults(),
    ]);
    expect(seen).toContain(`/process/validate/${requestId}-*****`);
    expect(seen).not.toContain("canary");
    expect(JSON.stringify(emulator.requests())).not.toContain(code);
  });

  test("has single messages too, for any user of the environment", async () => {
    await set();
    const { gateway } = gatewayOf;
    await call("POST", "/user/inGroup/ic-db", {
      body: { id: "member", login: "member", passwordHash: "a-long-password" },
    });
    const as = basic("member", "a-long-password");
    const to = "/email/to/anais%40example.com";
    const generic = await processOf("generic");
    const sent = await gateway("POST", to, {
      as,
      body: {
        from: "me@petra.example",
        processId: generic,
        variables: { firstName: "A<", validationCode: 1 },
      },
    });
    expect(sent.body).toEqual({ success: true });
    expect(emulator.outbox()[0]).toMatchObject({
      from: "me@petra.example",
      to: email,
      subject: "Code 1",
      html: expect.stringContaining("A&lt;") as string,
    });
    const own = await gatewayOf.createProcess("generic", "ic-db", {
      subject: "{{ service }} on {{it.date}}",
      body: "<p>{{hcpId}}</p>",
    });
    const variables = { service: "Blood test", date: "1 July", hcpId: "h-1" };
    await gateway("POST", to, { as, body: { processId: own.body.id, variables } });
    expect(emulator.outbox()[1]).toMatchObject({ subject: "Blood test on 1 July", html: "<p>h-1</p>" });
    const plain = { subject: "Hi {{it.email}}", html: "<p>Hi</p>" };
    expect((await gateway("POST", to, { as, body: plain })).status).toBe(200);
    expect(emulator.outbox()[2]).toMatchObject(plain);
    expect((await gateway("POST", "/sms/to/%2B32475123456", { as, body: { message: "Hi" } })).status).toBe(
      200,
    );
    for (const [path, body, who, status] of [
      [to, plain, false, 401],
      [to, {}, as, 400],
      [to, { processId: "none" }, as, 404],
      ["/email/to/nobody", plain, as, 400],
      ["/sms/to/12", { message: "Hi" }, as, 400],
      ["/sms/to/%2B32475123456", { message: "" }, as, 400],
    ] as const) {
      expect((await gateway("POST", path, { as: who, body })).status).toBe(status);
    }
  });
});
