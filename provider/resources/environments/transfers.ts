import { type Identity, identityKey } from "../../framework/identity";

/** What is known of a token that this program issued. */
export interface KnownToken {
  environmentId: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** What this process has learnt of transfers before it comes to them. */
export class Transfers {
  readonly #tokens = new Map<string, KnownToken>();
  readonly #planned = new Map<string, string>();
  readonly #services = new Set<string>();
  readonly #leftServices = new Set<string>();

  /** The API does not say where a token leads before it is spent; of the program's own it is known. */
  rememberToken(token: string, facts: KnownToken): void {
    this.#tokens.set(token, facts);
  }

  token(token: string): KnownToken | undefined {
    return this.#tokens.get(token);
  }

  /** The program wants this solution there. */
  plan(resource: Identity, environmentId: string): void {
    this.#planned.set(identityKey(resource), environmentId);
  }

  isPlanned(resource: Identity, environmentId: unknown): boolean {
    return this.#planned.get(identityKey(resource)) === environmentId;
  }

  /** The program declares external services for this environment and, where they had another one before, leaves that. */
  declareServices(environmentId: string, leftId: string | undefined): void {
    this.#services.add(environmentId);
    if (leftId !== undefined && leftId !== environmentId) {
      this.#leftServices.add(leftId);
    }
  }

  hasServices(environmentId: string): boolean {
    return this.#services.has(environmentId);
  }

  areServicesLeft(environmentId: string): boolean {
    return this.#leftServices.has(environmentId);
  }
}
