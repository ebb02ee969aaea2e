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

export interface CreatedSpec {
  spec: Spec;
  /** `lookup`: the answer was lost or unclear, and the spec was found afterwards under the label that was sent. */
  confirmedBy: "answer" | "lookup";
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

export interface CreatedProcess {
  id: string;
  /** `lookup`: the answer was lost or unclear, and the process was found afterwards. */
  confirmedBy: "answer" | "lookup";
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
