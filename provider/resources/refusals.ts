import { CockpitError } from "../errors";
import { written } from "../config/run-variables";

/**
 * The deletions of a run that nobody has confirmed. The engine asks for them one by one, several at a time: a refusal waits until
 * none of those is undecided, so that it can name all that have to be typed back.
 */
export class Refusals {
  readonly #toType = new Map<string, string>();
  readonly #waiting: (() => void)[] = [];
  #undecided = 0;

  /** What would have to be typed back for a group, by its id. */
  add(id: string, typed: string): void {
    this.#toType.set(id, typed);
  }

  /** Decides on a deletion. An error refuses it, and is thrown with the names of all that were refused. */
  async decide(decision: () => Promise<CockpitError | undefined>): Promise<void> {
    this.#undecided++;
    let refusal: CockpitError | undefined;
    try {
      refusal = await decision();
    } finally {
      this.#undecided--;
      if (this.#undecided === 0) {
        this.#waiting.splice(0).forEach((goOn) => goOn());
      }
    }
    if (refusal === undefined) {
      return;
    }
    if (this.#undecided > 0) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    throw this.#withAllOfThem(refusal);
  }

  #withAllOfThem(refusal: CockpitError): CockpitError {
    const all = [...this.#toType.values()];
    const { code, what, remedy, toType } = refusal;
    return all.length < 2
      ? refusal
      : new CockpitError({
          ...toType,
          code,
          what,
          remedy: `${remedy ?? ""} To confirm all that this run is known to delete, with everything in it: COCKPIT_CONFIRM_DELETE=${written(all)}`,
          confirm: all,
        });
  }
}
