import type { HttpResponse } from "./transport";
import { STATUS_CODES } from "node:http";
import { z } from "zod";
import { ApiError, type ApiErrorCode, AttemptFailed, type RequestOutcome, type Redactor } from "./errors";
import { parseRetryAfter } from "./retry";

const codesByStatus: Record<number, ApiErrorCode> = {
  401: "unauthorized",
  402: "quota-exceeded",
  403: "forbidden",
  404: "not-found",
  408: "timeout",
  409: "conflict",
  410: "not-found",
  425: "rate-limited",
  429: "rate-limited",
};
const notProcessedStatuses = new Set([425, 429]);

/** Options for reading the answer of one call. */
export interface Reading {
  /** Errors about it do not show it. */
  confidential?: boolean | undefined;
  /** It is a text, or nothing at all. */
  plain?: boolean | undefined;
}

/** Turns answers into values, and everything that is not the expected value into {@link AttemptFailed}. */
export class ResponseReader {
  #serverAheadMs: number | undefined;

  constructor(
    readonly redactor: Redactor,
    readonly now: () => number,
    /** The settings with which a user chooses the server. */
    readonly setting = "the url of the configuration",
  ) {}

  /** The decoded body of a 2xx answer. */
  read<Schema extends z.ZodType>(
    operation: string,
    answer: HttpResponse,
    schema: Schema,
    { confidential = false, plain = false }: Reading = {},
  ): z.output<Schema> {
    this.#noteTime(answer);
    if (answer.status < 200 || answer.status > 299) {
      throw this.refusal(operation, answer);
    }
    const body = plain
      ? this.#text(operation, answer, confidential)
      : this.#json(operation, answer, confidential);
    const result = schema.safeParse(body);
    if (!result.success) {
      const where = result.error.issues[0]?.path.join(".") ?? "";
      throw this.malformed(
        operation,
        answer,
        where ? `"${where}" is not as expected` : "the answer is not as expected",
        confidential,
      );
    }
    return result.data;
  }

  /** Epoch milliseconds by the server's clock, to a second. Nothing where no answer has told the time yet. */
  serverTime(): number | undefined {
    return this.#serverAheadMs === undefined ? undefined : this.now() + this.#serverAheadMs;
  }

