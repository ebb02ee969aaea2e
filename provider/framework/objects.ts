/** The object except for some of its optional properties. */
export function without<Value extends object>(value: Value, ...keys: readonly (keyof Value)[]): Value {
  const dropped = new Set<PropertyKey>(keys);
  return Object.fromEntries(Object.entries(value).filter(([key]) => !dropped.has(key))) as Value;
}

/** The object except for what is not there. */
export function withoutUndefined(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
}
