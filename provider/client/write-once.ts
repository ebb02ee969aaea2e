import { type Call, type Calls, unknownOutcome } from "./calls";
import { ApiError, AttemptFailed, withRemark } from "./errors";
import type { Budget } from "./retry";
import type { z } from "zod";
import type { ApiPath } from "./path";
import * as wire from "./wire";

/** A write that must not happen twice, such as a creation or a change of one revision. */
export interface WriteOnce<T> {
  attempt: (budget: Budget) => Promise<T>;
  /** After an unclear answer: what the write left. It has its own time: giving up before it would leave a thing that nobody knows of. */
  lookUp: () => Promise<Finding<T>>;
  /** "The group `g1` may exist" */
  uncertain: string;
  /** "A look-up found no group `g1`." */
  missed: string;
}

/** What a look-up found: the write's own result, something else in its place, or nothing, so that the write may be sent again. */
export type Finding<T> = { value: T } | { conflict: string; existingId?: string | undefined } | undefined;

export interface Written<T> {
  value: T;
  /** `lookup`: the answer was lost or unclear, and the result was found afterwards. */
  confirmedBy: "answer" | "lookup";
}

/**
 * Writes once. An unclear answer is never followed by a blind repeat: the result is looked up,
 * and the request is sent again only when it is absent.
 */
export async function writeOnce<T>(calls: Calls, write: WriteOnce<T>): Promise<Written<T>> {
  const { retries } = calls;
  const budget = retries.budget();
  for (let tries = 1; ; tries++) {
    let failure: AttemptFailed;
    try {
      const value = await retries.run("create", budget, () => write.attempt(budget));
      return { value, confirmedBy: "answer" };
    } catch (error) {
      if (error instanceof ApiError && tries > 1) {
        throw unknownOutcome(error, write.uncertain);
      }
      if (!(error instanceof AttemptFailed)) {
        throw error;
      }
      failure = error;
    }
    // From the second request on even a clear refusal (409, 402) may be the trace of the first.
    if (failure.fate !== "unknown" && tries === 1) {
      throw failure.error;
    }
    const found = await lookUpOutcome(write, failure.error);
    if (found && "value" in found) {
      return { value: found.value, confirmedBy: "lookup" };
    }
    if (found) {
      throw conflictError(calls, failure.error, found);
    }
    if (failure.fate === "final" || tries >= retries.limits.tries || budget.signal.aborted) {
      throw missed(failure.error, write);
    }
    await retries.pause(tries, budget, failure).catch(() => {
      throw missed(failure.error, write);
    });
  }
}

async function lookUpOutcome<T>(write: WriteOnce<T>, cause: ApiError): Promise<Finding<T>> {
  try {
    return await write.lookUp();
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    throw unknownOutcome(cause, `${write.uncertain}; looking it up failed too: ${error.problem}`);
  }
}

function conflictError(
  { answers }: Calls,
  { operation, status }: ApiError,
  found: { conflict: string; existingId?: string | undefined },
): ApiError {
  const problem = answers.redactor.strip(found.conflict);
  return new ApiError({ code: "conflict", operation, problem, status, existingId: found.existingId });
}

function missed<T>(error: ApiError, write: WriteOnce<T>): ApiError {
  return withRemark(error, write.missed);
}

/** Fields that every write changes by itself. */
const bookkeepingFields = new Set(["rev", "modified"]);

/** Whether a stored thing carries everything that was sent. What the server adds doesn't matter. */
export function carries(stored: unknown, sent: unknown): boolean {
  if (isNothing(sent)) {
    return isNothing(stored);
  }
  if (Array.isArray(sent)) {
    return (
      Array.isArray(stored) &&
      stored.length === sent.length &&
      sent.every((item, index) => carries(stored[index], item))
    );
  }
  if (typeof sent !== "object" || sent === null) {
    return stored === sent;
  }
  if (typeof stored !== "object" || stored === null) {
    return false;
  }
  const fields = stored as Record<string, unknown>;
  return Object.entries(sent).every(
    ([key, value]) => bookkeepingFields.has(key) || carries(fields[key], value),
  );
}

/** The API writes an absent field as null, an empty list or not at all. */
function isNothing(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) {
    return true;
  }
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A stored thing with a revision. */
export interface Revised {
  rev?: string;
  deletedAt?: number;
}

export interface RevisionUpdate<Schema extends z.ZodType<Revised>> {
  call: Call<Schema>;
  /** Default: {@link Calls.attempt}. */
  attempt?: (call: Call<Schema>, budget: Budget) => Promise<z.output<Schema>>;
  /** The revision that the update names. */
  rev: string | undefined;
  read: () => Promise<z.output<Schema> | undefined>;
  /** The stored form of what was read, to be compared with what was sent. */
  bodyOf: (stored: z.output<Schema>) => unknown;
  /** Whether what is stored now is the update's doing. Default: it {@link carries} what was sent. */
  happened?: (stored: z.output<Schema>) => boolean;
  /** "user `u1`" */
  what: string;
}

/**
 * Replaces one revision by the next. After a lost answer the old revision would be refused although the update
 * happened: it is read whether what is stored now is what was sent.
 */
export async function updateRevision<Schema extends z.ZodType<Revised>>(
  calls: Calls,
  update: RevisionUpdate<Schema>,
): Promise<z.output<Schema>> {
  const { call, rev, read, what } = update;
  const { attempt = (again, budget) => calls.attempt(again, budget) } = update;
  const { happened = (stored) => carries(update.bodyOf(stored), call.body) } = update;
  const lookUp = async (): Promise<Finding<z.output<Schema>>> => {
    const stored = await read();
    if (!stored || stored.deletedAt !== undefined) {
      return { conflict: `${what} was deleted meanwhile` };
    }
    if (stored.rev === rev) {
      return undefined;
    }
    return happened(stored)
      ? { value: stored }
      : { conflict: `${what} was changed meanwhile by someone else. Refresh, then try again.` };
  };
  const { value } = await writeOnce(calls, {
    attempt: (budget) => attempt(call, budget),
    lookUp,
    uncertain: `The ${what} may have been changed`,
    missed: `A look-up showed that the ${what} is unchanged.`,
  });
  return value;
}

/** Deletes one revision. What is gone when the server says that the revision is old was deleted by a request whose answer was lost, or by someone else. */
export async function deleteRevision(
  calls: Calls,
  deletion: { operation: string; path: ApiPath; rev: string; read: () => Promise<Revised | undefined> },
): Promise<"deleted" | "absent"> {
  const { operation, rev, read } = deletion;
  try {
    const answer = await calls.find("idempotent-write", {
      operation,
      method: "DELETE",
      path: deletion.path,
      query: { rev },
      answer: wire.documentIdentifier,
    });
    return answer ? "deleted" : "absent";
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== "conflict") {
      throw error;
    }
    const stored = await read();
    if (!stored || stored.deletedAt !== undefined) {
      return "absent";
    }
    throw error;
  }
}
