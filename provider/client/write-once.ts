import { type Call, type ApiClient, unknownOutcome } from "./calls";
import { ApiError, AttemptFailed, withRemark, isApiError } from "./errors";
import type { Budget } from "./retry";
import type { z } from "zod";
import type { ApiPath } from "./path";
import * as wire from "./wire";

/** A write that must not be applied twice, such as a creation or an update of one revision. */
export interface WriteOnce<T> {
  attempt: (budget: Budget) => Promise<T>;
  /** Finds the result of the write after an unclear answer. It has a deadline of its own, so that no created object stays unknown. */
  findResult: () => Promise<LookupResult<T>>;
  /** "The group `g1` may exist" */
  unknownText: string;
  /** "Afterwards, no group `g1` was found." */
  notFoundText: string;
}

/** The write's own result, a conflicting object, or undefined: nothing was written, so the write may be sent again. */
export type LookupResult<T> =
  { value: T } | { conflict: string; existingId?: string | undefined } | undefined;

/**
 * Writes once. An unclear answer is never followed by a blind repeat: the result is looked up,
 * and the request is sent again only when it is absent.
 */
export async function writeOnce<T>(calls: ApiClient, write: WriteOnce<T>): Promise<T> {
  const { retries } = calls;
  const budget = retries.budget();
  for (let tries = 1; ; tries++) {
    let failure: AttemptFailed;
    try {
      return await retries.run("create", budget, () => write.attempt(budget));
    } catch (error) {
      if (error instanceof ApiError && tries > 1) {
        throw unknownOutcome(error, write.unknownText);
      }
      if (!(error instanceof AttemptFailed)) {
        throw error;
      }
      failure = error;
    }
    // From the second request on even a clear refusal (409, 402) may be the trace of the first.
    if (failure.outcome !== "unknown" && tries === 1) {
      throw failure.error;
    }
    const found = await findOutcome(write, failure.error);
    if (found && "value" in found) {
      return found.value;
    }
    if (found) {
      throw conflictError(calls, failure.error, found);
    }
    if (failure.outcome === "final" || tries >= retries.limits.tries || budget.signal.aborted) {
      throw notFoundError(failure.error, write);
    }
    await retries.pause(tries, budget, failure).catch(() => {
      throw notFoundError(failure.error, write);
    });
  }
}

async function findOutcome<T>(write: WriteOnce<T>, cause: ApiError): Promise<LookupResult<T>> {
  try {
    return await write.findResult();
  } catch (error) {
    if (!(error instanceof ApiError)) {
      throw error;
    }
    throw unknownOutcome(cause, `${write.unknownText}; reading it failed too: ${error.problem}`);
  }
}

function conflictError(
  { answers }: ApiClient,
  { operation, status }: ApiError,
  found: { conflict: string; existingId?: string | undefined },
): ApiError {
  const problem = answers.redactor.strip(found.conflict);
  return new ApiError({ code: "conflict", operation, problem, status, existingId: found.existingId });
}

function notFoundError<T>(error: ApiError, write: WriteOnce<T>): ApiError {
  return withRemark(error, write.notFoundText);
}

/** Fields that the server changes with every write. */
const bookkeepingFields = new Set(["rev", "modified"]);

/** Whether a stored object contains everything that was sent. Fields that the server adds are ignored. */
export function includesSent(stored: unknown, sent: unknown): boolean {
  if (isAbsentValue(sent)) {
    return isAbsentValue(stored);
  }
  if (Array.isArray(sent)) {
    return (
      Array.isArray(stored) &&
      stored.length === sent.length &&
      sent.every((item, index) => includesSent(stored[index], item))
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
    ([key, value]) => bookkeepingFields.has(key) || includesSent(fields[key], value),
  );
}

/** The API writes an absent field as null, an empty list or not at all. */
function isAbsentValue(value: unknown): boolean {
  if (value === undefined || value === null || value === "" || value === false) {
    return true;
  }
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** A stored object with a revision. */
export interface Revised {
  rev?: string;
  deletedAt?: number;
}

export interface RevisionUpdate<Schema extends z.ZodType<Revised>> {
  call: Call<Schema>;
  /** Default: {@link ApiClient.attempt}. */
  attempt?: (call: Call<Schema>, budget: Budget) => Promise<z.output<Schema>>;
  /** The revision that the update names. */
  rev: string | undefined;
  read: () => Promise<z.output<Schema> | undefined>;
  /** The request body of a stored object, to be compared with what was sent. */
  bodyOf: (stored: z.output<Schema>) => unknown;
  /** Whether the stored object shows that the update was applied. Default: it {@link includesSent} what was sent. */
  wasApplied?: (stored: z.output<Schema>) => boolean;
  /** "user `u1`" */
  what: string;
}

/**
 * Replaces one revision by the next. After a lost answer a repeat would be refused, because the revision is old if the update
 * was applied: so this reads the object and compares it with what was sent.
 */
export async function updateRevision<Schema extends z.ZodType<Revised>>(
  calls: ApiClient,
  update: RevisionUpdate<Schema>,
): Promise<z.output<Schema>> {
  const { call, rev, read, what } = update;
  const { attempt = (again, budget) => calls.attempt(again, budget) } = update;
  const { wasApplied = (stored) => includesSent(update.bodyOf(stored), call.body) } = update;
  const findResult = async (): Promise<LookupResult<z.output<Schema>>> => {
    const stored = await read();
    if (!stored || stored.deletedAt !== undefined) {
      return { conflict: `${what} was deleted meanwhile` };
    }
    if (stored.rev === rev) {
      return undefined;
    }
    return wasApplied(stored)
      ? { value: stored }
      : { conflict: `${what} was changed meanwhile by someone else. Refresh, then try again.` };
  };
  return writeOnce(calls, {
    attempt: (budget) => attempt(call, budget),
    findResult,
    unknownText: `The ${what} may have been changed`,
    notFoundText: `Afterwards, the ${what} was unchanged.`,
  });
}

/** Give up after this many conflicting changes by others. */
const maxConflicts = 5;

/** Repeats a change of the latest revision, read again each time, while others are faster. */
export async function repeatedOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 1; ; conflicts++) {
    try {
      return await attempt();
    } catch (error) {
      if (!isOvertaken(error) || conflicts >= maxConflicts) {
        throw error;
      }
    }
  }
}

/** Whether somebody else was faster. A duplicate e-mail or phone is a conflict too, but names its field. */
export function isOvertaken(error: unknown): boolean {
  return isApiError(error) && error.code === "conflict" && error.field === undefined;
}

/** Deletes one revision. If the server calls the revision old and the object no longer exists, an earlier request or someone else deleted it. */
export async function deleteRevision(
  calls: ApiClient,
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
