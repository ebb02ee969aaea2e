import type { ResourceState } from "../../support/model-engine/resource-state";
import type { LiveGroup } from "../cockpit/live-groups";
import type { World } from "../world/world";
/** An invariant is violated. */
export class Violation extends Error {}

export function assertInvariant(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new Violation(what);
  }
}

/** The state of everything before a run. */
export interface Before {
  live: readonly LiveGroup[];
  state: readonly ResourceState[];
  /** Including resources that are not groups. */
  wholeState: readonly ResourceState[];
  createdManually: ReadonlyMap<string, string>;
  unusedTokens: ReturnType<World["tokens"]["unused"]>;
}
