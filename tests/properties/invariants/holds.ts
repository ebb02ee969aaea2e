import type { ResourceState } from "../../support/model-engine/resource-state";
import type { LiveGroup } from "../cockpit/live-groups";
import type { World } from "../world/world";
/** What holds always did not hold. */
export class Violation extends Error {}

export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new Violation(what);
  }
}

/** How things were before a run. */
export interface Before {
  live: readonly LiveGroup[];
  state: readonly ResourceState[];
  /** With everything that is no group. */
  wholeState: readonly ResourceState[];
  handMade: ReadonlyMap<string, string>;
  unusedTokens: ReturnType<World["tokens"]["unused"]>;
}
