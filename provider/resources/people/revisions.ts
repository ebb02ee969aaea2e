import { isApiError } from "../../client";
import { isLive } from "./creation";

/** How often somebody else may be faster. */
const mostConflicts = 5;

interface Revised {
  rev?: string;
  deletedAt?: number;
}

/** Changes what is there now, so that what others changed of it meanwhile stays. Undefined: it is gone. */
export function rewrite<Thing extends Revised>(steps: {
  read(): Promise<Thing | undefined>;
  /** The fields that have to become different; none: nothing is sent. */
  changes(live: Thing): Partial<Thing>;
  write(changed: Thing): Promise<Thing>;
}): Promise<Thing | undefined> {
  return repeatedOnConflict(async () => {
    const live = await steps.read();
    if (!isLive(live)) {
      return undefined;
    }
    const changes = steps.changes(live);
    return Object.keys(changes).length === 0 ? live : steps.write({ ...live, ...changes });
  });
}

/** Deletes what is there now; false where it is gone already. */
export function remove<Thing extends Revised>(steps: {
  read(): Promise<Thing | undefined>;
  delete(rev: string): Promise<unknown>;
}): Promise<boolean> {
  return repeatedOnConflict(async () => {
    const live = await steps.read();
    if (!isLive(live)) {
      return false;
    }
    await steps.delete(live.rev ?? "");
    return true;
  });
}

async function repeatedOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 1; ; conflicts++) {
    try {
      return await attempt();
    } catch (error) {
      const isOvertaken = isApiError(error) && error.code === "conflict" && error.field === undefined;
      if (!isOvertaken || conflicts >= mostConflicts) {
        throw error;
      }
    }
  }
}
