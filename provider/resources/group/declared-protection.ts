import { type Identity, identityKey } from "../../framework/identity";

/**
 * What the program says of protection in this run. Delete sees the state only, and where a replacement is forced the state may be
 * older than the program.
 */
export class DeclaredProtection {
  readonly #byResource = new Map<string, boolean>();
  readonly #byId = new Map<string, boolean>();
  /** By type and name alone, protected if one of them is: for states in which an earlier release has not written down parents. */
  readonly #byName = new Map<string, boolean>();

  declare(resource: Identity, isProtected: boolean): void {
    this.#byResource.set(identityKey(resource), isProtected);
    const name = nameKey(resource);
    this.#byName.set(name, isProtected || this.#byName.get(name) === true);
  }

  /** Of the resource that has the group or, where this run has not met the group, that had this name. */
  isProtected(resource: Identity, id: string): boolean {
    return (
      this.#byId.get(id) ??
      this.#byResource.get(identityKey(resource)) ??
      this.#byName.get(nameKey(resource)) ??
      false
    );
  }

  /** The group of a resource; of one that the program does not declare, as in a refresh, this means nothing. */
  identify(resource: Identity, id: string): void {
    const isProtected = this.#byResource.get(identityKey(resource));
    if (isProtected !== undefined) {
      this.#byId.set(id, isProtected);
    }
  }

  /** Undefined: the program does not declare it, or not in this run. */
  ofGroup(id: string): boolean | undefined {
    return this.#byId.get(id);
  }
}

function nameKey({ type, project, stack, name }: Identity): string {
  return JSON.stringify([type, project, stack, name]);
}
