/** Judged by the compiler alone: what must not be possible to write. */
import * as pulumi from "@pulumi/pulumi";
import type { AuthenticationProcessArgs, ExternalServicesArgs } from "pulumi-cockpit";

const key = pulumi.secret("key");
const groupId = pulumi.output("ic-france");

export const possible: ExternalServicesArgs[] = [
  {},
  { demo: true },
  { demo: true, sender: { email: "hello@petra.example" } },
  { sender: { email: "hello@petra.example" }, email: { type: "sendgrid", apiKey: key } },
  {
    email: { type: "smtp", host: "smtp.petra.example", user: "petra", password: key },
    sms: { type: "ringring", apiKey: key },
  },
  { captcha: { type: "recaptcha", secretKey: key } },
  { managed: false, siteKeys: { friendlyCaptcha: "FC" } },
];

export const impossible: ExternalServicesArgs[] = [
  // @ts-expect-error: demo together with a provider
  { demo: true, email: { type: "sendgrid", apiKey: key } },
  // @ts-expect-error: demo together with a captcha
  { demo: true, captcha: { type: "kerberus" } },
  // @ts-expect-error: site keys of managed services
  { siteKeys: { friendlyCaptcha: "FC" } },
  // @ts-expect-error: settings of unmanaged services
  { managed: false, sender: { email: "hello@petra.example" } },
  // @ts-expect-error: two e-mail providers
  { email: { type: "sendgrid", apiKey: key, host: "smtp.petra.example" } },
  // @ts-expect-error: half a provider
  { email: { type: "smtp", host: "smtp.petra.example", user: "petra" } },
  // @ts-expect-error: another provider's key
  { sms: { type: "swisscom", apiKey: key } },
  // @ts-expect-error: no such provider
  { email: { type: "pigeon" } },
];

export const possibleProcesses: AuthenticationProcessArgs[] = [
  { groupId, template: "login" },
  {
    groupId,
    template: "6ba7b816-9dad-11d1-80b4-00c04fd430c8",
    email: { subject: "Hello", body: "<p>Hello</p>" },
  },
  { managed: false, processId: "p-1" },
];

export const impossibleProcesses: AuthenticationProcessArgs[] = [
  // @ts-expect-error: no group
  { template: "login" },
  // @ts-expect-error: no template
  { groupId },
  // @ts-expect-error: an id of a managed process
  { groupId, template: "login", processId: "p-1" },
  // @ts-expect-error: by hand, and no id
  { managed: false },
  // @ts-expect-error: texts of one by hand
  { managed: false, processId: "p-1", sms: {} },
];
