import { companies } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { NotFoundError } from "./search";
import { getExternalServices } from ".";

const { source, target } = companies;
const canary = "canary-4kVq0Y2tTlC9";

let bench: LookUpBench;
afterEach(() => bench.dispose());

const administrators = ({ login, password }: { login: string; password: string }) => [{ login, password }];
const seed = {
  environments: [
    {
      id: source.id,
      name: source.name,
      administrators: administrators(source),
      externalServices: {
        label: "pulumi:petra/test/services",
        sender: { email: "hello@petra.example" },
        captcha: { type: "friendlyCaptcha" as const, siteKey: "FCMPETRA", secretKey: canary },
        email: { type: "smtp" as const, host: "smtp.petra.example", user: "petra", password: canary },
        sms: { type: "ringring" as const, apiKey: canary },
      },
    },
    { id: target.id, name: target.name, administrators: administrators(target) },
  ],
};

test("what the gateway shows is found, under the names of the resource, and nothing secret", async () => {
  bench = await LookUpBench.start({ seed });
  const expected = {
    specId: source.id,
    label: "pulumi:petra/test/services",
    sender: { email: "hello@petra.example" },
    demo: false,
    captchaType: "friendlyCaptcha",
    emailType: "smtp",
    smsType: "ringring",
    kerberusSiteKey: source.id,
    friendlyCaptchaSiteKey: "FCMPETRA",
  };
  expect(await getExternalServices.call(bench.inOne("source"), {})).toEqual(expected);
  const several = bench.inSeveral("source", "target");
  const found = await getExternalServices.call(several, { environment: "source" });
  expect(found).toEqual(expected);
  expect(JSON.stringify(found)).not.toContain(canary);
});

test("a gateway that answers secrets is not heard", async () => {
  bench = await LookUpBench.start({ seed });
  bench.cockpit.emulator.addFault({
    method: "GET",
    path: "**/spec",
    action: {
      status: 200,
      body: {
        sender: { email: "hello@petra.example", password: canary },
        email: { type: "sendgrid", apiKey: canary },
        captcha: { type: "recaptcha", siteKey: "6LPETRA", secretKey: canary },
        apiKey: canary,
      },
    },
  });
  expect(await getExternalServices.call(bench.inOne("source"), {})).toEqual({
    specId: source.id,
    sender: { email: "hello@petra.example" },
    demo: false,
    captchaType: "recaptcha",
    emailType: "sendgrid",
    kerberusSiteKey: source.id,
    recaptchaSiteKey: "6LPETRA",
  });
});

test("an environment that has none is told", async () => {
  bench = await LookUpBench.start({ seed });
  const context = bench.inSeveral("source", "target");
  const missing = getExternalServices.call(context, { environment: "target" });
  await expect(missing).rejects.toThrow(NotFoundError);
  await expect(missing).rejects.toMatchObject({
    code: "no-match",
    what: expect.stringContaining('"target" (ic-target)') as unknown,
  });
});

test("among several environments without a default, one has to be named", async () => {
  bench = await LookUpBench.start({ seed });
  await expect(getExternalServices.call(bench.inSeveral("source", "target"), {})).rejects.toMatchObject({
    code: "missing-setting",
    what: expect.stringContaining('"source", "target"') as unknown,
  });
});

test("a gateway that doesn't know the route is an error, and never an absence", async () => {
  bench = await LookUpBench.start({ seed: { ...seed, assumptions: { gateway: "published-only" } } });
  const asked = getExternalServices.call(bench.inOne("source"), {});
  await expect(asked).rejects.toMatchObject({ code: "unsupported" });
  await expect(asked).rejects.not.toThrow(NotFoundError);
});
