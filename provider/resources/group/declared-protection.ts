import type { ResourceName } from "../../engine/resource";

/**
 * What the program says of protection in this run. Delete sees the state only, and where a replacement is forced the state may be
 * older than the program.
 */
export class DeclaredProtection {
  readonly #protected = new Set<string>();

  declare(resource: ResourceName, isProtected: boolean): void {
    this.#protected[isProtected ? "add" : "delete"](keyOf(resource));
  }

  isProtected(resource: ResourceName): boolean {
    return this.#protected.has(keyOf(resource));
  }
}

function keyOf({ project, stack, name }: ResourceName): string {
  return JSON.stringify([project, stack, name]);
}
