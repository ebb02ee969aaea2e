import * as pulumi from "@pulumi/pulumi";
import { ProgramError } from "./program-error";

/**
 * The value, once all of it can be sent as it is: on the way to the engine a Date or a Map becomes an empty object, a hole of a
 * list null, half a character another one, without a word. What comes later is looked at when it comes.
 *
 * @param path of the value, for the message of a refusal
 */
export function faithful<Value>(path: string, value: Value, within: readonly unknown[] = []): Value {
  if (pulumi.Output.isInstance(value)) {
    return value.apply((known: unknown) => faithful(path, known)) as Value;
  }
  if (value instanceof Promise) {
    return value.then((known: unknown) => faithful(path, known)) as Value;
  }
  // As an input it stands for its id or URN.
  if (pulumi.Resource.isInstance(value)) {
    return value;
  }
  const problem = within.includes(value) ? "holds itself, which has no end" : problemOf(value);
  if (problem !== undefined) {
    throw refusal(`${path}: ${problem}`);
  }
  if (Array.isArray(value)) {
    // A hole is looked at too, as what it would be read as.
    return Array.from(value, (item: unknown, index) =>
      faithful(`${path}[${index}]`, item, [...within, value]),
    ) as Value;
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value).map(([key, item]): [string, unknown] => [
      faithful(path, key),
      item === undefined ? item : faithful(`${path}: ${key}`, item, [...within, value]),
    ]);
    return Object.fromEntries(entries) as Value;
  }
  return value;
}

function problemOf(value: unknown): string | undefined {
  switch (typeof value) {
    case "string":
      return value.isWellFormed()
        ? undefined
        : `contains an unpaired surrogate (invalid Unicode). It comes from cutting a text by its length: cut it by characters, as in [...text].slice(0, 10).join("")`;
    case "number":
      return Number.isFinite(value) ? undefined : `is ${value}, which JSON can't say`;
    case "bigint":
      return "is a bigint, which JSON can't say. Give a number, or a text";
    case "function":
    case "symbol":
      return `is a ${typeof value}, which can't be stored`;
    case "undefined":
      return "is undefined, which a list can't hold. Leave it out, or give null";
    case "object":
      return value === null || isList(value) || isPlain(value) ? undefined : instanceProblem(value);
    case "boolean":
      return undefined;
  }
}

function isList(value: object): boolean {
  return Array.isArray(value);
}

/** Also of another realm, as in a test runner. */
function isPlain(value: object): boolean {
  const prototype = Object.getPrototypeOf(value) as object | null;
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function instanceProblem(value: object): string {
  const name = (value.constructor as { name?: string } | undefined)?.name ?? "class";
  const instead =
    name === "Date"
      ? "Give its toISOString()"
      : name === "Map"
        ? "Give Object.fromEntries(…) of it"
        : name === "Set"
          ? "Give it as a list, [...set]"
          : "Give a plain object, such as { ...value }";
  return `is a ${name} object, which would not be sent as what it is. ${instead}`;
}

/** One that came through an output would otherwise print with the SDK's own lines. */
function refusal(message: string): ProgramError {
  const error = new ProgramError("value-not-sendable", `${message}.`);
  error.stack = error.message;
  return error;
}
