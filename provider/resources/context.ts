import type { Cockpit } from "../api";
import type { GatewayMemory } from "./gateway/memory";
import type { GroupBirths } from "./group/births";
import type { DeclaredProtection } from "./group/declared-protection";
import type { GroupReader } from "./group/reader";
import type { RunVariables } from "./run-variables";

/** What the resources work with. One per process: its logins, caches and memory are shared by all of them. */
export interface Context {
  readonly cockpit: Cockpit;
  readonly reader: GroupReader;
  readonly births: GroupBirths;
  readonly declaredProtection: DeclaredProtection;
  readonly gatewayMemory: GatewayMemory;
  /** Read anew for each operation: they hold for one run. */
  runVariables(): RunVariables;
  /** Shows a warning in the preview or the run. */
  warn(message: string): void;
}
