import { z } from "zod";
import type { Existing } from "../../provider/resources/import/existing";
import { formOf } from "./import-file";

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(z.object({ type: z.string(), id: z.string().optional(), delete: z.boolean().optional() }))
      .nullish(),
  }),
});

/** The ids of what a stack manages, by what `pulumi stack export` has printed. */
export function managedIds(text: string): string[] {
  const { deployment } = exported.parse(JSON.parse(text));
  return (deployment.resources ?? []).flatMap(({ type, id }) =>
    id !== undefined && formOf(type) ? [id] : [],
  );
}

/** An id that this provider has computed: whatever has one was created by some stack. */
const computedId = /^ic-.+-[\da-f]{8}-[\da-f]{4}-5[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/;

/** Whether some stack has made it, or taken it over. */
export function looksManaged({ type, id, state }: Existing): boolean {
  return (
    (type === "Solution" || type === "Database") && (computedId.test(id) || state["__adopted"] !== undefined)
  );
}
