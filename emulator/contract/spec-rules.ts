import { z } from "zod";

/** Refused here so that no message can leave for an address that isn't one, or for several at once. */
export const emailAddress = z
  .string()
  .regex(/^[^\s@,;:<>()"]+@[^\s@,;:<>()"]+$/, "an e-mail address is expected");
export const phoneNumber = z.string().regex(/^\+?[0-9]{6,20}$/, "a phone number is expected");

const given = z.string().regex(/\S/, "it may not be empty");

const captcha = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("kerberus") }),
  z.looseObject({ type: z.literal("friendlyCaptcha"), siteKey: given.optional(), secretKey: given }),
  z.looseObject({ type: z.literal("recaptcha"), siteKey: given.optional(), secretKey: given }),
]);

const email = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("sendgrid"), apiKey: given }),
  z.looseObject({
    type: z.literal("smtp"),
    host: given,
    port: z.int().min(1).max(65_535).optional(),
    user: given,
    password: given,
  }),
  z.looseObject({ type: z.literal("outlook"), tenantId: given, clientId: given, clientSecret: given }),
]);

const sms = z.discriminatedUnion("type", [
  z.looseObject({ type: z.literal("twilio"), from: given, sid: given, token: given }),
  z.looseObject({
    type: z.literal("ovh"),
    from: given,
    appKey: given,
    appSecret: given,
    consumerKey: given,
  }),
  z.looseObject({ type: z.literal("ringring"), apiKey: given }),
  z.looseObject({ type: z.literal("swisscom"), user: given, password: given }),
]);

/** External services as clients send them. Unknown fields are kept. */
export const specSchema = z
  .looseObject({
    rev: z.string().optional(),
    label: z.string().optional(),
    sender: z.looseObject({ email: emailAddress.optional(), phone: phoneNumber.optional() }).optional(),
    captcha: captcha.optional(),
    email: email.optional(),
    sms: sms.optional(),
    demo: z.boolean().default(false),
  })
  .check(({ value, issues }) => {
    const refuse = (path: string[], message: string) =>
      issues.push({ code: "custom", input: value, path, message });
    for (const own of ["captcha", "email", "sms"] as const) {
      if (value.demo && value[own] !== undefined) {
        refuse([own], "the demo set-up takes the place of services of one's own");
      }
    }
    if (value.email !== undefined && value.sender?.email === undefined) {
      refuse(["sender", "email"], "e-mail needs a sender");
    }
  });
export type Spec = z.output<typeof specSchema>;
export type EmailService = z.output<typeof email>;

const secretFields = new Set([
  "apiKey",
  "password",
  "clientSecret",
  "token",
  "appSecret",
  "consumerKey",
  "secretKey",
]);

/** The same without anything secret, at any depth: an unknown part may hold such a field too. */
export function stripSecrets(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(stripSecrets);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !secretFields.has(name))
      .map(([name, each]) => [name, stripSecrets(each)]),
  );
}

export const secretsIn = (value: unknown): string[] =>
  typeof value !== "object" || value === null
    ? []
    : Object.entries(value).flatMap(([name, each]) =>
        secretFields.has(name) && typeof each === "string" ? [each] : secretsIn(each),
      );