  #noteTime({ headers }: HttpResponse): void {
    const date = Date.parse(headers["date"] ?? "");
    if (!Number.isNaN(date)) {
      this.#serverAheadMs = date - this.now();
    }
  }

  /** An answer that is not a success, as an error of its own kind. */
  refusal(operation: string, answer: HttpResponse): AttemptFailed {
    const { status, headers } = answer;
    if (status < 400) {
      return this.#strayed(operation, answer);
    }
    if ((status === 404 || status === 410) && !speaksForTheApi(answer)) {
      return this.malformed(operation, answer, "this 404 is not the API's");
    }

    const serverMessage = this.redactor.safe(textOfAnswer(answer.text));
    const reason = STATUS_CODES[status] ? ` ${STATUS_CODES[status]}` : "";
    const problem = `the server answered ${status}${reason}${serverMessage ? `: ${serverMessage}` : ""}`;
    const code = codesByStatus[status] ?? (status >= 500 ? "server-error" : "rejected");
    const retryAfterMs = parseRetryAfter(headers["retry-after"], this.#timeOf(headers));
    const existingId = code === "conflict" ? this.#existingId(answer) : undefined;
    const error = new ApiError({ code, operation, problem, status, serverMessage, existingId });
    return new AttemptFailed(error, {
      outcome: outcomeOf(status, retryAfterMs),
      transient: (status >= 500 && status !== 501) || status === 408 || notProcessedStatuses.has(status),
      retryAfterMs,
    });
  }

  /** An answer of success that can't be believed. */
  malformed(operation: string, answer: HttpResponse, problem: string, confidential = false): AttemptFailed {
    const contentType = this.redactor.safe(answer.headers["content-type"] ?? "") || "without a content type";
    const serverMessage = confidential ? "" : this.redactor.safe(answer.text);
    const shown = serverMessage ? `, beginning with: ${serverMessage}` : "";
    const facts = `${this.redactor.safe(problem)} (status ${answer.status}, ${contentType}${shown})`;
    const cut = isJson(answer) && answer.text !== "" && !parses(answer.text);
    return new AttemptFailed(
      new ApiError({
        code: "malformed-answer",
        operation,
        problem: facts,
        status: answer.status,
        serverMessage,
      }),
      { outcome: "unknown", transient: cut },
    );
  }

  #strayed(operation: string, answer: HttpResponse): AttemptFailed {
    const { status, headers } = answer;
    const target = headers["location"] ?? "";
    if (status < 300 || status === 304) {
      return this.malformed(operation, answer, "an unexpected status");
    }
    const host = URL.canParse(target) ? ` to ${this.redactor.safe(new URL(target).host)}` : "";
    const problem = `the server redirects${host} (${status}). Redirects are not followed, so that the login goes nowhere else: set ${this.setting} to the API itself.`;
    return new AttemptFailed(new ApiError({ code: "redirected", operation, problem, status }), {
      outcome: "final",
      transient: false,
    });
  }

  /** A conflict may name what is in the way. */
  #existingId({ text }: HttpResponse): string | undefined {
    const { id } = errorBody.safeParse(parse(text)).data ?? {};
    return id !== undefined && this.redactor.safe(id) === id ? id : undefined;
  }

  #text(operation: string, answer: HttpResponse, confidential: boolean): string {
    if (/^text\/html\b/i.test(answer.headers["content-type"] ?? "")) {
      throw this.malformed(operation, answer, "the answer is a web page", confidential);
    }
    return answer.text;
  }

  #json(operation: string, answer: HttpResponse, confidential: boolean): unknown {
    const text = answer.text.replace(/^\uFEFF/, "");
    if (text.trim() === "") {
      throw this.malformed(operation, answer, "the answer is empty", confidential);
    }
    try {
      return JSON.parse(text);
    } catch {
      throw this.malformed(operation, answer, "the answer is not readable JSON", confidential);
    }
  }

  /** Retry-After dates are the server's, and so may its clock be. */
  #timeOf(headers: Record<string, string>): number {
    const date = Date.parse(headers["date"] ?? "");
    return Number.isNaN(date) ? this.now() : date;
  }
}

function outcomeOf(status: number, retryAfterMs: number | undefined): RequestOutcome {
  if (notProcessedStatuses.has(status)) {
    return "not-processed";
  }
  if (status === 503 && retryAfterMs !== undefined) {
    return "not-processed";
  }
  return status === 408 || (status >= 500 && status !== 501) ? "unknown" : "final";
}

/** Only the API's own 404 says that something is absent; a web server's page says that the url is wrong. */
function speaksForTheApi(answer: HttpResponse): boolean {
  return answer.text.trim() === "" || parses(answer.text);
}

function isJson(answer: HttpResponse): boolean {
  return /^application\/([\w.+-]+\+)?json\b/i.test(answer.headers["content-type"] ?? "");
}

function parses(text: string): boolean {
  return parse(text) !== undefined;
}

/** The value of a JSON text; nothing when it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

const errorBody = z.object({
  message: z.string().optional().catch(undefined),
  exceptionDetail: z.string().optional().catch(undefined),
  error: z.string().optional().catch(undefined),
  id: z.string().min(1).optional().catch(undefined),
});

/** The message of an error body: its `message` field, or the beginning of any other body. */
function textOfAnswer(text: string): string {
  const body = parse(text);
  if (body === undefined) {
    return text;
  }
  if (typeof body === "string") {
    return body;
  }
  const { message, exceptionDetail, error } = errorBody.safeParse(body).data ?? {};
  return message ?? exceptionDetail ?? error ?? text;
}
