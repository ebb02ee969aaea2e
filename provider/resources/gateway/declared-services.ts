import { type Identity, identityKey } from "../../framework/identity";

/** What of external services tells which messages they can send. */
export interface DeclaredChannels {
  demo: boolean;
  email?: unknown;
  sms?: unknown;
}

/** Which resource of the program declares the external services of an environment, as far as this run has met them. */
export class DeclaredServices {
  readonly #declared = new Map<string, { resource: Identity; channels: DeclaredChannels }>();

  /** What the program declares for the environment. */
  channels(specId: string): DeclaredChannels | undefined {
    return this.#declared.get(specId)?.channels;
  }

  /** The other resource that has declared them already; if there is none, this one has now. */
  declaredBefore(specId: string, resource: Identity, channels: DeclaredChannels): string | undefined {
    const before = this.#declared.get(specId);
    if (before !== undefined && identityKey(before.resource) !== identityKey(resource)) {
      return before.resource.name;
    }
    this.#declared.set(specId, { resource, channels });
    return undefined;
  }
}
