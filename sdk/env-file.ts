import { writeFileSync } from "node:fs";
import * as pulumi from "@pulumi/pulumi";

/**
 * Writes variables as an `.env` file during `pulumi up`; a preview writes nothing. The file is for its owner's eyes only, because
 * a token may be among them: keep it out of version control.
 *
 * @example writeEnvFile("../app/.env", petra.variables);
 */
export function writeEnvFile(
  file: string,
  variables: Record<string, pulumi.Input<string>>,
): pulumi.Output<void> {
  return pulumi.all(variables).apply((values) => {
    if (!pulumi.runtime.isDryRun()) {
      writeFileSync(file, envText(values), { mode: 0o600 });
    }
  });
}

/** The variables as lines that a shell and the usual readers of `.env` files understand alike. */
export function envText(values: Record<string, string>): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}=${/^[\w@%+:,./-]*$/.test(value) ? value : JSON.stringify(value)}\n`)
    .join("");
}
