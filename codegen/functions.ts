import type { ArgumentVariant, LookUp } from "../provider/framework/function";
import { inputsOf, outputsOf, type DescribedProperty } from "./properties";

/** The arguments of a look-up and what it gives. */
export function partsOf({ name, args, result }: LookUp<never>): {
  args: DescribedProperty[];
  results: DescribedProperty[];
} {
  const parts = { type: name, inputs: args, state: result };
  return { args: inputsOf(parts), results: outputsOf(parts) };
}

/** What a program must give when it asks in this way, what it may give, and what it can't. */
export function argumentsBy(
  way: ArgumentVariant,
  { variants }: LookUp<never>,
  args: readonly DescribedProperty[],
): { required: DescribedProperty[]; optional: DescribedProperty[]; excluded: DescribedProperty[] } {
  const others = variants.filter((other) => other !== way).map(({ key }) => key);
  const isExcluded = ({ name }: DescribedProperty) =>
    others.includes(name) || (way.excludes ?? []).includes(name);
  return {
    required: args.filter(({ name }) => name === way.key),
    optional: args.filter((arg) => arg.name !== way.key && !isExcluded(arg)),
    excluded: args.filter(isExcluded),
  };
}

/** `GetDatabase` of `getDatabase`. */
export function typeNameOf({ name }: LookUp<never>): string {
  return name.slice(0, 1).toUpperCase() + name.slice(1);
}
