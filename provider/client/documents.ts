import type * as z from "zod";
import type { Call, Calls } from "./calls";
import { ApiError } from "./errors";
import type { ApiPath } from "./path";
import type { Budget } from "./retry";
import * as wire from "./wire";
import { carries, type Finding, writeOnce } from "./write-once";

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
    if (!stored || stored.deletedAt !== undefined) return { conflict: `${what} was deleted meanwhile` };
    if (stored.rev === rev) return undefined;
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
    if (!(error instanceof ApiError) || error.code !== "conflict") throw error;
    const stored = await read();
    if (!stored || stored.deletedAt !== undefined) return "absent";
    throw error;
  }
}
