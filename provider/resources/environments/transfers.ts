import type { ResourceName } from "../../engine/resource";

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

  /** The API does not say where a token leads before it is spent; of the program's own it is known. */
  rememberToken(token: string, facts: KnownToken): void {
    this.#tokens.set(token, facts);
  }

  token(token: string): KnownToken | undefined {
    return this.#tokens.get(token);
  }

  /** The program wants this solution there. */
  plan(resource: ResourceName, environmentId: string): void {
    this.#planned.set(keyOf(resource), environmentId);
  }

  isPlanned(resource: ResourceName, environmentId: unknown): boolean {
    return this.#planned.get(keyOf(resource)) === environmentId;
  }
}

function keyOf({ project, stack, name }: ResourceName): string {
  return JSON.stringify([project, stack, name]);
}
