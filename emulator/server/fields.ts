import { z } from "zod";

/** Query parameters arrive as text. */
export const integer = z
  .string()
  .regex(/^-?\d{1,15}$/, "a whole number is expected")
  .transform(Number);
export const flag = z.enum(["true", "false"]).transform((text) => text === "true");
export const text = z.string();
export const listOfIds = z.object({ ids: z.array(z.string()) });

/**
 * One of the API's enumeration words in a query. The published clients don't agree on the spelling (`app` and `App`,
 * `TRANSFER_GROUP` and `TransferGroup`), so only letters count, as with Spring's lenient conversion.
 */
export const word = <const W extends string>(words: readonly W[]) =>
  z.string().transform((given, context) => {
    const found = words.find((each) => normalizedField(each) === normalizedField(given));
    if (found !== undefined) {
      return found;
    }
    context.addIssue({ code: "custom", message: `one of ${words.join(", ")} is expected` });
    return z.NEVER;
  });

const normalizedField = (spelling: string) => spelling.replace(/[^a-z0-9]/gi, "").toLowerCase();
