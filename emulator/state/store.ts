import { createHash } from "node:crypto";
import { closeSync, fdatasync, mkdirSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { open, type Database, type RootDatabase } from "lmdb";
import { StartupError } from "../errors";
import type {
  ChallengeRecord,
  ProcessRecord,
  RequestRecord,
  SentMessage,
  SpecRecord,
} from "../gateway/model";
import type { GroupRecord, HealthcareParty, Patient, UserRecord, ExchangeData } from "./model";

interface Owner {
  pid: number;
  /** Tells a live owner from a later process with the same number. */
  started: string | undefined;
}

/**
 * The data folder: an LMDB environment with one table per kind of thing and one per index.
 *
 * Handlers run inside `write`, one abortable transaction per request, so a refusal half-way leaves nothing behind.
 * A commit is with the operating system when `write` returns, so a kill of the process loses nothing. LMDB isn't made to
 * wait for the disk (`noSync`): the flush follows at once in the background, several commits sharing one, which keeps
 * hundreds of writes a second possible on a slow disk and leaves a power cut a window of milliseconds.
 */
export class Store {
  readonly groups: Database<GroupRecord, string>;
  /** [parent, child] of every group that isn't deleted. */
  readonly children: Database<true, [string, string]>;
  /** [group, user]. */
  readonly users: Database<UserRecord, [string, string]>;
  /** [a hash of what one can log in with, group, user]. */
  readonly logins: Database<true, [string, string, string]>;
  /** [group, healthcare party]. */
  readonly healthcareParties: Database<HealthcareParty, [string, string]>;
  /** [group, patient]. */
  readonly patients: Database<Patient, [string, string]>;
  /** [group, exchange data]. */
  readonly exchangeData: Database<ExchangeData, [string, string]>;
  /** Hash of an unused operation token → where it leads. */
  readonly operationTokens: Database<{ groupId: string; tokenId: string }, string>;
  /** Ids of refresh tokens that were given back. */
  readonly revoked: Database<true, string>;
  readonly meta: Database<unknown, string>;
  /** The gateway's external services by spec id. */
  readonly specs: Database<SpecRecord, string>;
  /** [spec, process]. */
  readonly processes: Database<ProcessRecord, [string, string]>;
  /** [spec, request]: processes that were started. */
  readonly startedProcesses: Database<RequestRecord, [string, string]>;
  /** [spec, challenge]: those that are not spent. */
  readonly challenges: Database<ChallengeRecord, [string, string]>;
  /** What the gateway sent, numbered in order. */
  readonly outbox: Database<SentMessage, number>;

  private constructor(
    private readonly root: RootDatabase,
    private readonly disk: Disk | undefined,
    private readonly release: () => void,
  ) {
    const table = <V, K extends string | string[] | number>(name: string) =>
      root.openDB<V, K>({ name, encoding: "json", cache: false });
    this.groups = table("groups");
    this.children = table("children");
    this.users = table("users");
    this.logins = table("logins");
    this.operationTokens = table("operationTokens");
    this.revoked = table("revoked");
    this.meta = table("meta");
    this.healthcareParties = table("healthcareParties");
    this.patients = table("patients");
    this.exchangeData = table("exchangeData");
    this.specs = table("specs");
    this.processes = table("processes");
    this.startedProcesses = table("startedProcesses");
    this.challenges = table("challenges");
    this.outbox = table("outbox");
  }

  static open(folder: string, options: { temporary: boolean }): Store {
    try {
      mkdirSync(folder, { recursive: true, mode: 0o700 });
    } catch (error) {
      throw new StartupError(`The data folder ${folder} can't be made: ${(error as Error).message}`);
    }
    if (heldHere.has(folder)) throw lockedBy(folder, process.pid);
    const root = open({
      path: folder,
      maxDbs: 32,
      noSubdir: false,
      overlappingSync: false,
      noSync: true,
    });
    const owners = root.openDB<Owner, string>({ name: "owner", encoding: "json", cache: false });
    const me: Owner = { pid: process.pid, started: startOf(process.pid) };
    // LMDB lets any process in; its writer lock makes this look-and-take atomic between processes.
    const holder = root.transactionSync(() => {
      const owner = owners.get("owner");
      if (owner !== undefined && owner.pid !== me.pid && isAlive(owner)) return owner;
      owners.putSync("owner", me);
      return undefined;
    });
    if (holder !== undefined) {
      void root.close();
      throw lockedBy(folder, holder.pid);
    }
    heldHere.add(folder);
    const disk = options.temporary ? undefined : new Disk(join(folder, "data.mdb"));
    return new Store(root, disk, () => {
      owners.removeSync("owner");
      heldHere.delete(folder);
    });
  }

  /** Runs all of `change` or none of it. */
  write<T>(change: () => T): T {
    const result = this.root.transactionSync(change);
    this.disk?.flushSoon();
    return result;
  }

  async close(): Promise<void> {
    this.release();
    await this.root.close();
    await this.disk?.close();
  }
}

/** Flushes a file beside the program, one flush at a time. */
class Disk {
  private readonly file: number;
  private dirty = false;
  private flushing: Promise<void> | undefined;

  constructor(path: string) {
    this.file = openSync(path, "r+");
  }

  flushSoon(): void {
    this.dirty = true;
    this.flushing ??= this.flush();
  }

  async close(): Promise<void> {
    this.flushSoon();
    await this.flushing;
    closeSync(this.file);
  }

  private async flush(): Promise<void> {
    while (this.dirty) {
      this.dirty = false;
      await promisify(fdatasync)(this.file);
    }
    this.flushing = undefined;
  }
}

const heldHere = new Set<string>();

const lockedBy = (folder: string, pid: number) =>
  new StartupError(
    `The data folder ${folder} is in use by another emulator (process ${pid}). Stop it, or choose another folder with --data.`,
  );

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EPERM") return false;
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

/** Index keys have a length limit in LMDB; what people type has none. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");
