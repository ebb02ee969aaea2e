import type { Cockpit } from "../client";
import type { Run } from "../framework/run";
import type { Environments } from "./environments/environments";
import type { Transfers } from "./environments/transfers";
import type { DeclaredServices } from "./gateway/declared-services";
import type { GatewayMemory } from "./gateway/memory";
import type { GroupBirths } from "./group/births";
import type { GroupClaims } from "./group/claims";
import type { DeclaredProtection } from "./group/declared-protection";
import type { DeclaredProjectIds } from "./group/project-ids";
import type { GroupReader } from "./group/reader";
import type { Refusals } from "./refusals";
import type { RunVariables } from "../config/run-variables";

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
  readonly reader: GroupReader;
  readonly births: GroupBirths;
  readonly gatewayMemory: GatewayMemory;
  /** All environments of the configuration. */
  readonly environments: Environments;
  readonly run: Run;
  readonly claims: GroupClaims;
  readonly declaredProtection: DeclaredProtection;
  readonly declaredProjectIds: DeclaredProjectIds;
  readonly declaredServices: DeclaredServices;
  readonly transfers: Transfers;
  readonly refusals: Refusals;
  /** Epoch milliseconds. */
  now(): number;
  readonly pause: (milliseconds: number) => Promise<unknown>;
  /** Read anew for each operation: they hold for one run. */
  runVariables(): RunVariables;
  /** Calls back the first time only that something is said in this preview or run. */
  once(what: string, say: () => void): void;
  /** What the environment variables say otherwise than the stack's configuration, in words. */
  overriddenSettings(): string[];
  /** Shows a warning in the preview or the run. */
  warn(message: string): void;
  /** Says how far a long operation has come. */
  inform(message: string): void;
}
