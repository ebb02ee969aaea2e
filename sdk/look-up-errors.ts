import { ProgramError } from "./program-error";

/** What a look-up was asked for is not there, or the accounts of the configuration may not see it. */
export class NotFoundError extends ProgramError {
  override readonly name = "NotFoundError";
}

/** More than one fits what a look-up was asked for; the message names each. */
export class AmbiguousError extends ProgramError {
  override readonly name = "AmbiguousError";
}
