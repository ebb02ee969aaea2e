import { isDeepStrictEqual } from "node:util";
import type { z } from "zod";
import { type CockpitError, type ErrorCode, withCode } from "../errors";
import { fieldOf, fieldsOf, holdsSecret, memberOf, metadataOf, partAt } from "./field";
import { containsUnknown, type Properties, unknownValue } from "./values";

/** Why an input is refused. */
export interface CheckFailure {
  code: ErrorCode;
  /** The top-level property whose value the engine may print; empty where that value is secret or only a part of it is wrong. */
  property: string;
  /** Names the path itself where `property` does not. */
  reason: string;
}

/**
 * Validates what is known of the inputs and fills in the defaults; keeps the user's own representation of everything else. What
 * check computes is refused, unless it is what stands in the old inputs: the engine hands those on where changes are ignored.
 */
export function checkInputs(
  schema: z.ZodObject,
  news: Properties,
  olds: Properties = {},
): { inputs: Properties; failures: CheckFailure[] } {
  const parsed = schema.safeParse(news);
  const failures = parsed.success
    ? []
    : parsed.error.issues
        .filter((issue) => issue.code === "unrecognized_keys" || !containsUnknown(valueAt(news, issue.path)))
        .map((issue) => failureOfIssue(schema, news, issue));
  const outputs = Object.keys(schema.shape).filter(
    (key) => isComputed(schema, key) && news[key] !== undefined && !isDeepStrictEqual(news[key], olds[key]),
  );
  failures.push(
    ...outputs.map((key) =>
      failureAt(schema, key, "output-given", "is an output, not an input; leave it out"),
    ),
  );
  return { inputs: { ...defaultsOf(schema, news), ...news }, failures };
}

function isComputed(schema: z.ZodObject, key: string): boolean {
  return metadataOf(schema, key)?.isComputed === true;
}

/** A refusal of one input as a whole. */
function failureAt(schema: z.ZodObject, key: string, code: ErrorCode, reason: string): CheckFailure {
  return isSecret(schema, key)
    ? { property: "", code, reason: `${key}: ${reason}` }
    : { property: key, code, reason };
}

/** What would be an error of the run, said by the preview. */
export function failureOf({ code, text }: CockpitError, property = ""): CheckFailure {
  return { property, code, reason: text };
}

/** A refusal as a whole message, where there is no property to show it beside. */
export function textOfFailure({ property, code, reason }: CheckFailure): string {
  return withCode(code, property === "" ? reason : `${property}: ${reason}`);
}

/** Whether printing the input would print a secret: one that it is, or holds, or was written in its place. */
export function isSecret(schema: z.ZodObject, key: string): boolean {
  const property = fieldOf(schema, key);
  return property !== undefined && holdsSecret(property);
}

function defaultsOf(schema: z.ZodObject, news: Properties): Properties {
  const missing = fieldsOf(schema).filter(([key]) => news[key] === undefined);
  return Object.fromEntries(
    missing.flatMap(([key, property]) => {
      const { data } = property.safeParse(undefined);
      return data === undefined ? [] : [[key, data]];
    }),
  );
}

function failureOfIssue(schema: z.ZodObject, news: Properties, issue: z.core.$ZodIssue): CheckFailure {
  const path = issue.path.map(String);
  const [top] = path;
  const [code, reason] = reasonOf(schema, news, issue);
  if (top === undefined || path.length > 1 || isSecret(schema, top) || !(top in news)) {
    return { property: "", code, reason: path.length === 0 ? reason : `${formatPath(path)}: ${reason}` };
  }
  return { property: top, code, reason };
}

