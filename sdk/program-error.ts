import * as pulumi from "@pulumi/pulumi";
import { type ErrorCode, withCode } from "../provider/errors";

/** A mistake in the program or its configuration. The engine prints it as one sentence and no stack. */
export class ProgramError extends pulumi.RunError {
  constructor(
    /** What docs/errors.md has it under; it stays the same when the words change. */
    readonly code: ErrorCode,
    /** The message without the code. */
    readonly text: string,
  ) {
    super(withCode(code, text));
  }
}
