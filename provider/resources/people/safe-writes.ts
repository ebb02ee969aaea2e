import { CockpitError } from "../../errors";
import { isApiError } from "../../client";

/** Ids of deleted objects are skipped one by one; no resource is created and deleted more often than this. */
const maxGenerations = 100;

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
export async function createOnce<Thing extends Deletable>(creation: Creation<Thing>): Promise<Thing> {
  for (let generation = 0; generation < maxGenerations; generation++) {
    const id = creation.idOf(generation);
    const found = await creation.get(id);
    if (isLive(found) && !(await creation.isOwnedByOther?.(id))) {
      return creation.adoptOrRefuse(found);
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
    // Taken but not found: it was deleted earlier. Taken and found: somebody else was faster.
    const rival = await creation.get(id);
    if (isLive(rival)) {
      return creation.adoptOrRefuse(rival);
    }
  }
  throw new CockpitError({
    code: "ids-exhausted",
    what: `${creation.what} was created and deleted ${maxGenerations} times before.`,
    remedy: "Rename the resource.",
  });
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

/** A duplicate e-mail or phone is a conflict too, but names its field. */
function isIdTaken(error: unknown): boolean {
  return isApiError(error) && error.code === "conflict" && error.field === undefined;
}

/** Give up after this many conflicting changes by others. */
const maxConflicts = 5;

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

async function repeatedOnConflict<Result>(attempt: () => Promise<Result>): Promise<Result> {
  for (let conflicts = 1; ; conflicts++) {
    try {
      return await attempt();
    } catch (error) {
      const isOvertaken = isApiError(error) && error.code === "conflict" && error.field === undefined;
      if (!isOvertaken || conflicts >= maxConflicts) {
        throw error;
      }
    }
  }
}
