import { z } from "zod";

/** Values that only matter by their changes. */
export const triggers = z.union(
  [z.array(z.unknown()), z.record(z.string(), z.unknown())],
  "must be an object or a list of values",
);
