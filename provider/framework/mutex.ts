/** Runs one task at a time, in the order in which they come. What fails holds up nothing. */
export class Mutex {
  #last: Promise<unknown> = Promise.resolve();

  run<Result>(task: () => Promise<Result>): Promise<Result> {
    const result = this.#last.then(task);
    this.#last = result.catch(() => undefined);
    return result;
  }

  /** Waits for the tasks that have come so far. */
  async idle(): Promise<void> {
    await this.#last;
  }
}
