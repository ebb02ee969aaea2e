/** Stands for a value that the engine does not know yet, because a preview has not created what gives it. */
export const UNKNOWN: unique symbol = Symbol.for("pulumi-cockpit/unknown");
export type Unknown = typeof UNKNOWN;

/** A property bag as the engine sends it, decoded: plain JSON in which unknown values are `UNKNOWN`. */
export type Properties = Record<string, unknown>;

/** Inputs of a preview: any of them may be unknown. */
export type MaybeUnknown<Inputs> = { [Key in keyof Inputs]: Inputs[Key] | Unknown };

export function containsUnknown(value: unknown): boolean {
  if (value === UNKNOWN) {
    return true;
  }
  return typeof value === "object" && value !== null && Object.values(value).some(containsUnknown);
}

/** Replaces a front end's own marker of unknown values by `UNKNOWN`, at any depth. Nulls mean "not given" and go. */
export function decodeUnknowns(value: unknown, marker: string): unknown {
  return mapValues(value, (leaf) => (leaf === marker ? UNKNOWN : leaf));
}

/** The inverse of `decodeUnknowns`. */
export function encodeUnknowns(value: unknown, marker: string): unknown {
  return mapValues(value, (leaf) => (leaf === UNKNOWN ? marker : leaf));
}

function mapValues(value: unknown, leaf: (value: unknown) => unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => mapValues(item, leaf));
  }
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value)
        .filter(([, item]) => item !== null && item !== undefined)
        .map(([key, item]) => [key, mapValues(item, leaf)]),
    );
  }
  return leaf(value);
}
