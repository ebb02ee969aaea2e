import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./program-error";

/** The engine keeps the stack's configuration in the state: what is not marked secret would stand there in plain text. */
export function refusePlainPassword(): void {
  // Not in the SDK's types; an SDK without it can't be asked.
  const { isConfigSecret } = pulumi.runtime as { isConfigSecret?: (key: string) => boolean };
  const isPlain = (key: string) =>
    pulumi.runtime.getConfig(key) !== undefined && isConfigSecret?.(key) === false;
  const refusal = (what: string, command: string) =>
    new ProgramError(
      "plain-password",
      `${what} is in the stack's configuration in plain text, from where it would get into the state. Run: pulumi config set --secret ${command} …`,
    );
  if (isPlain("cockpit:password")) {
    throw refusal("cockpit:password", "cockpit:password");
  }
  const environments = pulumi.runtime.getConfig("cockpit:environments") ?? "";
  if (isPlain("cockpit:environments") && /"password"\s*:/.test(environments)) {
    throw refusal(
      "a password of cockpit:environments",
      "--path cockpit:environments.KEY.password (or, for all of it as JSON, --secret cockpit:environments)",
    );
  }
}
