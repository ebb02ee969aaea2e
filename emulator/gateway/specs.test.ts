import { startEmulator, type Emulator } from "..";
import { gatewayWire } from "../../tests/clients/gateway";
import { basic, wire, type Json } from "../../tests/clients/wire";

let emulator: Emulator;
let gateway: ReturnType<typeof gatewayWire>["gateway"];
beforeEach(async () => {
  emulator = await startEmulator();
  ({ gateway } = gatewayWire(emulator));
});
afterEach(() => emulator.close());

const sender = { email: "hello@petra.example", phone: "+3225550100" };
const smtp = { type: "smtp", host: "127.0.0.1", port: 1, user: "mailer", password: "canary-password" };
const whole = {
  label: "managed by pulumi",
  sender,
  captcha: { type: "recaptcha", siteKey: "site", secretKey: "canary-secret-key" },
  email: { ...smtp, extra: { apiKey: "canary-nested", kept: 1 } },
  sms: { type: "twilio", from: "+3225550100", sid: "sid", token: "canary-token" },
  unknownField: { kept: true },
};

describe("external services", () => {
  test("are created, read, replaced by revision and deleted, and never show a secret", async () => {
    expect((await gateway("GET", "/spec")).status).toBe(404);
    const created = await gateway("POST", "/spec", { body: whole });
    expect(created).toMatchObject({
      status: 200,
      body: {
        rev: expect.stringMatching(/^1-/) as string,
        label: "managed by pulumi",
        sender,
        captcha: { type: "recaptcha", siteKey: "site" },
        email: { type: "smtp", host: "127.0.0.1", user: "mailer", extra: { kept: 1 } },
        sms: { type: "twilio", from: "+3225550100", sid: "sid" },
        demo: false,
        unknownField: { kept: true },
        captchaSiteKeys: { kerberus: emulator.environmentId, recaptcha: "site" },
      },
    });
    const read = await gateway("GET", "/spec");
    expect(read.body).toEqual(created.body);
    expect((await gateway("POST", "/spec", { body: whole })).status).toBe(409);

    for (const rev of [undefined, "1-old"]) {
      expect((await gateway("PUT", "/spec", { body: { ...whole, rev } })).status).toBe(409);
    }
    const put = await gateway("PUT", "/spec", { body: { rev: created.body.rev, sender, email: smtp } });
    expect(put.body).toMatchObject({
      rev: expect.stringMatching(/^2-/) as string,
      captchaSiteKeys: { kerberus: emulator.environmentId },
    });
    expect(put.body).not.toHaveProperty("label");
    expect(created.text + read.text + put.text).not.toContain("canary");

    expect((await gateway("DELETE", "/spec")).status).toBe(204);
    expect((await gateway("DELETE", "/spec")).status).toBe(404);
    expect((await gateway("PUT", "/spec", { body: whole })).status).toBe(404);
  });

  test("may be the demo set-up, which has Kerberus and lends no other site key, unless as older ones did", async () => {
    const created = await gateway("POST", "/spec", { body: { demo: true } });
    expect(created.body).toMatchObject({ demo: true, captchaSiteKeys: { kerberus: emulator.environmentId } });
    expect(created.body.captchaSiteKeys).not.toHaveProperty("friendlyCaptcha");
    await emulator.close();
    emulator = await startEmulator({ seed: { assumptions: { demoCaptcha: "friendly-captcha" } } });
    const older = await gatewayWire(emulator).gateway("POST", "/spec", { body: { demo: true } });
    expect(older.body).toMatchObject({ captchaSiteKeys: { friendlyCaptcha: expect.any(String) as string } });
  });

  test.each<[string, Json, string]>([
    ["demo beside a provider", { demo: true, sender, email: smtp }, "email"],
    ["demo beside SMS", { demo: true, sms: { type: "ringring", apiKey: "k" } }, "sms"],
    ["e-mail without a sender", { email: smtp }, "sender.email"],
    ["a sender that is not an address", { sender: { email: "a@b, c@d" } }, "sender.email"],
    ["a phone that is none", { sender: { phone: "none" } }, "sender.phone"],
    ["an empty secret", { sender, email: { type: "sendgrid", apiKey: "  " } }, "email.apiKey"],
    ["a secret left out", { sender, email: { type: "outlook", tenantId: "t", clientId: "c" } }, "email"],
    ["an unknown provider", { sms: { type: "pigeon" } }, "sms.type"],
    ["an impossible port", { sender, email: { ...smtp, port: 0 } }, "email.port"],
    ["a captcha without its secret", { captcha: { type: "friendlyCaptcha" } }, "captcha.secretKey"],
    ["a revision at creation", { rev: "1-x" }, "revision"],
  ])("refuse %s", async (_what, body, where) => {
    const answer = await gateway("POST", "/spec", { body });
    expect(answer).toMatchObject({
      status: 400,
      body: { message: expect.stringContaining(where) as string },
    });
    expect(answer.text).not.toContain("canary");
    expect((await gateway("GET", "/spec")).status).toBe(404);
  });

  test("take every provider and show the secrets of none", async () => {
    const secret = "canary-secret";
    for (const services of [
      { sender, email: { type: "sendgrid", apiKey: secret }, captcha: { type: "kerberus" } },
      { sender, email: { type: "outlook", tenantId: "t", clientId: "c", clientSecret: secret } },
      { sms: { type: "ovh", from: "P", appKey: "a", appSecret: secret, consumerKey: secret } },
      { sms: { type: "swisscom", user: "u", password: secret } },
      {
        sms: { type: "ringring", apiKey: secret },
        captcha: { type: "friendlyCaptcha", secretKey: secret },
      },
    ]) {
      const created = await gateway("POST", "/spec", { body: services });
      expect(created.status).toBe(200);
      expect(created.text + (await gateway("GET", "/spec")).text).not.toContain("canary");
      await gateway("DELETE", "/spec");
    }
  });

  test("are for administrators of the environment itself, by Basic or Bearer", async () => {
    const { call, logIn } = wire(emulator);
    const { bearer } = await logIn();
    expect((await gateway("POST", "/spec", { as: bearer, body: { demo: true } })).status).toBe(200);
    await call("POST", "/group/ic-app/application?name=App");
    const passwordHash = "a-long-password";
    await call("POST", "/user/admin/inGroup/ic-app", { body: { id: "pa", login: "pa", passwordHash } });
    await call("POST", "/user", { body: { id: "member", login: "member", passwordHash } });
    for (const [as, status] of [
      [false, 401],
      [basic("nobody", "wrong-password"), 401],
      ["Bearer rubbish", 401],
      [basic("pa", passwordHash), 403],
      [basic("member", passwordHash), 403],
    ] as const) {
      for (const method of ["GET", "DELETE"]) {
        expect(await gateway(method, "/spec", { as })).toMatchObject({
          status,
          body: { message: expect.any(String) as string },
        });
      }
    }
    const { gateway: elsewhere } = gatewayWire(emulator, "ic-app");
    expect((await elsewhere("GET", "/spec")).status).toBe(404);
  });
});

describe("a gateway that knows the published routes only", () => {
  test("answers the others with a page", async () => {
    const published = await startEmulator({
      seed: {
        environments: [
          {
            id: "ic-one",
            name: "One",
            administrators: [{ login: "petra", password: "a-password" }],
            externalServices: { demo: true },
          },
        ],
        assumptions: { gateway: "published-only" },
      },
    });
    const { gateway: old } = gatewayWire(published);
    for (const [method, path] of [
      ["GET", "/spec"],
      ["POST", "/spec"],
      ["GET", "/process/template"],
      ["GET", "/process?groupId=ic-one"],
      ["GET", "/process/some-process"],
      ["DELETE", "/process/some-process"],
    ] as const) {
      const answer = await old(method, path, method === "POST" ? { body: {} } : {});
      expect([answer.status, answer.headers.get("content-type")]).toEqual([
        404,
        expect.stringContaining("html"),
      ]);
    }
    expect((await old("GET", "/challenge", { as: false })).status).toBe(200);
    await published.close();
  });
});
