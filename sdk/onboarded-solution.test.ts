import * as pulumi from "@pulumi/pulumi";
import { ExternalServices } from "./external-services";
import { OnboardedSolution, type OnboardedSolutionArgs } from "./onboarded-solution";

const made: string[] = [];
const inputsOf: [name: string, keys: string[]][] = [];

beforeAll(() =>
  pulumi.runtime.setMocks(
    {
      newResource: ({ name, type, inputs }) => {
        // A secret as a whole, because a part of it is.
        const { captcha } = inputs as { captcha?: { value: { siteKey: string } } };
        inputsOf.push([name, Object.keys(inputs as object)]);
        made.push(`${type.split(":").at(-1)} ${name}`);
        const state = {
          ...(inputs as object),
          specId: "ic-environment",
          token: "issued",
          userId: "user",
          recaptchaSiteKey: "of recaptcha",
          kerberusSiteKey: "of Kerberus",
          friendlyCaptchaSiteKey: captcha?.value.siteKey,
        };
        return { id: `id-of-${name}`, state };
      },
      call: () => ({}),
    },
    "petra",
    "test",
  ),
);

async function variablesOf(
  name: string,
  args: OnboardedSolutionArgs,
): Promise<Record<string, string | undefined>> {
  const { variables } = new OnboardedSolution(name, args);
  return new Promise((resolve) => pulumi.all(variables).apply(resolve));
}

test("one process has Cockpit's own name for its id", async () => {
  const variables = await variablesOf("one", {
    database: {},
    externalServices: { demo: true },
    processes: { login: {} },
  });
  expect(Object.keys(variables).sort()).toEqual([
    "EMAIL_AUTHENTICATION_PROCESS_ID",
    "EXTERNAL_SERVICES_SPEC_ID",
    "FRIENDLY_CAPTCHA_SITE_KEY",
    "KERBERUS_SITE_KEY",
  ]);
  expect(variables.EMAIL_AUTHENTICATION_PROCESS_ID).toBe("id-of-one-login");
});

test("patients by e-mail and by SMS have Cockpit's two names, whatever an app sends by itself", async () => {
  const template = "patient-registration";
  const variables = await variablesOf("channels", {
    database: {},
    organisation: { email: "care@petra.example" },
    processes: {
      generic: { email: { subject: "Hello", body: "<p>{{ service }}</p>" } },
      "patients-by-mail": { template, email: {} },
      "patients-by-sms": { template, sms: {} },
    },
  });
  expect(variables).toMatchObject({
    EMAIL_AUTHENTICATION_PROCESS_ID: "id-of-channels-patients-by-mail",
    SMS_AUTHENTICATION_PROCESS_ID: "id-of-channels-patients-by-sms",
    GENERIC_EMAIL_AUTHENTICATION_PROCESS_ID: "id-of-channels-generic",
  });
});

test("several solutions share an existing ExternalServices, whose captcha their variables hold", async () => {
  const services = new ExternalServices("shared", {
    captcha: { type: "friendlyCaptcha", siteKey: "FCMPETRA", secretKey: "secret" },
  });
  const args = { database: {}, externalServices: services };
  for (const name of ["three", "four"]) {
    const { variables } = new OnboardedSolution(`${name}-secrets`, args);
    const { isSecret } = variables.FRIENDLY_CAPTCHA_SITE_KEY as unknown as { isSecret: Promise<boolean> };
    expect(await isSecret).toBe(false);
    expect(await variablesOf(name, args)).toEqual({
      EXTERNAL_SERVICES_SPEC_ID: "ic-environment",
      FRIENDLY_CAPTCHA_SITE_KEY: "FCMPETRA",
      RECAPTCHA_SITE_KEY: "",
      KERBERUS_SITE_KEY: "",
    });
    expect(made).not.toContain(`ExternalServices ${name}-services`);
  }
});

