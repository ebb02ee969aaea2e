/** Stands for a value that the engine does not know yet, because a preview has not created what gives it. */
export const unknownValue: unique symbol = Symbol.for("pulumi-cockpit/unknown");
export type Unknown = typeof unknownValue;

/** A property bag as the engine sends it, decoded: plain JSON in which unknown values are `unknownValue`. */
export type Properties = Record<string, unknown>;

/** Inputs of a preview: any of them may be unknown, and so may any part of them. */
export type MaybeUnknown<Inputs> = { [Key in keyof Inputs]: OrUnknown<Inputs[Key]> };

type OrUnknown<Value> = (Value extends object ? MaybeUnknown<Value> : Value) | Unknown;

/** The type without unknown values, at any depth. */
export type Known<Value> = Value extends Unknown
  ? never
  : Value extends object
    ? { [Key in keyof Value]: Known<Value[Key]> }
    : Value;

export function isFullyKnown<Value>(value: Value): value is Value & Known<Value> {
  return !containsUnknown(value);
}

export function containsUnknown(value: unknown): boolean {
  if (value === unknownValue) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Properties of a user's own making, in which null is a value like any other. */
export const userDefinedProperties: ReadonlySet<string> = new Set(["properties", "triggers"]);

/**
 * Replaces a front end's own marker of unknown values by `unknownValue`, at any depth. Nulls mean "not given" and go, except within
 * custom properties and triggers.
 */
export function decodeUnknowns(properties: Properties, marker: string): Properties {
  const decode = (leaf: unknown) => (leaf === marker ? unknownValue : Object.is(leaf, -0) ? 0 : leaf);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([key, value]) => [key, mapValues(value, decode, userDefinedProperties.has(key))]),
  );
}

/** The inverse of `decodeUnknowns`. */
export function encodeUnknowns(properties: Properties, marker: string): Properties {
  return mapValues(properties, (leaf) => (leaf === unknownValue ? marker : leaf), true) as Properties;
}

function mapValues(value: unknown, leaf: (value: unknown) => unknown, keepsNull: boolean): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => mapValues(item, leaf, keepsNull));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== undefined && (keepsNull || item !== null))
        .map(([key, item]) => [key, mapValues(item, leaf, keepsNull)]),
    );
  }
  return leaf(value);
}

export function isOneOf<Value>(values: readonly Value[], value: unknown): value is Value {
  return values.some((each) => each === value);
}

/** The object except for some of its optional properties. */
export function without<Value extends object>(value: Value, ...keys: readonly (keyof Value)[]): Value {
  const dropped = new Set<PropertyKey>(keys);
  return Object.fromEntries(Object.entries(value).filter(([key]) => !dropped.has(key))) as Value;
}

/** The object except for what is not there. */
export function withoutUndefined<Value extends object>(
  value: Value,
): { [Key in keyof Value]?: Exclude<Value[Key], undefined> };
export function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
