import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { StartupError } from "../contract/errors";

interface Owner {
  pid: number;
  /** Tells a live owner from a later process with the same number. */
  started?: string | undefined;
}

export interface DataFolder {
  journal: string;
  /** Whether its last owner ended without giving it back. */
  killed: boolean;
  release: () => void;
}

const files = { journal: "journal", lock: "lock", ofLmdb: "data.mdb" };
/** Folders of this process's own emulators. */
const heldHere = new Set<string>();

/** Makes the folder private and takes it for this emulator alone. */
export function takeFolder(folder: string): DataFolder {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const foreign = readdirSync(folder).filter((name) => !/^(journal|lock)\b/.test(name));
    if (foreign.length === 0) {
      chmodSync(folder, 0o700);
    }
  } catch (error) {
    throw new StartupError(`The data folder ${folder} can't be used: ${(error as Error).message}.`);
  }
  if (existsSync(join(folder, files.ofLmdb))) {
    throw new StartupError(
      `The data folder ${folder} was written by an older emulator, in a form that this one doesn't read. Choose another folder with --data to start again.`,
    );
  }
  if (heldHere.has(folder)) {
    throw lockedBy(folder, process.pid);
  }
  const lock = join(folder, files.lock);
  const killed = take(lock, folder);
  heldHere.add(folder);
  return {
    journal: join(folder, files.journal),
    killed,
    release: () => {
      rmSync(lock, { force: true });
      heldHere.delete(folder);
    },
  };
}

/** The lock appears with its owner in it, never empty; of several that find a stale one, the first moves it away. Tells whether there was one. */
function take(lock: string, folder: string): boolean {
  const ownFile = `${lock}.${process.pid}`;
  let killed = false;
  try {
    writeFileSync(ownFile, JSON.stringify({ pid: process.pid, started: startOf(process.pid) }), {
      mode: 0o600,
    });
    for (;;) {
      try {
        linkSync(ownFile, lock);
        return killed;
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") {
          throw error;
        }
      }
      const owner = ownerIn(lock);
      if (owner !== undefined && isAnotherProcess(owner)) {
        throw lockedBy(folder, owner.pid);
      }
      killed = true;
      removeStale(lock, `${ownFile}.stale`);
    }
  } catch (error) {
    if (error instanceof StartupError) {
      throw error;
    }
    throw new StartupError(`The data folder ${folder} can't be used: ${(error as Error).message}.`);
  } finally {
    rmSync(ownFile, { force: true });
  }
}

/** One that comes late finds that it has moved a new owner's lock, and puts it back. */
function removeStale(lock: string, aside: string): void {
  try {
    renameSync(lock, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return;
    }
    throw error;
  }
  const owner = ownerIn(aside);
  if (owner !== undefined && isAnotherProcess(owner)) {
    renameSync(aside, lock);
  } else {
    rmSync(aside, { force: true });
  }
}

function ownerIn(lock: string): Owner | undefined {
  try {
    const { pid, started } = JSON.parse(readFileSync(lock, "utf8")) as Partial<Owner>;
    return typeof pid === "number" && pid > 0 ? { pid, started } : undefined;
  } catch {
    return undefined;
  }
}

function isAnotherProcess(owner: Owner): boolean {
  if (owner.pid === process.pid) {
    return false;
  }
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") {
      return false;
    }
  }
  return owner.started === undefined || owner.started === startOf(owner.pid);
}

/** The start time that Linux keeps for a process; elsewhere the process number has to do. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

const lockedBy = (folder: string, pid: number) =>
  new StartupError(
    `The data folder ${folder} is in use by another emulator (process ${pid}). Stop it, or choose another folder with --data.`,
  );
