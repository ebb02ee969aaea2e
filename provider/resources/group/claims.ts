/** Which resource of the program has which id, whatever environment it is in: Cockpit gives no id twice. */
export class GroupClaims {
  readonly #claims = new Map<string, string>();

  /**
   * Keeps an id for one resource of this run, whether it comes to be or not; false: it is another's. Without this, a request
   * that was lost would find what the other one made, and two resources would have one group.
   */
  claim(id: string, resource: string): boolean {
    const owner = this.#claims.get(id) ?? resource;
    this.#claims.set(id, owner);
    return owner === resource;
  }

  isOthers(id: string, resource: string): boolean {
    return (this.#claims.get(id) ?? resource) !== resource;
  }
}
