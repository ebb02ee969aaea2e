import fc from "fast-check";
import { displayName } from "./groups";
import { email as address, phone } from "./people";

const key = fc.constantFrom("SG.4kVq0Y2tTlC9", "pässwörd 🔑", '{"not":"an object"}', "a".repeat(200));
const id = fc.constantFrom("AC1", "petra", "Ünï côdé");
const type = <Name extends string>(name: Name) => fc.constant(name);

const captcha = fc.oneof(
  fc.record({ type: type("kerberus") }),
  fc.record(
    { type: fc.constantFrom("friendlyCaptcha", "recaptcha"), siteKey: id, secretKey: key },
    { requiredKeys: ["type", "secretKey"] },
  ),
);

const mailService = fc.oneof(
  fc.record({ type: type("sendgrid"), apiKey: key }),
  fc.record(
    {
      type: type("smtp"),
      host: fc.constantFrom("smtp.petra.example", "[::1]", "10.0.0.1"),
      port: fc.integer({ min: 1, max: 65_535 }),
      user: id,
      password: key,
    },
    { requiredKeys: ["type", "host", "user", "password"] },
  ),
  fc.record({ type: type("outlook"), tenantId: id, clientId: id, clientSecret: key }),
);

const from = fc.constantFrom("+3225550100", "Petra", "0470123456");
const smsService = fc.oneof(
  fc.record({ type: type("twilio"), from, sid: id, token: key }),
  fc.record({ type: type("ovh"), from, appKey: id, appSecret: key, consumerKey: key }),
  fc.record({ type: type("ringring"), apiKey: key }),
  fc.record({ type: type("swisscom"), user: id, password: key }),
);

const sender = fc.record({ email: address, phone }, { requiredKeys: ["email"] });

/** Services that deliver something, by a provider of the program's own or by Cockpit's demo set-up. */
export const deliveringServicesArgs = fc.oneof(
  fc.record({ sender, captcha, email: mailService, sms: smsService }, { requiredKeys: ["sender", "email"] }),
  fc.record({ sender, captcha, sms: smsService }, { requiredKeys: ["sms"] }),
  fc.record({ demo: fc.constant(true), sender }, { requiredKeys: ["demo"] }),
);

export const externalServicesArgs = fc.oneof(
  deliveringServicesArgs,
  fc.record(
    {
      managed: fc.constant(false),
      siteKeys: fc.record({ kerberus: id, friendlyCaptcha: id, recaptcha: id }, { requiredKeys: [] }),
    },
    { requiredKeys: ["managed"] },
  ),
);

const code = "{{it.validationCode}}";
const emailTexts = fc.record(
  {
    subject: fc.constantFrom(`Your code: ${code}`, `Votre code « ${code} »`),
    body: fc.constantFrom(
      `<p>Bonjour {{it.firstName}},\r\n${code}</p>`,
      `<style>p { color: red }</style>${code}`,
    ),
  },
  { requiredKeys: [] },
);
const smsTexts = fc.record(
  { message: fc.constantFrom(`${code} 🔑`, `Code ${code} for {{it.email}}`) },
  { requiredKeys: [] },
);

const registered = {
  groupId: fc.constantFrom("france", "belgium"),
  name: displayName,
  language: fc.constantFrom("en", "fr", "zh-Hant"),
  email: emailTexts,
  sms: smsTexts,
};

/** Processes whose workflow has usual texts. */
export const managedProcessArgs = fc.oneof(
  fc.record(
    {
      ...registered,
      template: fc.constantFrom("patient-registration", "healthcare-party-registration"),
      parentOrganisationId: fc.constantFrom("clinic", "hospital"),
      shareWithParent: fc.boolean(),
    },
    { requiredKeys: ["groupId", "template", "name", "parentOrganisationId"] },
  ),
  fc.record(
    { ...registered, template: fc.constant("login") },
    { requiredKeys: ["groupId", "template", "name"] },
  ),
);

const unmanagedProcessArgs = fc.record(
  {
    managed: fc.constant(false),
    processId: fc.constantFrom("p-1", "p-2"),
    name: displayName,
    groupId: registered.groupId,
  },
  { requiredKeys: ["managed", "processId", "name"] },
);

export const authenticationProcessArgs = fc.oneof(managedProcessArgs, unmanagedProcessArgs);
