import { z } from "zod";
import { present } from "./wire";
import type * as types from "./gateway-types";
import { workflows } from "./gateway-types";

const text = z.string().nullish();
const some = text.transform((value) => value ?? "");

const sender = z.object({ email: text, phone: text }).nullish();

const siteKey = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** Secrets are not among the fields: a gateway that answers them all the same is not heard. */
const captcha = z.discriminatedUnion("type", [
  z.object({ type: z.literal("kerberus") }),
  z.object({ type: z.literal("friendlyCaptcha"), siteKey }),
  z.object({ type: z.literal("recaptcha"), siteKey }),
]);

const email = z.discriminatedUnion("type", [
  z.object({ type: z.literal("sendgrid") }),
  z.object({
    type: z.literal("smtp"),
    host: some,
    port: z
      .number()
      .nullish()
      .transform((value) => value ?? undefined),
    user: some,
  }),
  z.object({ type: z.literal("outlook"), tenantId: some, clientId: some }),
]);

const sms = z.discriminatedUnion("type", [
  z.object({ type: z.literal("twilio"), from: some, sid: some }),
  z.object({ type: z.literal("ovh"), from: some, appKey: some }),
  z.object({ type: z.literal("ringring") }),
  z.object({ type: z.literal("swisscom"), user: some }),
]);

/** Message gateway, assumed: a spec. */
export const spec = z
  .object({
    rev: text,
    label: text,
    sender,
    captcha: captcha.nullish(),
    email: email.nullish(),
    sms: sms.nullish(),
    demo: z.boolean().nullish(),
    captchaSiteKeys: z.object({ kerberus: text, friendlyCaptcha: text, recaptcha: text }).nullish(),
  })
  .transform((wire): types.Spec => ({
    ...present("rev", wire.rev),
    ...present("label", wire.label),
    sender: { ...present("email", wire.sender?.email), ...present("phone", wire.sender?.phone) },
    demo: wire.demo ?? false,
    ...present("captcha", wire.captcha),
    ...present("email", wire.email),
    ...present("sms", wire.sms),
    captchaSiteKeys: {
      ...present("kerberus", wire.captchaSiteKeys?.kerberus),
      ...present("friendlyCaptcha", wire.captchaSiteKeys?.friendlyCaptcha),
      ...present("recaptcha", wire.captchaSiteKeys?.recaptcha),
    },
  }));

const workflow = z.enum(workflows).nullish().catch(undefined);

/** Message gateway, assumed: the templates of processes. */
export const templates = z.array(
  z.object({ id: z.string().min(1), workflow, name: text }).transform((wire): types.ProcessTemplate => ({
    id: wire.id,
    ...present("workflow", wire.workflow),
    ...present("name", wire.name),
  })),
);

/** Message gateway, assumed: a process. */
export const process = z
  .object({
    id: z.string().min(1),
    groupId: text,
    templateId: text,
    workflow,
    language: text,
    name: text,
    subject: text,
    body: text,
    message: text,
    parentOrganisationId: text,
    shareWithParent: z.boolean().nullish(),
  })
  .transform((wire): types.Process => {
    const { subject, body, message } = wire;
    const byEmail = isText(subject) || isText(body);
    return {
      id: wire.id,
      ...present("groupId", wire.groupId),
      ...present("templateId", wire.templateId),
      ...present("workflow", wire.workflow),
      ...present("language", wire.language),
      ...present("name", wire.name),
      ...(byEmail && { email: { subject: subject ?? "", body: body ?? "" } }),
      ...(isText(message) && { sms: { message } }),
      ...present("parentOrganisationId", wire.parentOrganisationId),
      ...present("shareWithParent", wire.shareWithParent),
    };
  });

export const processes = z.array(process);

/** Message gateway, published: the answer to a creation, as far as it is known. */
export const createdProcess = z.object({ id: z.string().min(1) });

/** The answer of a route that answers with a text, or with nothing. */
export const anyText = z.string();

/** The body of a creation or an update; the e-mail's part is published. */
export function processBody(texts: types.ProcessTexts): Record<string, unknown> {
  const { name, email, sms, parentOrganisationId, shareWithParent } = texts;
  return { ...email, ...sms, name, parentOrganisationId, shareWithParent };
}

function isText(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== "";
}
