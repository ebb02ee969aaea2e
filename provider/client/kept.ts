/**
 * The fields of an answer that this client doesn't read, kept so that an update sends them back and loses nothing.
 * It is opaque, because masked and hashed secrets are among them: printed, serialised or compared it shows nothing.
 */
export class Kept {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Record<string, unknown>) {
    this.#fields = fields;
  }

  /** For the body of an update, and nothing else. */
  get fields(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }
}
