import type { ResourceName } from "../../engine/resource";
import type { GroupTraits } from "./identity";

/** A solution and a database may have the same name. */
export type TypedName = ResourceName & Pick<GroupTraits, "type">;

/**
 * What the program says of protection in this run. Delete sees the state only, and where a replacement is forced the state may be
 * older than the program.
 */
export class DeclaredProtection {
  readonly #protected = new Set<string>();
  readonly #groups = new Map<string, boolean>();

  declare(resource: TypedName, isProtected: boolean): void {
    this.#protected[isProtected ? "add" : "delete"](keyOf(resource));
  }

  isProtected(resource: TypedName): boolean {
    return this.#protected.has(keyOf(resource));
  }

  declareGroup(id: string, isProtected: boolean): void {
    this.#groups.set(id, isProtected);
  }

  /** Undefined: this run has not declared it. */
  ofGroup(id: string): boolean | undefined {
    return this.#groups.get(id);
  }
}

function keyOf({ type, project, stack, name }: TypedName): string {
  return JSON.stringify([type, project, stack, name]);
}
