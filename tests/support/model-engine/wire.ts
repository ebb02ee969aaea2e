/** A copy as it comes out at the other end of the engine's protocol: what is undefined is not there. */
export function onWire<Value>(value: Value): Value {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => onWire(item) ?? null) as Value;
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([key, item]: [string, unknown]) => [key, onWire(item)]),
  ) as Value;
}
