import { z } from "zod";
import { present } from "./wire";
import { type ApiPath, filledPath, gatewaySetting } from "./path";
import type { HttpResponse, ApiRequest } from "./transport";

/** How a gateway keeps robots out. */
export type Captcha =
  | { type: "kerberus" }
  | { type: "friendlyCaptcha"; siteKey?: string | undefined; secretKey: string }
  | { type: "recaptcha"; siteKey?: string | undefined; secretKey: string };

/** Who delivers e-mail. */
export type EmailService =
  | { type: "sendgrid"; apiKey: string }
  | { type: "smtp"; host: string; port?: number | undefined; user: string; password: string }
  | { type: "outlook"; tenantId: string; clientId: string; clientSecret: string };

/** Who delivers SMS. */
export type SmsService =
  | { type: "twilio"; from: string; sid: string; token: string }
  | { type: "ovh"; from: string; appKey: string; appSecret: string; consumerKey: string }
  | { type: "ringring"; apiKey: string }
  | { type: "swisscom"; user: string; password: string };

/** What captcha, e-mail and SMS keep secret. An answer never shows these. */
export const secretFields = [
  "apiKey",
  "password",
  "clientSecret",
  "token",
  "appSecret",
  "consumerKey",
  "secretKey",
] as const;

/** A service as an answer shows it. */
export type Shown<Service> = Service extends unknown ? Omit<Service, (typeof secretFields)[number]> : never;

export interface Sender {
  email?: string | undefined;
  phone?: string | undefined;
}

/** What can be set on a spec: services of one's own, or Cockpit's demo set-up in their place. */
export type SpecSettings =
  | {
      demo?: false | undefined;
      sender?: Sender | undefined;
      captcha: Captcha;
      email?: EmailService | undefined;
      sms?: SmsService | undefined;
    }
  | {
      demo: true;
      sender?: Sender | undefined;
      captcha?: undefined;
      email?: undefined;
      sms?: undefined;
    };

/** Settings with the free text that says who manages the spec. */
export type LabelledSpec = SpecSettings & { label: string };

/** The site keys that an app shows its captcha with; Kerberus's is the spec id. */
export interface CaptchaSiteKeys {
  kerberus?: string;
  friendlyCaptcha?: string;
  recaptcha?: string;
}

/** The external services of an environment, as a gateway shows them: without secrets. */
export interface Spec {
  /** The current revision, which an update must name. */
  rev?: string;
  /** Who manages it. */
  label?: string;
  sender: { email?: string; phone?: string };
  demo: boolean;
  captcha?: Shown<Captcha>;
  email?: Shown<EmailService>;
  sms?: Shown<SmsService>;
  captchaSiteKeys: CaptchaSiteKeys;
}

/** What a process is for. */
export const workflows = [
  "patient-registration",
  "healthcare-party-registration",
  "organisation-registration",
  "login",
  "generic",
] as const;
export type Workflow = (typeof workflows)[number];

/** What processes are made from. */
export interface ProcessTemplate {
  id: string;
  /** Absent where it is none that we know. */
  workflow?: Workflow;
  name?: string;
}

/** What a process says, and in whose name. An update replaces all of it. */
export interface ProcessTexts {
  name?: string | undefined;
  email?: { subject: string; body: string } | undefined;
  sms?: { message: string } | undefined;
  parentOrganisationId?: string | undefined;
  /** Create an auto delegation to the parent organisation. */
  shareWithParent?: boolean | undefined;
}

export interface ProcessChange extends ProcessTexts {
  /** A plain tag such as `fr`. */
  language?: string | undefined;
}

export interface CreateProcessRequest extends ProcessChange {
  groupId: string;
  templateId: string;
}

