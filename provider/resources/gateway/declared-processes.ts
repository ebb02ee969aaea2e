/** The processes that the program declares, as far as this run has met them. */
export class DeclaredProcesses {
  readonly #names = new Map<string, string>();

  /** The resource that has declared this one already; if there is none, this one has now. */
  declaredBefore(key: string, name: string): string | undefined {
    const before = this.#names.get(key);
    if (before === undefined) {
      this.#names.set(key, name);
    }
    return before === name ? undefined : before;
  }
}
