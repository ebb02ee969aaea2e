import { FakeCockpits } from "../../tests/support/fake-cockpits";
import type { Spec } from "../client";
import { type Properties, unknownValue } from "../framework/values";
import { ExternalServices } from "./external-services";

const canary = "canary-4kVq0Y2tTlC9";
const smtp = { type: "smtp", host: "smtp.petra.example", user: "petra", password: canary };
const sendgrid = { type: "sendgrid", apiKey: canary };
const twilio = { type: "twilio", from: "+3225550100", sid: "AC1", token: canary };
const sender = { email: "hello@petra.example", phone: "+3225550100" };

function contextOf({ adopt = [], live }: { adopt?: string[]; live?: Partial<Spec> } = {}) {
  const fake = new FakeCockpits("ic-petra");
  if (live) {
    fake.services.set("ic-petra", live);
  }
  const context = fake.context(["ic-petra"], { COCKPIT_ADOPT: JSON.stringify(adopt) });
  return { context, warnings: fake.warnings };
}

async function check(news: Properties, { context, warnings } = contextOf(), name = "services") {
  const resource = { project: "petra", stack: "test", name };
  const { inputs, failures } = await ExternalServices.check(context, resource, undefined, news);
  return { inputs, failures, warnings };
}

test("a second set for one environment is refused in the preview; a record of it is not", async () => {
  const surroundings = contextOf();
  const demo = { demo: true };
  expect((await check(demo, surroundings, "petra-services")).failures).toEqual([]);
  expect((await check(demo, surroundings, "petra-services")).failures).toEqual([]);
  expect((await check({ managed: false }, surroundings, "recorded")).failures).toEqual([]);
  expect((await check(demo, surroundings, "doc-services")).failures).toEqual([
    expect.objectContaining({ property: "", code: "services-declared-twice" }),
  ]);
});

test("what is there already is refused in the preview, taken over when it is told to, and never lost to a demo set-up", async () => {
  const live: Partial<Spec> = { label: "pulumi:other/production/services", email: { type: "sendgrid" } };
  const own = { sender, email: smtp };
  const refused = (await check(own, contextOf({ live }))).failures[0]?.reason;
  expect(refused).toMatch(
    /managed by the Pulumi resource "other\/production\/services".*COCKPIT_ADOPT=ic-petra/,
  );
  const taken = await check(own, contextOf({ live, adopt: ["ic-petra"] }));
  expect(taken.failures).toEqual([]);
  expect(taken.warnings).toEqual([expect.stringMatching(/nothing is created.*\[cockpit:taken-over\]/)]);

  const tried = await check({ demo: true }, contextOf({ live }));
  expect(tried.failures).toMatchObject([{ code: "services-exist" }]);
  expect(tried.failures[0]?.reason).not.toMatch(/COCKPIT_ADOPT/);
  const insisted = await check({ demo: true }, contextOf({ live, adopt: ["ic-petra"] }));
  expect(insisted.failures).toMatchObject([
    { code: "providers-would-be-lost", reason: expect.stringContaining("sendgrid") as unknown },
  ]);
});

test("external services that another resource of the program has are not adopted from it", async () => {
  const live: Partial<Spec> = { label: "pulumi:petra/test/former" };
  const stated = contextOf({ live, adopt: ["ic-petra"] });
  const former = { project: "petra", stack: "test", name: "former", type: "ExternalServices" };
  stated.context.run.read(former, "ic-petra");
  const { failures, warnings } = await check({ sender, email: smtp }, stated);
  expect(failures).toMatchObject([{ code: "already-managed" }]);
  expect(warnings).toEqual([]);
});

