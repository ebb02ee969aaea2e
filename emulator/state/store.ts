import { createHash } from "node:crypto";
import { storageFailed } from "../contract/errors";
import type {
  ChallengeRecord,
  ProcessRecord,
  RequestRecord,
  SentMessage,
  SpecRecord,
} from "../contract/gateway-model";
import { takeFolder } from "./folder";
import { Journal } from "./journal";
import type {
  Device,
  ExchangeData,
  GroupRecord,
  HealthcareParty,
  Patient,
  RecoveryData,
  Role,
  UserRecord,
} from "../contract/model";
import { Table, type Change, type Key } from "./table";

/**
 * Everything the emulator keeps: one table per kind of thing and one per index, in memory, with a journal of what was
 * committed in the data folder, if there is one.
 *
 * Handlers run inside `write`, one transaction per request, so a refusal half-way leaves nothing behind.
 */
export class Store {
  readonly #tables = new Map<string, Table<unknown, Key>>();
  readonly groups = this.#table<GroupRecord, string>("groups");
  /** [parent, child] of every group that isn't deleted. */
  readonly children = this.#table<true, [string, string]>("children");
  /** [group, user]. */
  readonly users = this.#table<UserRecord, [string, string]>("users");
  /** [a hash of what one can log in with, group, user]. */
  readonly logins = this.#table<true, [string, string, string]>("logins");
  /** [group, healthcare party]. */
  readonly healthcareParties = this.#table<HealthcareParty, [string, string]>("healthcareParties");
  /** [group, patient]. */
  readonly patients = this.#table<Patient, [string, string]>("patients");
  /** [group, device]. */
  readonly devices = this.#table<Device, [string, string]>("devices");
  /** [group, exchange data]. */
  readonly exchangeData = this.#table<ExchangeData, [string, string]>("exchangeData");
  /** [group, recovery data]. */
  readonly recoveryData = this.#table<RecoveryData, [string, string]>("recoveryData");
  /** [group, name]. */
  readonly roles = this.#table<Role, [string, string]>("roles");
  /** Hash of an unused operation token → where it leads. */
  readonly operationTokens = this.#table<{ groupId: string; tokenId: string }, string>("operationTokens");
  /** Ids of refresh tokens that were given back. */
  readonly revoked = this.#table<true, string>("revoked");
  readonly meta = this.#table<unknown, string>("meta");
  /** The gateway's external services by spec id. */
  readonly specs = this.#table<SpecRecord, string>("specs");
  /** [spec, process]. */
  readonly processes = this.#table<ProcessRecord, [string, string]>("processes");
  /** [spec, request]: processes that were started. */
  readonly startedProcesses = this.#table<RequestRecord, [string, string]>("startedProcesses");
  /** [spec, challenge]: those that are not spent. */
  readonly challenges = this.#table<ChallengeRecord, [string, string]>("challenges");
  /** What the gateway sent, numbered in order. */
  readonly outbox = this.#table<SentMessage, number>("outbox");

  /** Counts what was committed: whoever watches sees by it that something has changed. */
  version = 0;

  /** Of the transactions under way; nothing outside of one. */
  #changes: Change[] | undefined;
  #journal: Journal | undefined;
  #release = () => {};

  /** Takes up the folder where it was left; without one, everything is gone on close. */
  static open(folder: string | undefined): Store {
    const store = new Store();
    if (folder === undefined) {
      return store;
    }
    const { journal, killed, release } = takeFolder(folder);
    store.#release = release;
    try {
      let changes = 0;
      store.#journal = Journal.open(journal, {
        killed,
        replay: (json) => (changes += store.#replay(json)),
        shorter: () => (changes > 2 * store.#size() + 1000 ? store.#snapshot() : undefined),
      });
      return store;
    } catch (error) {
      release();
      throw error;
    }
  }

  /** Runs all of `change` or none of it. */
  write<T>(change: () => T): T {
    const outer = this.#changes;
    const changes = (this.#changes = outer ?? []);
    const mark = changes.length;
    try {
      const result = change();
      if (outer === undefined) {
        this.#commit(changes);
      }
      return result;
    } catch (error) {
      for (const { undo } of changes.splice(mark).reverse()) {
        undo();
      }
      throw error;
    } finally {
      this.#changes = outer;
    }
  }

  async close(): Promise<void> {
    await this.#journal?.close();
    this.#release();
  }

  #table<Value, K extends Key>(name: string): Table<Value, K> {
    const table = new Table<Value, K>(name, (change) => {
      if (this.#changes === undefined) {
        throw new Error(`The table ${name} was changed outside of a transaction.`);
      }
      this.#changes.push(change);
    });
    this.#tables.set(name, table);
    return table;
  }

  #commit(changes: readonly Change[]): void {
    if (changes.length === 0) {
      return;
    }
    this.version++;
    if (this.#journal === undefined) {
      return;
    }
    try {
      this.#journal.append(`[${changes.map(journalled).join()}]`);
    } catch (error) {
      throw storageFailed((error as Error).message);
    }
  }

  #replay(json: string): number {
    const changes = JSON.parse(json) as [string, Key, unknown?][];
    for (const [table, key, ...value] of changes) {
      this.#tables.get(table)?.load(key, value.length === 0 ? undefined : JSON.stringify(value[0]));
    }
    return changes.length;
  }

  #size(): number {
    return [...this.#tables.values()].reduce((sum, { size }) => sum + size, 0);
  }

  *#snapshot(): Generator<string> {
    for (const table of this.#tables.values()) {
      for (const row of table.rows()) {
        yield `[${journalled({ table: table.name, ...row })}]`;
      }
    }
  }
}

const journalled = ({ table, key, json }: Pick<Change, "table" | "key" | "json">): string =>
  `[${[JSON.stringify(table), JSON.stringify(key), ...(json === undefined ? [] : [json])].join()}]`;

/** For what people type as part of a key: always of one length, and never shown. */
export const digest = (text: string): string => createHash("sha256").update(text).digest("base64url");
