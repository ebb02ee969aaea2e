import { z } from "zod";
import type { Spec } from "../client";
import { described } from "../framework/field";
import { withoutUndefined } from "../framework/values";
import { environmentInput } from "../runtime/inputs";
import { defineLookUp, describePlaces, NotFoundError } from "./search";

const result = z.object({
  specId: described(
    "Id of the external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID. It is the environment's.",
    z.string(),
  ),
  label: described(
    "Who manages them, as the gateway keeps it: `pulumi:project/stack/name` of an ExternalServices resource.",
    z.string().optional(),
  ),
  sender: described(
    "The addresses that messages come from.",
    z.object({
      email: described("The address that e-mails come from.", z.string().optional()),
      phone: described("The phone number that SMS come from.", z.string().optional()),
    }),
  ),
  demo: described("Whether they are Cockpit's demo set-up.", z.boolean()),
  captchaType: described(
    "Captcha provider.",
    z.enum(["kerberus", "friendlyCaptcha", "recaptcha"]).optional(),
  ),
  emailType: described("E-mail provider; absent: none.", z.enum(["sendgrid", "smtp", "outlook"]).optional()),
  smsType: described(
    "SMS provider; absent: none.",
    z.enum(["twilio", "ovh", "ringring", "swisscom"]).optional(),
  ),
  kerberusSiteKey: described("Site key with which an app shows Kerberus.", z.string()),
  friendlyCaptchaSiteKey: described(
    "Site key with which an app shows Friendly Captcha, as FRIENDLY_CAPTCHA_SITE_KEY. With the demo set-up there is none since July 2026; older versions of Cockpit lent one.",
    z.string().optional(),
  ),
  recaptchaSiteKey: described("Site key with which an app shows Google reCAPTCHA.", z.string().optional()),
});

export const getExternalServices = defineLookUp({
  name: "getExternalServices",
  description:
    "Looks up the external services of an environment: its e-mail, SMS and captcha providers. Keys and passwords are never shown. The message gateway's route for it is not published: see docs/message-gateway.md.",
  example: `import { getExternalServicesOutput } from "pulumi-cockpit";

export const { specId, friendlyCaptchaSiteKey } = getExternalServicesOutput();
`,
  args: z.strictObject({
    environment: environmentInput(
      "Key of the environment whose external services these are. Default: the default environment.",
    ),
  }),
  result,

  async call(context, { environment }) {
    const own = context.environments.named(environment);
    const environmentId = await own.cockpit.environmentId();
    const spec = await own.cockpit.gateway.spec(environmentId);
    if (!spec) {
      throw new NotFoundError(
        `there are no external services ${describePlaces([{ context: own, environmentId }])}. Set them up with an ExternalServices resource or manually in Cockpit, or name another environment.`,
      );
    }
    return resultOf(environmentId, spec);
  },
});

function resultOf(specId: string, spec: Spec): z.output<typeof result> {
  const { label, sender, demo, captcha, email, sms, captchaSiteKeys } = spec;
  const siteKeyOf = (type: "friendlyCaptcha" | "recaptcha"): string | undefined =>
    captchaSiteKeys[type] ?? (captcha?.type === type ? captcha.siteKey : undefined);
  const optional = withoutUndefined({
    label,
    captchaType: captcha?.type,
    emailType: email?.type,
    smsType: sms?.type,
    friendlyCaptchaSiteKey: siteKeyOf("friendlyCaptcha"),
    recaptchaSiteKey: siteKeyOf("recaptcha"),
  });
  return { specId, sender, demo, kerberusSiteKey: captchaSiteKeys.kerberus ?? specId, ...optional };
}