test("of several processes the first of a channel has it, and each has one that says whose it is", async () => {
  const variables = await variablesOf("two", {
    database: {},
    organisation: { email: "care@petra.example", token: { expiresIn: "90d" } },
    processes: {
      "patient-registration": { email: {} },
      login: { email: {}, sms: {} },
      reminders: { template: "4452e2fc-ab4b-4115-9794-c06d3b5f4bfd", sms: { message: "Come." } },
    },
  });
  expect(variables).toMatchObject({
    EMAIL_AUTHENTICATION_PROCESS_ID: "id-of-two-patient-registration",
    PATIENT_REGISTRATION_EMAIL_AUTHENTICATION_PROCESS_ID: "id-of-two-patient-registration",
    LOGIN_EMAIL_AUTHENTICATION_PROCESS_ID: "id-of-two-login",
    SMS_AUTHENTICATION_PROCESS_ID: "id-of-two-login",
    REMINDERS_SMS_AUTHENTICATION_PROCESS_ID: "id-of-two-reminders",
    PARENT_ORGANISATION_ID: "id-of-two-organisation",
    PARENT_ORGANISATION_TOKEN: "issued",
  });
  expect(made).toContain("AccessToken two-token");
  expect(made).not.toContain("ExternalServices two-services");
});

test.each<[how: string, captcha: () => unknown]>([
  ["a secret", () => pulumi.secret({ type: "recaptcha", siteKey: "6Lx", secretKey: "6Ly" })],
  ["a promise", () => Promise.resolve({ type: "recaptcha", siteKey: "6Lx", secretKey: "6Ly" })],
  ["an object with outputs", () => ({ type: pulumi.output("recaptcha"), siteKey: "6Lx", secretKey: "6Ly" })],
])("a captcha given as %s gives the app the same variable as a plain one", async (_how, captcha) => {
  const externalServices = { sender: { email: "a@b.example" }, captcha: captcha() } as never;
  const { variables, externalServices: services } = new OnboardedSolution(`later-${made.length}`, {
    database: {},
    externalServices,
  });
  const names = ["KERBERUS_SITE_KEY", "FRIENDLY_CAPTCHA_SITE_KEY", "RECAPTCHA_SITE_KEY"] as const;
  const values = await new Promise((resolve) =>
    pulumi.all(names.map((name) => variables[name])).apply(resolve),
  );
  expect(values).toEqual(["", "", "of recaptcha"]);
  expect(await pulumi.isSecret(variables.RECAPTCHA_SITE_KEY as pulumi.Output<string>)).toBe(false);
  expect(services).toBeDefined();
});

test("what decides which resources there are can't come later, and is named", () => {
  const later = pulumi.output({});
  const make = (args: object) => () => new OnboardedSolution("refused", { database: {}, ...args });
  const refusal = (property: string) =>
    expect.objectContaining({
      code: "unknown-value",
      message: expect.stringContaining(`OnboardedSolution "refused": ${property}: `) as unknown,
    }) as Error;
  expect(make({ externalServices: later })).toThrow(refusal("externalServices"));
  expect(make({ processes: { login: later } })).toThrow(refusal("processes: login"));
  expect(make({ processes: { a: { template: pulumi.output("login") } } })).toThrow(
    refusal("processes: a: template"),
  );
  expect(make({ organisation: { email: "a@b.example", token: later } })).toThrow(
    refusal("organisation: token"),
  );
});

test("each step takes the aliases of its resource, and hands none of them to the provider", async () => {
  const aliases = (name: string) => [{ name, parent: pulumi.rootStackResource }];
  await variablesOf("moved", {
    solution: { aliases: aliases("petra") },
    database: { aliases: aliases("petra-france") },
    organisation: {
      email: "care@petra.example",
      aliases: aliases("clinic"),
      token: { expiresIn: "90d", aliases: aliases("token") },
    },
    externalServices: { demo: true, aliases: aliases("services") },
    processes: { login: { aliases: aliases("code") } },
  });
  expect(made.filter((each) => / moved/.test(each)).length).toBe(7);
  expect(inputsOf.filter(([name]) => name.startsWith("moved")).flatMap(([, keys]) => keys)).not.toContain(
    "aliases",
  );
});