test.each<[string, Properties]>([
  ["a mail server", { sender, email: smtp }],
  ["a mail server with a port", { sender, email: { ...smtp, port: 465 } }],
  ["SendGrid and Twilio", { sender, email: sendgrid, sms: twilio }],
  ["Outlook", { sender, email: { type: "outlook", tenantId: "t", clientId: "c", clientSecret: canary } }],
  [
    "OVH by a name",
    { sms: { type: "ovh", from: "Petra", appKey: "k", appSecret: canary, consumerKey: canary } },
  ],
  ["Ring ring", { sms: { type: "ringring", apiKey: canary } }],
  ["Swisscom", { sms: { type: "swisscom", user: "petra", password: canary } }],
  ["a captcha", { sms: twilio, captcha: { type: "recaptcha", secretKey: canary } }],
  ["the demo set-up", { demo: true }],
  ["what was set by hand", { managed: false, siteKeys: { recaptcha: "6L" } }],
  ["what a preview does not know yet", { sender: unknownValue, email: { ...smtp, password: unknownValue } }],
  ["a provider that comes later", { sender, email: unknownValue, demo: unknownValue }],
])("%s can be declared", async (_what, news) => {
  const { failures, warnings, inputs } = await check(news);
  expect(failures).toEqual([]);
  expect(warnings).toEqual([]);
  expect(inputs.specId).toBe("ic-petra");
});

test("Kerberus keeps robots out where nothing else does, except in the demo set-up", async () => {
  expect((await check({ sms: twilio })).inputs.captcha).toEqual({ type: "kerberus" });
  expect((await check({ demo: true })).inputs).not.toHaveProperty("captcha");
});

test("nobody to deliver anything is warned about", async () => {
  expect((await check({})).warnings).toEqual([expect.stringMatching(/no email, sms or demo is configured/)]);
});

test.each<[string, Properties, RegExp]>([
  [
    "the demo set-up and a provider",
    { demo: true, email: sendgrid },
    /^email: can't be given together with demo: true$/,
  ],
  ["site keys of managed services", { demo: true, siteKeys: { recaptcha: "6L" } }, /can't be given together/],
  [
    "settings of unmanaged ones",
    { managed: false, sender, email: smtp },
    /^(email: )?can't be given together with managed: false$/,
  ],
  ["demo and by hand", { managed: false, demo: true }, /^can't be given together with managed: false$/],
  [
    "two providers in one",
    { sender, email: { ...smtp, apiKey: canary } },
    /^email: apiKey: there is no such property; the properties are type, host, port, user, password$/,
  ],
  [
    "an unknown provider",
    { sender, email: { type: "pigeon" } },
    /^email\.type: must be an object whose type is one of sendgrid, smtp, outlook$/,
  ],
  ["a key in place of a provider", { sender, email: canary }, /^email: must be an object whose type/],
  ["an empty key", { sender, email: { ...smtp, password: "" } }, /^email\.password: must not be empty$/],
  ["a missing key", { sms: { type: "ringring" } }, /^sms\.apiKey: is required$/],
  ["a placeholder", { sms: { ...twilio, token: "your-token" } }, /^sms\.token: looks like a placeholder/],
  [
    "a captcha's placeholder",
    { sms: twilio, captcha: { type: "friendlyCaptcha", secretKey: "***" } },
    /^captcha\.secretKey: looks like a placeholder/,
  ],
  ["e-mail without a sender", { email: sendgrid }, /^sender\.email: is required with email/],
  [
    "an address that is none",
    { sender: { email: "petra" }, sms: twilio },
    /^sender\.email: is not a valid e-mail address/,
  ],
  [
    "a phone that is none",
    { sender: { phone: "+32 2 555" }, sms: twilio },
    /^sender\.phone: is not a valid phone number/,
  ],
  [
    "a sender of SMS that is none",
    { sms: { ...twilio, from: "much too long a name" } },
    /^sms\.from: is not a sender of SMS/,
  ],
  ["a port that is none", { sender, email: { ...smtp, port: 0 } }, /^email\.port: must be 1 to 65535$/],
  [
    "a host that is none",
    { sender, email: { ...smtp, host: "smtp://petra" } },
    /^email\.host: is not a host name/,
  ],
])("%s is refused, without showing a secret", async (_what, news, words) => {
  const { failures } = await check(news);
  expect(failures.map(({ reason }) => reason)).toContainEqual(expect.stringMatching(words));
  expect(JSON.stringify(failures)).not.toContain(canary);
  const shown = failures.map(({ property }) => JSON.stringify(news[property] ?? "")).join();
  expect(shown).not.toContain(canary);
});
