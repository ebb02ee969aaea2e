import * as pulumi from "@pulumi/pulumi";

/** What a look-up was asked for is not there, or the accounts of the configuration may not see it. */
export class NotFoundError extends pulumi.RunError {
  override readonly name = "NotFoundError";
}

/** More than one fits what a look-up was asked for; the message names each. */
export class AmbiguousError extends pulumi.RunError {
  override readonly name = "AmbiguousError";
}
