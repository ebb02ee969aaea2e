import { ifSupported, type Gateway, type ProcessTemplate, type Spec } from "../../client";

/** What one process remembers of the message gateway, for all resources that it serves. */
export class GatewayMemory {
  readonly #lostSpecs = new Set<string>();
  #making: Promise<unknown> = Promise.resolve();
  #spec: Promise<Spec | undefined | "unsupported"> | undefined;
  #templates: Promise<ProcessTemplate[]> | undefined;

  constructor(private readonly gateway: Pick<Gateway, "spec" | "templates">) {}

  /** A creation of external services was sent, and no answer came: if they are there later, they are those. */
  lostSpec(specId: string): void {
    this.#lostSpecs.add(specId);
  }

  isLostSpec(specId: string): boolean {
    return this.#lostSpecs.has(specId);
  }

  /** Lets processes wait for the external services that the same run is making. */
  async making<Value>(work: () => Promise<Value>): Promise<Value> {
    const result = this.#making.then(work);
    this.#making = result.catch(() => undefined);
    try {
      return await result;
    } finally {
      this.#spec = undefined;
    }
  }

  /** The environment's external services as processes find them, where the gateway tells. */
  async spec(specId: string): Promise<Spec | undefined | "unsupported"> {
    await this.#making;
    this.#spec ??= ifSupported(this.gateway.spec(specId));
    this.#spec.catch(() => (this.#spec = undefined));
    return this.#spec;
  }

  async templates(specId: string): Promise<ProcessTemplate[]> {
    this.#templates ??= this.gateway.templates(specId);
    this.#templates.catch(() => (this.#templates = undefined));
    return this.#templates;
  }
}
