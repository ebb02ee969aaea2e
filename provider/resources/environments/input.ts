import { z } from "zod";
import { described } from "../../framework/field";

/** The input by which a resource names its environment. The key alone changes nothing: environments are compared by id. */
export function environmentInput(description: string) {
  return described(
    `${description} (Configuration: cockpit:environments)`,
    z
      .string("must be a string")
      .min(1, "must not be empty; leave it out for the default environment")
      .optional(),
    { onChange: "nothing" },
  );
}
