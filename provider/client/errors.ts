import { CockpitError, type ErrorCode, sentence } from "../errors";

/** The codes of this client; provider/errors/codes.ts describes them. */
export type ApiErrorCode = Extract<
  ErrorCode,
  | "invalid-setting"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "quota-exceeded"
  | "rate-limited"
  | "rejected"
  | "server-error"
  | "unreachable"
  | "timeout"
  | "malformed-answer"
  | "unknown-outcome"
  | "redirected"
  | "unsupported"
  | "insecure-connection"
>;

export interface ApiErrorFacts {
  code: ApiErrorCode;
  /** What was attempted, as a verb phrase: `rename group ic-…`. */
  operation: string;
  /** What happened instead, without secrets. */
  problem: string;
  /** What to do. Default: the remedy of the code. */
  remedy?: string | undefined;
  status?: number | undefined;
  serverMessage?: string | undefined;
  existingId?: string | undefined;
  field?: string | undefined;
}

const apiErrorName = "ApiError";

/** Remedies by error code. */
export type Remedies = Partial<Record<ApiErrorCode, string>>;

/** Remedies for codes whose problem text doesn't contain one. */
const remedyByKind: Remedies = {
  unreachable:
    "Check this address (cockpit:url, cockpit:gatewayUrl) and the network on the way there, then run the same command again.",
  timeout: "Run the same command again later.",
  "server-error": "Run the same command again later.",
  "malformed-answer":
    "Something else may have answered, such as a proxy: check the address (cockpit:url, cockpit:gatewayUrl), then run the same command again.",
};

/** The one error this client throws. Its texts never carry passwords, tokens, headers or bodies that were sent. */
export class ApiError extends CockpitError {
  declare readonly code: ApiErrorCode;
  /** What was attempted, as a verb phrase: `rename group ic-…`. */
  readonly operation: string;
  /** What happened instead: the message without the operation. */
  readonly problem: string;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** What the server said: redacted, on one line, at most 200 characters. */
  readonly serverMessage?: string;
  /** Of a conflict: the id of the existing object, if the answer names it. */
  readonly existingId?: string;
  /** Of a conflict: the field with a duplicate value, if the answer names it. */
  readonly field?: string;

  constructor(facts: ApiErrorFacts) {
    const operation = printable(facts.operation);
    super({
      code: facts.code,
      what: `Cockpit: could not ${operation}: ${facts.problem}`,
      remedy: facts.remedy ?? remedyByKind[facts.code],
    });
    this.name = apiErrorName;
    this.operation = operation;
    this.problem = facts.problem;
    if (facts.status !== undefined) {
      this.status = facts.status;
    }
    if (facts.serverMessage) {
      this.serverMessage = facts.serverMessage;
    }
    if (facts.existingId) {
      this.existingId = facts.existingId;
    }
    if (facts.field) {
      this.field = facts.field;
    }
  }
}

/** The same failure with what else there is to say of it. */
export function withRemark(error: ApiError, remark: string): ApiError {
  return new ApiError({ ...error, problem: `${sentence(error.problem)} ${remark}` });
}

/** Whether an error is an {@link ApiError}, including one of another copy of this module. */
export function isApiError(error: unknown): error is ApiError {
  return error instanceof Error && error.name === apiErrorName && "operation" in error && "code" in error;
}

/** The value of a call, or nothing where the account may not see it. */
export async function ifVisible<Value>(call: Promise<Value>): Promise<Value | undefined> {
  return unless("forbidden", call, undefined);
}

/** The value of a call of the message gateway, or that it does not know the route, which may be one that we only assume. */
export async function ifSupported<Value>(call: Promise<Value>): Promise<Value | "unsupported"> {
  return unless("unsupported", call, "unsupported");
}

async function unless<Value, Otherwise>(
  code: ApiErrorCode,
  call: Promise<Value>,
  otherwise: Otherwise,
): Promise<Value | Otherwise> {
  try {
    return await call;
  } catch (error) {
    if (isApiError(error) && error.code === code) {
      return otherwise;
    }
    throw error;
  }
}

