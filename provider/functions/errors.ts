/** What was asked for is not there, or the accounts of the configuration may not see it. */
export class NotFoundError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "NotFoundError";
  }
}

/** More than one fits what was asked for. */
export class AmbiguousError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "AmbiguousError";
  }
}
