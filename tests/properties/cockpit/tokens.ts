import type { Emulator } from "../../../emulator";
import { asAdministratorOf, companies, transferTokenOf, type Company } from "../../support/environments";
import type { FastClock } from "../../support/model-engine/provider-process";
import { companyOfId } from "./environments";

const manuallyIssued = ["fresh", "used", "just expired", "long expired", "of somebody else"] as const;
type ManuallyIssued = (typeof manuallyIssued)[number];

/** What somebody writes into a program as the token for a transfer. */
export type TokenKind =
  | ManuallyIssued
  | "none"
  | "as it was"
  /** By a TransferToken: a new one, or the one that there is. */
  | "of the program"
  | "of the program, as it was";

export const isManuallyIssued = (kind: TokenKind): kind is ManuallyIssued =>
  manuallyIssued.some((each) => each === kind);

/** The operation tokens that people issue in Cockpit, and where each of them leads. */
export class Tokens {
  readonly #leads = new Map<string, Company>();

  constructor(
    readonly emulator: Emulator,
    private readonly clock: FastClock,
  ) {}

  get values(): readonly string[] {
    return [...this.#leads.keys()];
  }

  leadsTo(token: unknown): Company | undefined {
    return this.#leads.get(String(token));
  }

  /** How many transfers each environment would accept still, as far as it can tell. */
  unused(): ReadonlyMap<Company | undefined, number> {
    const groups = this.emulator.groups().filter(({ superGroup }) => superGroup === undefined);
    return new Map(
      groups.map(({ id, operationTokens = {} }) => [companyOfId(id), Object.keys(operationTokens).length]),
    );
  }

  async issue(kind: ManuallyIssued, to: Company): Promise<string> {
    switch (kind) {
      case "fresh":
        return this.#issue(to);
      case "of somebody else":
        return this.#issue("other");
      case "just expired":
      case "long expired": {
        const token = await this.#issue(to, 1);
        await this.clock.sleep(kind === "just expired" ? 60_000 : 3600_000);
        return token;
      }
      case "used": {
        const before = this.#idsOf(to);
        const token = await this.#issue(to);
        // Cockpit forgets a used one just as a deleted one.
        for (const id of this.#idsOf(to).filter((each) => !before.includes(each))) {
          await asAdministratorOf(this, to, "DELETE", `group/operationToken/${id}`);
        }
        return token;
      }
    }
  }

  async #issue(to: Company, seconds?: number): Promise<string> {
    const token = await transferTokenOf(this, to, seconds);
    this.#leads.set(token, to);
    return token;
  }

  #idsOf(company: Company): string[] {
    const { id: environmentId } = companies[company];
    return Object.keys(this.emulator.groups().find(({ id }) => id === environmentId)?.operationTokens ?? {});
  }
}