function reasonOf(
  schema: z.ZodObject,
  news: Properties,
  issue: z.core.$ZodIssue,
): [code: ErrorCode, reason: string] {
  if (issue.code === "unrecognized_keys") {
    const part = partAt(schema, news, issue.path);
    const known = Object.keys(part?.shape ?? {}).filter((key) => !(part && isComputed(part, key)));
    return [
      "unknown-property",
      `${issue.keys.join(", ")}: there is no such property; the properties are ${known.join(", ")}`,
    ];
  }
  if (issue.code === "invalid_type" && valueAt(news, issue.path) === undefined) {
    return ["required", "is required"];
  }
  if (issue.code === "invalid_type" && issue.expected === "string") {
    const given = typeof valueAt(news, issue.path);
    if (given === "number" || given === "boolean") {
      return ["wrong-type", `must be a string, not a ${given}${inYaml}`];
    }
  }
  const isOwnMessage = !issue.message.startsWith("Invalid input: expected");
  const code = issue.code === "invalid_type" ? "wrong-type" : "invalid-value";
  return isOwnMessage || issue.code !== "invalid_type"
    ? [code, issue.message]
    : [code, `must be ${kinds[issue.expected] ?? issue.expected}`];
}

/** Pulumi's language of that name takes +32470123456 and 0012 for numbers, and lets numbers pass for strings. */
const inYaml = "; in YAML, write it between quotes, or a + or a 0 in front is lost";

const kinds: Record<string, string> = {
  boolean: "true or false",
  string: "a string",
  number: "a number",
  int: "a whole number",
  object: "an object",
  record: "an object",
  array: "a list",
};

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((current, key) => memberOf(current, key), value);
}

function formatPath(path: readonly string[]): string {
  return path.reduce((text, key) => {
    if (text === "") {
      return key;
    }
    return /^[A-Za-z_][\w]*$/.test(key)
      ? `${text}.${key}`
      : `${text}[${/^\d+$/.test(key) ? key : JSON.stringify(key)}]`;
  }, "");
}

/** One of several ways to declare a resource that exclude each other. The SDK's arguments are the union of them. */
export interface Variant<Key extends string = string> {
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

/** Whether the inputs are declared this way, and have what it can't do without. */
export function isVariant<Inputs extends object, Key extends keyof Inputs & string>(
  inputs: Inputs,
  { when, requires }: { when: { [K in keyof Inputs]?: unknown }; requires: readonly Key[] },
): inputs is Inputs & { [K in Key]-?: NonNullable<Inputs[K]> } {
  const given = new Map<string, unknown>(Object.entries(inputs));
  return (
    Object.entries(when).every(([key, value]) => given.get(key) === value) &&
    requires.every((key) => given.get(key) !== undefined)
  );
}

/** Refuses inputs that exclude each other. Nothing is refused while the switch between the variants is unknown. */
export function checkVariants(
  schema: z.ZodObject,
  variants: readonly Variant[],
  inputs: Properties,
): CheckFailure[] {
  const switches = new Set(variants.flatMap(({ when }) => Object.keys(when)));
  if ([...switches].some((key) => inputs[key] === unknownValue)) {
    return [];
  }
  const variant = variants.find(({ when }) =>
    Object.entries(when).every(([key, value]) => inputs[key] === value),
  );
  if (!variant) {
    return [
      {
        property: "",
        code: "excluded-property",
        reason: `there is no such combination of ${[...switches].join(", ")}`,
      },
    ];
  }
  const { when, requires = [], excludes = [] } = variant;
  const chosen = Object.entries(when).filter(([key, value]) => value !== defaultOf(schema, key));
  const switched = chosen.length > 0 ? chosen : Object.entries(when);
  const setting = switched.map(([key, value]) => `${key}: ${value}`);
  return [
    ...excludes
      .filter((key) => isGiven(schema, key, inputs))
      .map((key) =>
        failureAt(schema, key, "excluded-property", `can't be given together with ${setting.join(" and ")}`),
      ),
    ...requires
      .filter((key) => inputs[key] === undefined)
      .map((key): CheckFailure => ({ property: "", code: "required", reason: `${key}: is required` })),
  ];
}

/** The default of a property, which the schema fills in, counts as not given. */
function isGiven(schema: z.ZodObject, key: string, inputs: Properties): boolean {
  return inputs[key] !== undefined && inputs[key] !== defaultOf(schema, key);
}

export function defaultOf(schema: z.ZodObject, key: string): unknown {
  return fieldOf(schema, key)?.safeParse(undefined).data;
}
