import type { z } from "zod";
import { CockpitError } from "../errors";
import type { Properties } from "./values";
import { checkInputs, type CheckFailure } from "./validation";

/** One of several mutually exclusive sets of arguments, told apart by the argument that only this one has. */
export interface ArgumentVariant<Key extends string = string> {
  /** Names its type in the SDK, e.g. `ById`. */
  name: string;
  description: string;
  /** The argument that it requires. */
  key: Key;
  /** Other arguments that it can't have. */
  excludes?: readonly Key[];
}

/** The behaviour of one look-up, in the types of its own schemas. */
export interface FunctionDefinition<Context, Args extends z.ZodObject, Result extends z.ZodObject> {
  /** The name that a program calls it by, e.g. `getDatabase`. */
  name: string;
  description: string;
  /** A whole TypeScript program for the reference page. */
  example: string;
  args: Args;
  result: Result;
  /** Mutually exclusive sets of arguments. Absent: there is only one. */
  variants?: readonly ArgumentVariant<keyof z.output<Args> & string>[];
  /** Reads, and never writes: previews call it too. */
  call(context: Context, args: z.output<Args>): Promise<z.output<Result>>;
}

/** A look-up as the front ends see it: the same behaviour in plain properties. */
export interface LookUp<Context> {
  readonly name: string;
  readonly description: string;
  readonly example: string;
  readonly args: z.ZodObject;
  readonly result: z.ZodObject;
  readonly variants: readonly ArgumentVariant[];
  /** Why these arguments can't be used; nothing where they can. */
  check(args: Properties): CheckFailure[];
  call(context: Context, args: Properties): Promise<Properties>;
}

/** The arguments of a look-up can't be used; the message names each of them. */
export class ArgumentsError extends CockpitError {
  constructor(failures: readonly CheckFailure[]) {
    super({
      code: failures[0]?.code ?? "invalid-value",
      what: failures
        .map(({ property, reason }) => (property === "" ? reason : `${property}: ${reason}`))
        .join("; "),
    });
    this.name = "ArgumentsError";
  }
}

export function defineFunction<Context, Args extends z.ZodObject, Result extends z.ZodObject>(
  definition: FunctionDefinition<Context, Args, Result>,
): LookUp<Context> {
  const { name, description, example, args: schema, result, variants = [] } = definition;
  const check = (args: Properties): CheckFailure[] => {
    const { failures } = checkInputs(schema, args);
    return failures.length > 0 ? failures : checkArgumentVariants(variants, args);
  };
  return {
    name,
    description,
    example,
    args: schema,
    result,
    variants: variants,
    check,
    async call(context, args) {
      const failures = check(args);
      if (failures.length > 0) {
        throw new ArgumentsError(failures);
      }
      return definition.call(context, schema.parse(args));
    },
  };
}

function checkArgumentVariants(ways: readonly ArgumentVariant[], args: Properties): CheckFailure[] {
  const given = ways.filter(({ key }) => args[key] !== undefined);
  const [way] = given;
  if (ways.length === 0) {
    return [];
  }
  if (!way || given.length > 1) {
    const keys = ways.map(({ key }) => key).join(" and ");
    return [
      {
        property: "",
        code: given.length === 0 ? "required" : "excluded-property",
        reason: `give exactly one of ${keys}, not ${given.length === 0 ? "none" : "more"}`,
      },
    ];
  }
  return (way.excludes ?? [])
    .filter((key) => args[key] !== undefined)
    .map((key) => ({
      property: key,
      code: "excluded-property",
      reason: `can't be given together with ${way.key}`,
    }));
}
