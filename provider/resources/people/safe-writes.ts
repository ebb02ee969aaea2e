import { CockpitError } from "../../errors";
import { isApiError } from "../../client";

/** Ids of what was deleted are passed over one by one; nobody creates and destroys one resource more often than this. */
const mostGenerations = 100;

interface Deletable {
  deletedAt?: number;
}

export interface Creation<Thing> {
  /** As an error names it: `administrator "ada"`. */
  what: string;
  idOf(generation: number): string;
  get(id: string): Promise<Thing | undefined>;
  post(id: string): Promise<Thing>;
  /** Another resource has this id: one that had this name before. It is passed over. */
  isOthers?(id: string): Promise<boolean>;
  /** It was there before: what to do with it, or why not. */
  meet(thing: Thing): Promise<Thing> | Thing;
}

/**
 * Makes what a resource declares, exactly once. It looks before it asks, so that after a lost answer the API client can find
 * only what this very request made.
 */
export async function createOnce<Thing extends Deletable>(creation: Creation<Thing>): Promise<Thing> {
  for (let generation = 0; generation < mostGenerations; generation++) {
    const id = creation.idOf(generation);
    const found = await creation.get(id);
    if (isLive(found) && !(await creation.isOthers?.(id))) {
      return creation.meet(found);
    }
    if (found) {
      continue;
    }
    try {
      return await creation.post(id);
    } catch (error) {
      if (!isIdTaken(error)) {
        throw error;
      }
    }
    // Taken and not to be seen: deleted earlier. Taken and there: somebody else was faster.
    const rival = await creation.get(id);
    if (isLive(rival)) {
      return creation.meet(rival);
    }
  }
  throw new CockpitError({
    code: "ids-exhausted",
    what: `${creation.what} was created and deleted ${mostGenerations} times before.`,
    remedy: "Rename the resource.",
  });
}

/** Finds what `createOnce` made earlier. Deleted ones are passed over, a few at most. */
export async function findCreated<Thing extends Deletable, Maker>(
  makers: readonly Maker[],
  made: { idOf(maker: Maker, generation: number): string; get(id: string): Promise<Thing | undefined> },
  generations = 3,
): Promise<Thing | undefined> {
  const ids = makers.flatMap((maker) =>
    Array.from({ length: generations }, (_, generation) => made.idOf(maker, generation)),
  );
  for (const id of new Set(ids)) {
    const found = await made.get(id);
    if (isLive(found)) {
      return found;
    }
  }
  return undefined;
}

export function isLive<Thing extends Deletable>(thing: Thing | undefined): thing is Thing {
  return thing !== undefined && thing.deletedAt === undefined;
}

/** A duplicate e-mail or phone is a conflict too, but names its field. */
function isIdTaken(error: unknown): boolean {
  return isApiError(error) && error.code === "conflict" && error.field === undefined;
}

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
export function removeLatest<Thing extends Revised>(steps: {
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
