import { CockpitError } from "../errors";
import { isApiError, isOvertaken, repeatedOnConflict } from "../client";

/** Ids of deleted objects are skipped one by one; no resource is created and deleted more often than this. */
export const maxGenerations = 100;

interface Deletable {
  deletedAt?: number;
}

export interface Creation<Thing> {
  /** Its name in errors: `administrator "ada"`. */
  what: string;
  idOf(generation: number): string;
  get(id: string): Promise<Thing | undefined>;
  post(id: string): Promise<Thing>;
  /** Whether another resource has this id, because it had this name before. The id is skipped. */
  isOwnedByOther?(id: string): Promise<boolean>;
  /** Called with an object that existed before: adopts it or throws. */
  adoptOrRefuse(thing: Thing): Promise<Thing> | Thing;
}

/**
 * Creates the object that a resource declares, exactly once. It reads before it creates, so that after a lost answer the API client
 * can find only an object that this request created.
 */
export function createOnce<Thing extends Deletable>(creation: Creation<Thing>): Promise<Thing> {
  const { what } = creation;
  const exhausted = {
    what: `${what} was created and deleted ${maxGenerations} times before.`,
    remedy: "Rename the resource.",
  };
  return underFirstFreeId(exhausted, async (generation) => {
    const id = creation.idOf(generation);
    const found = await creation.get(id);
    if (isLive(found) && !(await creation.isOwnedByOther?.(id))) {
      return creation.adoptOrRefuse(found);
    }
    if (found) {
      return "unavailable";
    }
    try {
      return await creation.post(id);
    } catch (error) {
      if (!isOvertaken(error)) {
        throw error;
      }
    }
    // Taken but not found: it was deleted earlier. Taken and found: somebody else was faster.
    const rival = await creation.get(id);
    return isLive(rival) ? creation.adoptOrRefuse(rival) : "unavailable";
  });
}

/** Tries computed ids one after the other, because Cockpit gives the id of a deleted object to nothing else. */
export async function underFirstFreeId<Result>(
  exhausted: { what: string; remedy: string },
  attempt: (generation: number) => Promise<Result | "unavailable">,
): Promise<Result> {
  for (let generation = 0; generation < maxGenerations; generation++) {
    const outcome = await attempt(generation);
    if (outcome !== "unavailable") {
      return outcome;
    }
  }
  throw new CockpitError({ code: "ids-exhausted", ...exhausted });
}

/** Finds an object that `createOnce` created earlier. Skips a few deleted ones at most. */
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

interface Revised {
  rev?: string;
  deletedAt?: number;
}

/** Changes the latest revision, so that concurrent changes by others are kept. Undefined: the object no longer exists. */
export function updateLatest<Thing extends Revised>(steps: {
  read(): Promise<Thing | undefined>;
  /** The fields to change. If there are none, nothing is sent. */
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

/** Deletes the latest revision; false: the object no longer existed. */
export function deleteLatest<Thing extends Revised>(steps: {
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

/** How often a secret whose answer was lost is issued again. */
const maxIssues = 3;

/**
 * Issues a secret that the API shows only once. A lost answer took the value with it, so another one is issued after `removeLost`
 * has removed what that request may have left.
 */
export async function issueOnce<Secret>(
  issue: () => Promise<Secret>,
  removeLost: () => Promise<unknown>,
): Promise<Secret> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await issue();
    } catch (error) {
      if (!isApiError(error) || error.code !== "unknown-outcome" || attempt >= maxIssues) {
        throw error;
      }
      await removeLost();
    }
  }
}
