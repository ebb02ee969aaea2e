export type { PropertyInputs, PropertyValue, PropertyValues, TypedPropertyValue } from "./custom-properties";
export { Database, type DatabaseArgs } from "./database";
export { Solution, type SolutionArgs } from "./solution";
