import { AsyncLocalStorage } from "node:async_hooks";

/** What the engine asks of one resource at a time: how long it may take, and whether it is still wanted. */
export interface Operation {
  /** The resource that messages are about. */
  readonly urn: string;
  /** Absent: the engine sets no limit. */
  readonly limit?: TimeLimit;
}

export interface TimeLimit {
  readonly seconds: number;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** Fires at the end. */
  readonly signal: AbortSignal;
}

const running = new AsyncLocalStorage<Operation | undefined>();

/** Does it as part of the operation, with everything that it calls. */
export function inOperation<Result>(operation: Operation, work: () => Result): Result {
  return running.run(operation, work);
}

/** Does it for all operations, such as a login: the end of this one must not be its end. */
export function outsideOperation<Result>(work: () => Result): Result {
  return running.run(undefined, work);
}

/**
 * What others wait for too, such as a login: the end of this operation's time ends its waiting, not the work. Where that comes
 * first, `late` makes the error.
 */
export async function withinLimit<Result>(
  shared: Promise<Result>,
  late: (limit: TimeLimit) => Error,
): Promise<Result> {
  const limit = currentOperation()?.limit;
  if (!limit) {
    return shared;
  }
  const { signal } = limit;
  let atEnd: () => void = () => undefined;
  const end = new Promise<never>((_, reject) => {
    atEnd = () => reject(late(limit));
    signal.addEventListener("abort", atEnd);
    if (signal.aborted) {
      atEnd();
    }
  });
  try {
    return await Promise.race([shared, end]);
  } finally {
    signal.removeEventListener("abort", atEnd);
  }
}

/** Nothing where the front end keeps no operations apart. */
export function currentOperation(): Operation | undefined {
  return running.getStore();
}

export function limitOf(seconds: number): TimeLimit | undefined {
  return seconds > 0
    ? { seconds, endsAt: Date.now() + seconds * 1000, signal: AbortSignal.timeout(Math.ceil(seconds * 1000)) }
    : undefined;
}
