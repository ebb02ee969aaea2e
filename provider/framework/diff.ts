import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { fieldsOf, keptInputs, metadata } from "./field";
import { containsUnknown, type Properties } from "./values";

/** For each input: whether the declared value is equivalent to the one in the state. Called only with known values. */
export type EqualityRules<State, Inputs> = {
  [Key in keyof Inputs]?: (declared: Inputs[Key] | undefined, state: State) => boolean;
};

export interface Diff {
  /** Inputs whose change is an update in place. */
  updates: string[];
  /** Inputs whose change needs a new object. */
  replaces: string[];
}

/** Compares the declared inputs with the state. An unknown input counts as changed. */
export function diffProperties(
  schema: z.ZodObject,
  state: Properties,
  news: Properties,
  same: EqualityRules<Properties, Properties> = {},
): Diff {
  const diff: Diff = { updates: [], replaces: [] };
  const kept = new Set<string>(keptInputs(schema, news));
  for (const [key, property] of fieldsOf(schema)) {
    const onChange = metadata.get(property)?.onChange ?? "update";
    if (onChange === "nothing" || kept.has(key) || isUnchanged(key, state, news[key], same)) {
      continue;
    }
    (onChange === "replace" ? diff.replaces : diff.updates).push(key);
  }
  return diff;
}

function isUnchanged(
  key: string,
  state: Properties,
  declared: unknown,
  same: EqualityRules<Properties, Properties>,
): boolean {
  if (containsUnknown(declared)) {
    return false;
  }
  return same[key] ? same[key](declared, state) : isDeepStrictEqual(declared, state[key]);
}
