import type { Input } from "@pulumi/pulumi";

/**
 * A custom property: a plain value (`true`, `3`, `0.5`, `"text"`), or one with the type that Cockpit shows beside it.
 *
 * @example { tier: "production", seats: 250, launched: { type: "date", value: "2026-01-31" } }
 */
export type PropertyValue = boolean | number | string | TypedPropertyValue;

/** A custom property whose type is given, because a plain value would not tell it. */
export type TypedPropertyValue =
  | { type: "boolean"; value: boolean }
  /** A number with or without a fraction. Plain whole numbers are integers. */
  | { type: "integer" | "double"; value: number }
  /** `date`: an ISO 8601 date, or a time with its zone. `clob`: a long text. */
  | { type: "string" | "clob" | "date"; value: string }
  /** Any JSON value; compared by what it says, not by how it is written. */
  | { type: "json"; value: unknown };

/** Custom properties by identifier. */
export type PropertyValues = Record<string, PropertyValue>;

/** The same as a program may give them. */
export type PropertyInputs = Record<string, Input<PropertyValue>>;
