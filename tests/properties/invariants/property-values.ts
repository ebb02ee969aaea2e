import type { StoredProperty } from "../cockpit/live-groups";

/** An independent reading of Cockpit's typed values: type and value. */
export function storedValue({ typedValue = {} }: StoredProperty): unknown {
  const { type, booleanValue, integerValue, doubleValue, stringValue, dateValue } = typedValue;
  const value = booleanValue ?? integerValue ?? doubleValue ?? dateValue ?? stringValue;
  return [type, type === "JSON" ? JSON.parse(String(value)) : value];
}

export function declaredValue(value: unknown): unknown {
  if (typeof value === "number") {
    return [Number.isSafeInteger(value) ? "INTEGER" : "DOUBLE", value + 0];
  }
  if (typeof value !== "object" || value === null) {
    return [typeof value === "boolean" ? "BOOLEAN" : "STRING", value];
  }
  const { type, value: inner } = value as { type: string; value: unknown };
  const wire = { date: () => Date.parse(String(inner)), json: () => asJson(inner) }[type];
  return [type.toUpperCase(), wire ? wire() : typeof inner === "number" ? inner + 0 : inner];
}

/** The engine's properties know no nulls in objects, and JSON knows no minus zero. */
function asJson(value: unknown): unknown {
  const entries = (of: object) => Object.entries(of).filter(([, item]) => item !== null);
  if (Array.isArray(value)) {
    return value.map(asJson);
  }
  if (typeof value === "number") {
    return value + 0;
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(entries(value).map(([key, item]) => [key, asJson(item)]))
    : value;
}
