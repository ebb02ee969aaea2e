import { z } from "zod";
import { described } from "../../framework/field";
import { emailAddress, phoneNumber } from "../../runtime/inputs";

const filled = z.string("must be a string").regex(/\S/, "must not be empty");

const requiredText = (description: string) => described(description, filled);

/** A number, a short code, or the name that some networks show instead. */
const smsSender = z
  .string("must be a string")
  .regex(
    /^(\+?[0-9]{4,20}|(?=.*[A-Za-z])[A-Za-z0-9 ]{1,11}|MG[0-9a-f]{32})$/,
    "is not a sender of SMS: a phone number such as +3225550100, or a name of at most 11 letters and digits",
  );

const host = z
  .string("must be a string")
  .regex(
    /^[A-Za-z0-9.:_[\]-]+$/,
    "is not a host name, such as smtp.petra.example, without a scheme or a path",
  );

const siteKey = described("Its public counterpart, which an app shows the captcha with.", filled.optional());

const typeOneOf = (...types: string[]) => `must be an object whose type is one of ${types.join(", ")}`;

export const captcha = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("kerberus") }),
    z.strictObject({
      type: z.literal("friendlyCaptcha"),
      siteKey,
      secretKey: secretText("API key of Friendly Captcha."),
    }),
    z.strictObject({
      type: z.literal("recaptcha"),
      siteKey,
      secretKey: secretText("Secret key of Google reCAPTCHA."),
    }),
  ],
  typeOneOf("kerberus", "friendlyCaptcha", "recaptcha"),
);

export const email = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("sendgrid"), apiKey: secretText("API key of SendGrid.") }),
    z.strictObject({
      type: z.literal("smtp"),
      host: described("Host name of the mail server.", host),
      port: described(
        "Its port. Default: the gateway's choice.",
        z
          .int("must be a whole number")
          .min(1, "must be 1 to 65535")
          .max(65_535, "must be 1 to 65535")
          .optional(),
      ),
      user: requiredText("Login at the mail server."),
      password: secretText("Its password."),
    }),
    z.strictObject({
      type: z.literal("outlook"),
      tenantId: requiredText("Tenant ID of the app in Microsoft Entra."),
      clientId: requiredText("Its client ID."),
      clientSecret: secretText("Its client secret."),
    }),
  ],
  typeOneOf("sendgrid", "smtp", "outlook"),
);

export const sms = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("twilio"),
      from: described("The number or name that SMS come from.", smsSender),
      sid: requiredText("Account SID."),
      token: secretText("Auth token."),
    }),
    z.strictObject({
      type: z.literal("ovh"),
      from: described("The number or name that SMS come from.", smsSender),
      appKey: requiredText("Application key."),
      appSecret: secretText("Application secret."),
      consumerKey: secretText("Consumer key."),
    }),
    z.strictObject({ type: z.literal("ringring"), apiKey: secretText("API key of Ring ring.") }),
    z.strictObject({
      type: z.literal("swisscom"),
      user: requiredText("User name at Swisscom."),
      password: secretText("Its password."),
    }),
  ],
  typeOneOf("twilio", "ovh", "ringring", "swisscom"),
);

export const sender = z.strictObject(
  {
    email: described("The address that e-mails come from.", emailAddress.optional()),
    phone: described("The phone number that SMS come from.", phoneNumber.optional()),
  },
  "must be an object of email and phone",
);

export const siteKeys = z.strictObject(
  {
    kerberus: described("Of Kerberus. Default: the spec id.", filled.optional()),
    friendlyCaptcha: described("Of Friendly Captcha.", filled.optional()),
    recaptcha: described("Of reCAPTCHA.", filled.optional()),
  },
  "must be an object of kerberus, friendlyCaptcha and recaptcha",
);

export type Captcha = z.output<typeof captcha>;
export type EmailService = z.output<typeof email>;
export type SmsService = z.output<typeof sms>;
export type Sender = z.output<typeof sender>;

/** What people and templates leave where a key belongs. */
const placeholders = [
  /^change[\s_-]?(me|it|this)\W*$/i,
  /^[a-z]{0,4}[._-]?x{3,}$/i,
  /^(todo|tbd|fixme|placeholder|dummy|example|undefined|null|none|secret|password|api[\s_-]?key|token)\W*$/i,
  /^(\[secret\]|\[object Object\])$/,
  /^your[\s_-]/i,
  /^<[^>]*>$/,
  /^(\$\{|\{\{|%).*[}%]$/,
  /^([*.…•_?-])\1*$/,
];

/** What an output becomes that is put into a text instead of being waited for. */
const unawaitedOutput = /^Calling \[to(String|JSON)\] on an \[Output/;

/** Why a text can't be a key, without showing it. */
export function secretProblem(text: string): string | undefined {
  if (text.trim() === "") {
    return "must not be empty";
  }
  if (unawaitedOutput.test(text)) {
    return "is an output that was put into a text; give the output itself, or use pulumi.interpolate";
  }
  if (placeholders.some((placeholder) => placeholder.test(text.trim()))) {
    return "looks like a placeholder, not like a key; give it with pulumi config set --secret and config.requireSecret";
  }
  if (text !== text.trim() || /\p{Cc}/u.test(text)) {
    return "must not start or end with whitespace or contain control characters (check for a trailing newline)";
  }
  return undefined;
}

/** A key or password: encrypted in the state, shown nowhere. Cockpit shows none either, so what was imported lacks it. */
function secretText(description: string) {
  const text = z.string("must be a string").check(({ value, issues }) => {
    const problem = secretProblem(value);
    if (problem !== undefined) {
      issues.push({ code: "custom", message: problem, input: value });
    }
  });
  return described(description, text, { secret: true, state: z.string().optional() });
}
