import { readFile } from "node:fs/promises";
import { z } from "zod";
import { CockpitError } from "../../provider/errors";

/** Where a change carries its confirmations, beside Pulumi.yaml. */
export const confirmFile = "cockpit.confirm.json";

const day = z.iso.date("must be a day such as 2026-12-15");
const filled = z.string().regex(/\S/, "must not be empty");

const confirmation = z.strictObject({
  stack: z.string().regex(/^[^/]+\/[^/]+$/, "must be PROJECT/STACK"),
  name: filled,
  id: filled,
  reason: filled,
  until: day,
  code: filled,
});

/** That a solution or database may be lost, as it is kept in the change that loses it. */
export type Confirmation = z.output<typeof confirmation>;

const file = z.strictObject({ confirm: z.array(confirmation) });

/** The confirmations of a file; none where there is no file. */
export async function readConfirmations(name: string): Promise<Confirmation[]> {
  const text = await readFile(name, "utf8").catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") {
      return undefined;
    }
    throw error;
  });
  if (text === undefined || text.trim() === "") {
    return [];
  }
  const parsed = file.safeParse(jsonOf(text));
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new CockpitError({
      code: "unreadable-file",
      what: `${name} is not a file of confirmations: ${[
        z.core.toDotPath(issue?.path ?? []),
        issue?.message ?? "",
      ]
        .filter((part) => part !== "")
        .join(": ")}. pulumi-cockpit confirm writes it.`,
    });
  }
  return parsed.data.confirm;
}

export function writtenConfirmations(confirm: readonly Confirmation[]): string {
  return `${JSON.stringify({ confirm }, undefined, 2)}\n`;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
