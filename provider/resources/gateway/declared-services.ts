/** Which resource of the program declares the external services of an environment, as far as this run has met them. */
export class DeclaredServices {
  readonly #names = new Map<string, string>();

  /** The other resource that has declared them already; if there is none, this one has now. */
  declaredBefore(specId: string, name: string): string | undefined {
    const before = this.#names.get(specId) ?? name;
    this.#names.set(specId, before);
    return before === name ? undefined : before;
  }
}