/** A process, by which users receive their code. */
export interface Process {
  id: string;
  groupId?: string;
  templateId?: string;
  /** Absent where it is none that we know. */
  workflow?: Workflow;
  language?: string;
  name?: string;
  /** What is missing of subject and body is empty. */
  email?: { subject: string; body: string };
  sms?: { message: string };
  parentOrganisationId?: string;
  shareWithParent?: boolean;
}

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
  .transform((wire): Spec => ({
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
  z.object({ id: z.string().min(1), workflow, name: text }).transform((wire): ProcessTemplate => ({
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
  .transform((wire): Process => {
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
export function processBody(texts: ProcessTexts): Record<string, unknown> {
  const { name, email, sms, parentOrganisationId, shareWithParent } = texts;
  return { ...email, ...sms, name, parentOrganisationId, shareWithParent };
}

function isText(value: string | null | undefined): value is string {
  return typeof value === "string" && value !== "";
}

/**
 * How a route is known:
 * - `published`: a published client or script calls it
 * - `assumed`: nobody has published it; it is our contract, `docs/message-gateway.md`
 */
export type Mark = "published" | "assumed";

export interface Route<Pattern extends string = string> {
  readonly mark: Mark;
  readonly method: ApiRequest["method"];
  /** Below the gateway's address. */
  readonly pattern: Pattern;
}

const published = <Pattern extends string>(method: ApiRequest["method"], pattern: Pattern) =>
  ({ mark: "published", method, pattern }) satisfies Route;
const assumed = <Pattern extends string>(method: ApiRequest["method"], pattern: Pattern) =>
  ({ mark: "assumed", method, pattern }) satisfies Route;

/** Every route of the message gateway that this client calls. */
export const gatewayRoutes = {
  // Called by ticketing-agenda, scripts/addEmailProcess.ts, with a body of `subject` and `body`; it makes several of one
  // template and language. The body's other fields are assumed.
  createProcess: published("POST", "/{specId}/process/template/{templateId}/{groupId}"),

  // Cockpit's page of external services reads, creates, changes and removes one spec of each environment; with what
  // requests is not public. One resource, addressed by the environment's id like every route above.
  readSpec: assumed("GET", "/{specId}/spec"),
  createSpec: assumed("POST", "/{specId}/spec"),
  updateSpec: assumed("PUT", "/{specId}/spec"),
  deleteSpec: assumed("DELETE", "/{specId}/spec"),

  // Cockpit offers templates to choose from, and the creation above names one; where the list comes from is not public.
  listTemplates: assumed("GET", "/{specId}/process/template"),

  // Cockpit lists, edits and deletes a group's processes; with what requests is not public. Below the address that the
  // creation and the start of a process share.
  listProcesses: assumed("GET", "/{specId}/process"),
  readProcess: assumed("GET", "/{specId}/process/{processId}"),
  updateProcess: assumed("PUT", "/{specId}/process/{processId}"),
  deleteProcess: assumed("DELETE", "/{specId}/process/{processId}"),
} as const;

type Names<Pattern extends string> = Pattern extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Names<Rest>
  : never;

/** What a route's pattern leaves open. */
export type RouteValues<Pattern extends string> = Record<Names<Pattern>, string>;

export function routePath<Pattern extends string>(
  route: Route<Pattern>,
  values: RouteValues<Pattern>,
): ApiPath {
  return filledPath(route.pattern, values);
}

/** What routers say of a path that leads nowhere: Express and Nest, Fastify, Spring; the status's own words, as proxies do. */
const gatewayRouters = [
  /^cannot (get|post|put|delete) \//i,
  /^route (get|post|put|delete):/i,
  /^no (static resource|message available|handler found|endpoint|route)\b/i,
  /^Not Found$/,
];

const spoken = z.object({ message: z.string().trim().min(1) });

/**
 * Why an answer means that this gateway doesn't know a route, if it does.
 *
 * A 404 of an assumed route says one of two things. "There is no such thing" is the gateway's own voice:
 * `{"message": …}` in words of its own. Anything else (no body, a page, a JSON without message, the words of a router)
 * is a server that has no such route. In doubt it is the second: an absence that is none would take a resource out of
 * the state, while an error loses nothing. A 405 or a 501 always says that the route, or its method, is unknown.
 * A published route's 404 is left to the ordinary reading.
 */
export function unknownRoute({ mark, method, pattern }: Route, answer: HttpResponse): string | undefined {
  const { status } = answer;
  const unknown =
    status === 405 ||
    status === 501 ||
    (status === 404 && mark === "assumed" && !speaksForTheGateway(answer));
  if (!unknown) {
    return undefined;
  }
  const route = `\`${method} ${pattern}\``;
  const address = `${gatewaySetting.key} or ${gatewaySetting.variable}`;
  return mark === "assumed"
    ? `this gateway doesn't know ${route} (${status}), a route that iCure has not published and we assume (docs/message-gateway.md). Set it up manually in Cockpit and record it with \`managed: false\` on the resource, which makes no call; or check ${address}.`
    : `this gateway doesn't know ${route} (${status}), although published clients call it. Check ${address}.`;
}

function speaksForTheGateway({ text }: HttpResponse): boolean {
  try {
    const { message } = spoken.parse(JSON.parse(text.replace(/^\uFEFF/, "")));
    return !gatewayRouters.some((router) => router.test(message));
  } catch {
    return false;
  }
}
