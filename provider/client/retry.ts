import { setTimeout as wait } from "node:timers/promises";
import { currentOperation } from "../framework/operation";
import { ApiError, AttemptFailed } from "./errors";

/** Time and chance, replaceable in tests. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  sleep(milliseconds: number): Promise<void>;
  /** A signal that fires after that time. */
  deadline(milliseconds: number): AbortSignal;
}

export const realClock: Clock = {
  now: Date.now,
  random: Math.random,
  sleep: async (milliseconds) => {
    await wait(milliseconds);
  },
  deadline: (milliseconds) => AbortSignal.timeout(milliseconds),
};

/**
 * What may be sent again after a failed attempt:
 * - `read` and `idempotent-write`: whatever may fare better the next time
 * - `create`: only what the server says it did not process; everything else is looked up first
 * - `once`: only what never left or was turned away by 429
 */
export type RetryMode = "read" | "idempotent-write" | "create" | "once";

const repeatableOutcomes: Record<RetryMode, (failure: AttemptFailed) => boolean> = {
  read: (failure) => failure.transient,
  "idempotent-write": (failure) => failure.transient,
  create: (failure) => failure.transient && wasNotProcessed(failure),
  once: (failure) =>
    failure.transient &&
    (failure.outcome === "not-sent" || (failure.outcome === "not-processed" && failure.error.status === 429)),
};

function wasNotProcessed(failure: AttemptFailed): boolean {
  return failure.outcome === "not-sent" || failure.outcome === "not-processed";
}

/** The limits of one operation, including its retries and pages. */
export interface Budget {
  /** Counted against what answers may hold. */
  readonly received: Received;
  readonly signal: AbortSignal;
  readonly endsAt: number;
}

export interface RetryLimits {
  /** Attempts in all. */
  tries: number;
  /** Upper bound of the first wait in milliseconds; it doubles with each attempt. */
  baseMs: number;
  /** Upper bound of any wait that the server did not ask for, in milliseconds. */
  longestMs: number;
}

export class Retries {
  constructor(
    readonly clock: Clock,
    readonly limits: RetryLimits,
    readonly deadlineMs: number,
  ) {}

  /** A limit that the program sets for the operation holds in place of ours. */
  budget(atLeastMs = 0): Budget {
    const limit = currentOperation()?.limit;
    const received = { characters: 0, parts: 0 };
    if (limit) {
      return { signal: limit.signal, endsAt: limit.endsAt, received };
    }
    const milliseconds = Math.max(this.deadlineMs, atLeastMs);
    return {
      received,
      signal: this.clock.deadline(milliseconds),
      endsAt: this.clock.now() + milliseconds,
    };
  }

  /** Attempts until it succeeds, may not be repeated, or tries or time run out; then throws the last {@link AttemptFailed}. */
  async run<T>(mode: RetryMode, budget: Budget, attempt: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries++) {
      try {
        return await attempt();
      } catch (error) {
        if (!(error instanceof AttemptFailed) || !repeatableOutcomes[mode](error)) {
          throw error;
        }
        if (tries >= this.limits.tries) {
          throw error;
        }
        await this.pause(tries, budget, error);
      }
    }
  }

  /** Waits before the attempt that follows a failed one; throws that failure when the time does not suffice. */
  async pause(tries: number, budget: Budget, failure: AttemptFailed): Promise<void> {
    const asked = failure.retryAfterMs ?? 0;
    const delay = asked + this.#backoff(tries);
    if (this.clock.now() + delay >= budget.endsAt) {
      throw asked > 0 ? askedTooLong(failure, asked) : failure;
    }
    await this.clock.sleep(delay);
  }

  #backoff(tries: number): number {
    const { baseMs, longestMs } = this.limits;
    return this.clock.random() * Math.min(longestMs, baseMs * 2 ** (tries - 1));
  }
}

/** Milliseconds that a Retry-After header asks for, in either of its forms; nothing when it says neither. */
export function parseRetryAfter(value: string | undefined, now: number): number | undefined {
  const text = value?.trim() ?? "";
  if (/^\d+$/.test(text)) {
    return Number(text) * 1000;
  }
  if (!text.endsWith("GMT")) {
    return undefined;
  }
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function askedTooLong(failure: AttemptFailed, asked: number): AttemptFailed {
  const {
    code,
    operation,
    status,
    serverMessage,
    remedy = "Run the same command again later.",
  } = failure.error;
  const problem = `the server asked to wait ${Math.ceil(asked / 1000)} s before the next attempt, which is longer than this operation may take`;
  return new AttemptFailed(new ApiError({ code, operation, problem, remedy, status, serverMessage }), {
    outcome: failure.outcome,
    transient: false,
  });
}

/** The maximum size of an answer. A larger one does not come from the API, and could exhaust the process's memory. */
export const maxAnswerBytes = 16 * 1024 * 1024;
/** The maximum of all answers of one operation, such as the pages of a list. */
const maxCharacters = 1.25 * maxAnswerBytes;
/** Values, fields and brackets of all answers of one operation: small ones take far more memory than their characters. */
const maxParts = 700_000;
const maxListLength = 50_000;
const maxDepth = 100;

/** The amount that one operation has received so far. */
export interface Received {
  characters: number;
  parts: number;
}

/** Reads a body piece by piece into one buffer: kept as they come, very small pieces take thousands of times their size. */
export async function readBody(body: AsyncIterable<Buffer>): Promise<string> {
  let buffer = Buffer.alloc(0);
  let length = 0;
  for await (const piece of body) {
    if (length + piece.length > buffer.length) {
      const larger = Buffer.allocUnsafeSlow(Math.max(2 * buffer.length, length + piece.length));
      buffer.copy(larger, 0, 0, length);
      buffer = larger;
    }
    piece.copy(buffer, length);
    length += piece.length;
  }
  return buffer.toString("utf8", 0, length);
}

/** Adds an answer to what was received: says why it is too much, if it is, before anything is made of it. */
export function excess(text: string, received: Received): string | undefined {
  received.characters += text.length;
  if (received.characters > maxCharacters) {
    return `the answers have more than ${maxCharacters} characters in all`;
  }
  const lengths: number[] = [];
  for (let at = 0; at < text.length; at++) {
    switch (text.charAt(at)) {
      case '"':
        at = endOfText(text, at);
        break;
      case "[":
      case "{":
        received.parts++;
        lengths.push(1);
        if (lengths.length > maxDepth) {
          return `the answer is nested more than ${maxDepth} levels deep`;
        }
        break;
      case "]":
      case "}":
        lengths.pop();
        break;
      case ",": {
        received.parts++;
        const length = (lengths.pop() ?? 0) + 1;
        if (length > maxListLength) {
          return `the answer has a list of more than ${maxListLength} entries`;
        }
        lengths.push(length);
        break;
      }
      case ":":
        received.parts++;
        break;
    }
    if (received.parts > maxParts) {
      return `the answers have more than ${maxParts} values in all`;
    }
  }
  return undefined;
}

/** The end of the JSON string that begins here. */
function endOfText(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let backslashes = 0;
    while (text[end - 1 - backslashes] === "\\") {
      backslashes++;
    }
    if (backslashes % 2 === 0) {
      return end;
    }
  }
  return text.length;
}
