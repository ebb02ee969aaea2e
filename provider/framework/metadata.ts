import { z } from "zod";

/** What changing an input does to the resource: nothing at all, an update in place, or a replacement. */
export type OnChange = "nothing" | "update" | "replace";

/** What is said of a property besides its type. Docs, schema, diff and the SDK's types are made of it. */
export interface PropertyMetadata {
  description: string;
  /** Inputs only. An update in place unless said otherwise. */
  onChange?: OnChange;
  /** Encrypted in the state, hidden in previews, never shown in an error. */
  secret?: boolean;
  /** Filled in by check, so that previews know it; a program does not give it. */
  isComputed?: boolean;
  /** Outputs only: the inputs whose change may change it too, so that a preview doesn't take it for known. */
  changesWith?: readonly string[];
  /** The TypeScript type in the SDK where the schema's own would not read well. */
  typeName?: string;
}

export const metadata = z.registry<PropertyMetadata>();

/** Adds to a property what is said of it, at the place where it is declared. */
export function described<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  more: Omit<PropertyMetadata, "description"> = {},
): Schema {
  // A copy: one schema may stand for several properties, and the registry knows schemas by identity.
  const own = schema.clone();
  metadata.add(own, { description, ...more });
  return own;
}
