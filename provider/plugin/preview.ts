import type { z } from "zod";
import { metadata } from "../framework/field";
import type { Resource } from "../framework/resource";
import { containsUnknown, unknownValue, type Properties } from "../framework/values";

type AnyResource = Pick<Resource<never>, "inputs" | "state">;

/** The outputs as far as they are known before the object is there. */
export function outputsOfCreation(resource: AnyResource, inputs: Properties): Properties {
  const onlyThen = outputKeys(resource).filter(
    (key) => !isInput(resource, key) || (isComputedInput(resource, key) && inputs[key] === undefined),
  );
  return { ...inputs, ...Object.fromEntries(onlyThen.map((key) => [key, unknownValue])) };
}

/** The outputs as far as they are known before the update: whatever no changed input has a part in stays as it is. */
export function outputsOfUpdate(
  resource: AnyResource,
  state: Properties,
  inputs: Properties,
  changed: readonly string[],
): Properties {
  const kept = Object.entries(state).filter(
    ([key]) => !isInput(resource, key) || isComputedInput(resource, key),
  );
  const outputs = kept.map(([key, value]): [string, unknown] => [
    key,
    // What an earlier run could not finish is empty, and is made now.
    value === "" || isAffected(resource, key, inputs, changed) ? unknownValue : value,
  ]);
  return { ...Object.fromEntries(outputs), ...inputs };
}

function isAffected(
  { inputs: schema, state }: AnyResource,
  key: string,
  inputs: Properties,
  changed: readonly string[],
): boolean {
  const property = (state.shape[key] ?? schema.shape[key]) as z.ZodType | undefined;
  const makers = (property && metadata.get(property)?.changesWith) ?? [];
  return makers.some((maker) => changed.includes(maker) || containsUnknown(inputs[maker]));
}

function outputKeys({ state }: AnyResource): string[] {
  return Object.keys(state.shape).filter((key) => !key.startsWith("__"));
}

function isInput({ inputs }: AnyResource, key: string): boolean {
  return Object.hasOwn(inputs.shape, key);
}

function isComputedInput({ inputs }: AnyResource, key: string): boolean {
  const property = inputs.shape[key] as z.ZodType | undefined;
  return property !== undefined && metadata.get(property)?.isComputed === true;
}
