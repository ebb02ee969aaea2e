import type { Cockpit } from "../client";
import type { Run } from "../framework/run";
import type {
  DeclaredProjectIds,
  DeclaredProtection,
  DeclaredServices,
  FormerPlaces,
  IdReservations,
  Refusals,
  Transfers,
} from "./run-facts";
import type { GatewayCache, GroupCache } from "./cockpit-cache";
import type { RunVariables } from "../config/settings";

/**
 * What the resources work with in one environment: its login, caches and memory, shared by all of the process. An operation
 * is given that of the default environment and goes to another by `environments`.
 */
export interface Context {
  /** Its key in `cockpit:environments`, where it has one. */
  readonly key: string | undefined;
  /** Its id, where the configuration says it: known without a request, and not yet proven by a login. */
  readonly configuredId: string | undefined;
  readonly cockpit: Cockpit;
  readonly groupCache: GroupCache;
  readonly gatewayCache: GatewayCache;
  /** All environments of the configuration. */
  readonly environments: Environments;
  readonly run: Run;
  readonly idReservations: IdReservations;
  readonly declaredProtection: DeclaredProtection;
  readonly declaredProjectIds: DeclaredProjectIds;
  readonly declaredServices: DeclaredServices;
  readonly formerPlaces: FormerPlaces;
  readonly transfers: Transfers;
  readonly refusals: Refusals;
  /** Epoch milliseconds. */
  now(): number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Read again for each operation: they hold for one run. */
  runVariables(): RunVariables;
  /** Calls back only the first time that this is said in a preview or run. */
  once(what: string, say: () => void): void;
  /** Describes settings whose environment variables override the stack's configuration. */
  overriddenSettings(): string[];
  /** Shows a warning in the preview or the run. */
  warn(message: string): void;
  /** Says how far a long operation has come. */
  inform(message: string): void;
}

/** The environments that a program works in: one, or several that it names by key. */
export interface Environments {
  /** The environment that a resource names; without a name, the default one. */
  named(key: string | undefined): Context;
  /** Each environment once, the default one included where it has no key. */
  all(): Promise<Context[]>;
  withId(environmentId: string): Promise<Context | undefined>;
  /** The environment that a state names. A configuration that points elsewhere is neither an absence nor a replacement. */
  recorded(environmentId: string | undefined, name: string): Promise<Context>;
  /** The environment that holds a group now. Where none holds it, the recorded one: there it is found to be gone. */
  holding(groupId: string, recordedId: string | undefined, name: string): Promise<Context>;
  /** The environment that holds a group or, where none does, in which it was deleted. */
  find(groupId: string, recordedId?: string): Promise<Context | undefined>;
  /** Invalidates after a transfer what is cached of where groups are. */
  moved(groupId: string): Promise<void>;
  areSeveral(): boolean;
}
