import type { z } from "zod";
import { UNKNOWN, type Properties } from "./unknowns";
import { failureAt, type CheckFailure } from "./validation";

/** One of several ways to declare a resource that exclude each other. The SDK's arguments are the union of them. */
export interface Form<Key extends string = string> {
  /** Names its type in the SDK, e.g. `Demo`. */
  name: string;
  description: string;
  /** The switches that tell it from the others; where one is the default, it may be left out. */
  when: { readonly [K in Key]?: boolean };
  /** Inputs that it can't do without. */
  requires?: readonly Key[];
  /** Inputs that it can't have. */
  excludes?: readonly Key[];
}

/** Refuses what does not go together. A switch that is not known yet leaves it open. */
export function checkForms(schema: z.ZodObject, forms: readonly Form[], inputs: Properties): CheckFailure[] {
  const switches = new Set(forms.flatMap(({ when }) => Object.keys(when)));
  if ([...switches].some((key) => inputs[key] === UNKNOWN)) {
    return [];
  }
  const form = forms.find(({ when }) => Object.entries(when).every(([key, value]) => inputs[key] === value));
  if (!form) {
    return [{ property: "", reason: `there is no such combination of ${[...switches].join(", ")}` }];
  }
  const { when, requires = [], excludes = [] } = form;
  const chosen = Object.entries(when).filter(([key, value]) => value !== defaultOf(schema, key));
  const switched = chosen.length > 0 ? chosen : Object.entries(when);
  const setting = switched.map(([key, value]) => `${key}: ${value}`);
  return [
    ...excludes
      .filter((key) => isGiven(schema, key, inputs))
      .map((key) => failureAt(schema, key, `can't be given together with ${setting.join(" and ")}`)),
    ...requires
      .filter((key) => inputs[key] === undefined)
      .map((key) => ({ property: "", reason: `${key}: is required` })),
  ];
}

/** The default of a property, which the schema fills in, counts as not given. */
function isGiven(schema: z.ZodObject, key: string, inputs: Properties): boolean {
  return inputs[key] !== undefined && inputs[key] !== defaultOf(schema, key);
}

export function defaultOf(schema: z.ZodObject, key: string): unknown {
  return (schema.shape[key] as z.ZodType | undefined)?.safeParse(undefined).data;
}
