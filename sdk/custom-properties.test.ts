import type * as provider from "../provider/resources/group/custom-properties";
import type * as sdk from "./custom-properties";

/** `true` only where both are the same type, not merely assignable to each other. */
type Same<Left, Right> =
  (<Probe>() => Probe extends Left ? 1 : 2) extends <Probe>() => Probe extends Right ? 1 : 2 ? true : false;

// The SDK loads nothing of the provider, so it says these types again: `npm run check:types` compares them here.
test("custom properties are of the same types in programs and in the provider", () => {
  const value: Same<sdk.PropertyValue, provider.PropertyValue> = true;
  const typedValue: Same<sdk.TypedPropertyValue, provider.TypedPropertyValue> = true;
  const values: Same<sdk.PropertyValues, provider.PropertyValues> = true;
  const differs: Same<sdk.PropertyValue, provider.PropertyValue | bigint> = false;
  expect([value, typedValue, values, differs]).toEqual([true, true, true, false]);
});
