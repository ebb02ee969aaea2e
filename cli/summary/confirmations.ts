import { shellQuoted, type TypedConfirmation } from "../../provider/config/settings";
import type { Confirmation } from "../confirm/file";
import type { Change } from "./changes";
import { code, words } from "./escape";
import type { Preview } from "./preview";

/** Whoever loses more has reason to look at each. */
const maxCommands = 10;

/** What a change confirms of what its preview would lose. */
export class Confirmations {
  readonly #stack: string;

  /**
   * @param entries of the change's file
   * @param typed what COCKPIT_CONFIRM_DELETE has: `pulumi-cockpit confirm` prints only what still holds
   */
  constructor(
    { project, stack }: Pick<Preview, "project" | "stack">,
    private readonly entries: readonly Confirmation[],
    private readonly typed: readonly TypedConfirmation[],
  ) {
    this.#stack = `${project}/${stack}`;
  }

  /** By its id alone: a name may be another's. */
  isConfirmed({ id }: Change): boolean {
    return (
      this.#entryOf(id) !== undefined &&
      this.typed.some((typed) => typed.name === id && typed.code !== undefined)
    );
  }

  /** For a cell of a table. */
  describe(change: Change): string {
    const entry = this.#entryOf(change.id);
    if (!entry) {
      return "❌ no";
    }
    const { reason, until } = entry;
    return this.isConfirmed(change)
      ? `✅ until ${until}: ${words(reason)}`
      : `❌ the entry of ${code(reason)} does not hold: see the output of ${code("pulumi-cockpit confirm")}`;
  }

  /** The commands that would confirm what is not confirmed, each for a person who has looked. */
  commandsFor(lost: readonly Change[]): string[] {
    return lost
      .filter((change) => change.id !== "" && !this.isConfirmed(change))
      .slice(0, maxCommands)
      .map(({ name, id }) =>
        [
          "npx pulumi-cockpit confirm",
          ...[name, "--id", id, "--stack", this.#stack].map(shellQuoted),
          "--reason '…'",
        ].join(" "),
      );
  }

  #entryOf(id: string): Confirmation | undefined {
    return this.entries.find((entry) => entry.id === id && entry.stack === this.#stack);
  }
}
