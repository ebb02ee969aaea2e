import type { ResourceName } from "../../engine/resource";
import type { GroupTraits } from "./identity";

/** A solution and a database may have the same name. */
export type TypedName = ResourceName & Pick<GroupTraits, "type">;

/**
 * What the program says of protection in this run. Delete sees the state only, and where a replacement is forced the state may be
 * older than the program.
 */
export class DeclaredProtection {
  readonly #byName = new Map<string, boolean>();
  readonly #byId = new Map<string, boolean>();

  declare(resource: TypedName, isProtected: boolean): void {
    this.#byName.set(keyOf(resource), isProtected);
  }

  isProtected(resource: TypedName): boolean {
    return this.#byName.get(keyOf(resource)) === true;
  }

  /** The group of a resource; of one that the program does not declare, as in a refresh, this means nothing. */
  identify(resource: TypedName, id: string): void {
    const isProtected = this.#byName.get(keyOf(resource));
    if (isProtected !== undefined) {
      this.#byId.set(id, isProtected);
    }
  }

  /** Undefined: the program does not declare it, or not in this run. */
  ofGroup(id: string): boolean | undefined {
    return this.#byId.get(id);
  }
}

function keyOf({ type, project, stack, name }: TypedName): string {
  return JSON.stringify([type, project, stack, name]);
}
