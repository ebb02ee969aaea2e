import { printable } from "./redact";

/**
 * What went wrong, in the words a caller decides by:
 * - `settings`: the url, the proxy or an argument can't be used; nothing was sent
 * - `unauthorized`: the login, or a sensitive operation, was refused
 * - `forbidden`, `not-found`, `conflict`, `quota`, `rate-limited`: 403, 404 and 410, 409, 402, 429
 * - `rejected`: any other 4xx
 * - `server`: a 5xx
 * - `unreachable`: no connection, or it was lost
 * - `timeout`: no answer in time
 * - `malformed`: an answer that is not the API's
 * - `unknown-outcome`: a write that may or may not have happened
 * - `redirected`: an answer that points to another address; never followed
 * - `unsupported`: the message gateway doesn't know the route, which may be one that we only assume
 * - `insecure`: the TLS connection can't be trusted
 */
export type ApiErrorKind =
  | "settings"
  | "unauthorized"
  | "forbidden"
  | "not-found"
  | "conflict"
  | "quota"
  | "rate-limited"
  | "rejected"
  | "server"
  | "unreachable"
  | "timeout"
  | "malformed"
  | "unknown-outcome"
  | "redirected"
  | "unsupported"
  | "insecure";

export interface ApiErrorFacts {
  kind: ApiErrorKind;
  /** What was attempted, as a verb phrase: `rename group ic-…`. */
  operation: string;
  /** What happened instead, without secrets. */
  problem: string;
  status?: number | undefined;
  serverMessage?: string | undefined;
  existingId?: string | undefined;
  field?: string | undefined;
}

const API_ERROR_CODE = "ERR_COCKPIT_API";

/** What to do, for the kinds whose problems don't say it themselves. */
const REMEDIES: Partial<Record<ApiErrorKind, string>> = {
  unreachable:
    "Check this address (cockpit:url, cockpit:gatewayUrl) and the network on the way there, then run the same command again.",
  timeout: "Run the same command again later.",
  server: "Run the same command again later.",
  malformed:
    "Something else may have answered, such as a proxy: check the address (cockpit:url, cockpit:gatewayUrl), then run the same command again.",
};

/** The one error this client throws. Its texts never carry passwords, tokens, headers or bodies that were sent. */
export class ApiError extends Error {
  /** The same in every copy of this module: see {@link isApiError}. */
  readonly code = API_ERROR_CODE;
  readonly kind: ApiErrorKind;
  /** What was attempted, as a verb phrase: `rename group ic-…`. */
  readonly operation: string;
  /** What happened instead: the message without its beginning. */
  readonly problem: string;
  /** HTTP status of the answer, where there was one. */
  readonly status?: number;
  /** What the server said: redacted, on one line, at most 200 characters. */
  readonly serverMessage?: string;
  /** Of a conflict: the id of what exists, where the answer names it. */
  readonly existingId?: string;
  /** Of a conflict: the field whose value another one has, where the answer names it. */
  readonly field?: string;

  constructor(facts: ApiErrorFacts) {
    const operation = printable(facts.operation);
    const remedy = REMEDIES[facts.kind];
    super(
      `Cockpit: could not ${operation}: ${remedy ? `${sentence(facts.problem)} ${remedy}` : facts.problem}`,
    );
    this.name = "ApiError";
    this.kind = facts.kind;
    this.operation = operation;
    this.problem = facts.problem;
    if (facts.status !== undefined) this.status = facts.status;
    if (facts.serverMessage) this.serverMessage = facts.serverMessage;
    if (facts.existingId) this.existingId = facts.existingId;
    if (facts.field) this.field = facts.field;
  }
}

/** The text with a full stop, unless it ends with one already, as a server's own words may. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

/** Whether an error is an {@link ApiError}, also one of another copy of this module. */
export function isApiError(error: unknown): error is ApiError {
  return typeof error === "object" && error !== null && "code" in error && error.code === API_ERROR_CODE;
}

/**
 * How far a request got:
 * - `not-sent`: it never left
 * - `turned-away`: the server said that it did not process it (429, 503 with Retry-After)
 * - `unknown`: it may have been processed
 * - `final`: the server refused it, or sending it again can't help
 */
export type Fate = "not-sent" | "turned-away" | "unknown" | "final";

/** One failed attempt. Only the retries see it: callers get the {@link ApiError} inside. */
export class AttemptFailed extends Error {
  readonly fate: Fate;
  /** Whether another attempt may fare better. */
  readonly transient: boolean;
  /** How long the server asked to wait. */
  readonly retryAfterMs?: number;

  constructor(
    readonly error: ApiError,
    facts: { fate: Fate; transient: boolean; retryAfterMs?: number | undefined },
  ) {
    super(error.message);
    this.fate = facts.fate;
    this.transient = facts.transient;
    if (facts.retryAfterMs !== undefined) this.retryAfterMs = facts.retryAfterMs;
  }
}

/** Whether a server may not know the route: it says so with 405 or 501, or with a 404, which may also be an absence. */
export function isUnknownRoute(error: unknown): boolean {
  return error instanceof ApiError && [404, 405, 501].includes(error.status ?? 0);
}