/**
 * How far a request got:
 * - `not-sent`: it never left
 * - `not-processed`: the server said that it did not process it (429, 503 with Retry-After)
 * - `unknown`: it may have been processed
 * - `final`: the server refused it, or sending it again can't help
 */
export type RequestOutcome = "not-sent" | "not-processed" | "unknown" | "final";

/** One failed attempt. Only the retries see it: callers get the {@link ApiError} inside. */
export class AttemptFailed extends Error {
  readonly outcome: RequestOutcome;
  /** Whether another attempt may succeed. */
  readonly transient: boolean;
  /** The time that the server asked to wait. */
  readonly retryAfterMs?: number;

  constructor(
    readonly error: ApiError,
    facts: { outcome: RequestOutcome; transient: boolean; retryAfterMs?: number | undefined },
  ) {
    super(error.message);
    this.outcome = facts.outcome;
    this.transient = facts.transient;
    if (facts.retryAfterMs !== undefined) {
      this.retryAfterMs = facts.retryAfterMs;
    }
  }

  /** The same attempt, with what to do about its failure. */
  advising(remedies: Remedies): AttemptFailed {
    const remedy = remedies[this.error.code];
    return remedy === undefined ? this : new AttemptFailed(new ApiError({ ...this.error, remedy }), this);
  }
}

/** Whether the server may not know the route: it answers 405 or 501, or a 404, which can also mean that the object is absent. */
export function isUnknownRoute(error: unknown): boolean {
  return error instanceof ApiError && [404, 405, 501].includes(error.status ?? 0);
}

const maxTextLength = 200;
/** The number of characters that are read of a longer text. */
const maxReadLength = 32_768;
const unprintableCharacters = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu;
const credentialShapes = [
  /\b(?:Bearer|Basic)\s+[\w\-.~+/]{6,}=*/gi,
  /\beyJ[\w-]{6,}\.[\w-]+(?:\.[\w-]*)?/g,
  /\b(https?:\/\/)[^\s/@:]*:[^\s/@]*@/gi,
];
const halfSurrogate = /\p{Cs}/gu;
const secretMask = "***";

/** A text that is safe to print on one line: no control or direction characters, at most `longest` characters. */
export function printable(text: string, longest = maxTextLength): string {
  const line = text.replace(unprintableCharacters, " ").replace(/\s+/g, " ").trim();
  const characters = [...line.slice(0, 2 * longest + 2)];
  return characters.length > longest ? `${characters.slice(0, longest).join("")}…` : line;
}

/** Knows this connection's secrets and takes them out of what a server says. */
export class Redactor {
  readonly #forms = new Set<string>();

  /** Remembers a secret and the forms in which a server may echo it. */
  add(secret: string): void {
    if (!secret) {
      return;
    }
    for (const form of echoes(secret)) {
      this.#forms.add(form);
    }
  }

  /** The text without known secrets and without anything shaped like a credential. */
  strip(text: string): string {
    const longestFirst = [...this.#forms].sort((a, b) => b.length - a.length);
    const known = longestFirst.reduce((rest, form) => rest.replaceAll(form, secretMask), text);
    return credentialShapes.reduce((rest, shape) => rest.replace(shape, secretMask), known);
  }

  /** The beginning of a text, {@link strip stripped} and {@link printable}. */
  safe(text: string): string {
    if (text.length <= maxReadLength) {
      return printable(this.strip(text));
    }
    const beginning = this.strip(text.slice(0, maxReadLength));
    const longestSecret = Math.max(0, ...[...this.#forms].map((form) => form.length));
    const withoutHalfASecret = beginning.slice(0, Math.max(0, beginning.length - longestSecret));
    return printable(withoutHalfASecret);
  }
}

function echoes(secret: string): string[] {
  const wellFormed = secret.replace(halfSurrogate, "\u{FFFD}");
  const percent = encodeURIComponent(wellFormed);
  const html = secret
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    percent,
    percent.replaceAll("%20", "+"),
    html,
    Buffer.from(wellFormed).toString("base64"),
  ];
}
