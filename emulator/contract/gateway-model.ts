export const workflows = [
  "patient-registration",
  "healthcare-party-registration",
  "organisation-registration",
  "login",
  "generic",
] as const;
export type Workflow = (typeof workflows)[number];

export const registers = (workflow: Workflow) => workflow.endsWith("-registration");

export interface Template {
  id: string;
  workflow: Workflow;
  name: string;
}

export interface SpecRecord {
  rev: string;
  /** As it was sent, secrets and unknown fields included. */
  spec: Record<string, unknown>;
}

/** `subject` and `body` are for e-mail, `message` for SMS; texts as they were written. */
export interface ProcessRecord {
  id: string;
  templateId: string;
  workflow: Workflow;
  groupId: string;
  language: string;
  subject?: string | undefined;
  body?: string | undefined;
  message?: string | undefined;
  name?: string | undefined;
  parentOrganisationId?: string | undefined;
  shareWithParent?: boolean | undefined;
}

export interface Person {
  firstName: string;
  lastName: string;
  /** One of the two. */
  email?: string | undefined;
  mobilePhone?: string | undefined;
}

/** A process that a user started. */
export interface RequestRecord {
  processId: string;
  person: Person;
  codeHash: string;
  /** Epoch milliseconds. */
  startedAt: number;
  wrongCodes: number;
  /** Set by the first right code. */
  validatedAt?: number | undefined;
}

export interface ChallengeRecord {
  salts: string[];
  difficultyFactor: number;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** A message that the gateway has sent. */
export interface SentMessage {
  /** Epoch milliseconds. */
  time: number;
  specId: string;
  processId?: string | undefined;
  requestId?: string | undefined;
  channel: "email" | "sms";
  /** By whom: `smtp` was really sent, the others are played. */
  provider: string;
  from: string;
  to: string;
  subject?: string | undefined;
  html?: string | undefined;
  text?: string | undefined;
}
