import type * as provider from "../../provider/runtime/groups/custom-properties";
import type * as sdk from "../../sdk/custom-properties";

/** `true` only where both are the same type, not merely assignable to each other. */
type Same<Left, Right> =
  (<Probe>() => Probe extends Left ? 1 : 2) extends <Probe>() => Probe extends Right ? 1 : 2 ? true : false;

// The SDK loads nothing of the provider, so it says these types again. Nothing runs here: `npm run check:types` compares them.
export const value: Same<sdk.PropertyValue, provider.PropertyValue> = true;
export const typedValue: Same<sdk.TypedPropertyValue, provider.TypedPropertyValue> = true;
export const values: Same<sdk.PropertyValues, provider.PropertyValues> = true;
export const isTold: Same<sdk.PropertyValue, provider.PropertyValue | bigint> = false;
