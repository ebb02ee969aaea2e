import { without } from "../../framework/values";
import { type Identity, identityKey } from "../../framework/identity";

/** Which resource of the program has which id, whatever environment it is in: Cockpit gives no id twice. */
export class GroupClaims {
  readonly #claims = new Map<string, Identity>();

  /**
   * Keeps an id for one resource of this run, whether it comes to be or not; false: it is another's. Without this, a request
   * that was lost would find what the other one made, and two resources would have one group.
   */
  claim(id: string, resource: Identity): boolean {
    const owner = this.#claims.get(id) ?? resource;
    this.#claims.set(id, owner);
    return identityKey(owner) === identityKey(resource);
  }

  /** Whether a resource of this run has the id, or is going to. */
  isClaimed(id: string): boolean {
    return this.#claims.has(id);
  }

  /** It is not to be had. */
  release(id: string): void {
    this.#claims.delete(id);
  }

  /** Asked about a resource of the state, where an earlier release has not written down its parents. */
  isOthers(id: string, resource: Identity): boolean {
    const owner = this.#claims.get(id);
    return owner !== undefined && !maybeSame(resource, owner);
  }
}

/** Whether a resource of the state may be one of the program: earlier releases did not write parents down. */
function maybeSame(inState: Identity, declared: Identity): boolean {
  const { parents } = inState;
  const known = parents === undefined ? without(declared, "parents") : declared;
  return identityKey(inState) === identityKey(known);
}
