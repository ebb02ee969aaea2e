import { z } from "zod";
import { metadata, type PropertyMetadata } from "../metadata";
import type { Resource } from "../resource";

/** A property of a resource as the generators see it. */
export interface DescribedProperty {
  name: string;
  description: string;
  isRequired: boolean;
  isSecret: boolean;
  replaces: boolean;
  isComputed: boolean;
  default: unknown;
  json: JsonSchema;
  typeName: string | undefined;
}

/** The part of JSON Schema that our definitions use. */
export interface JsonSchema {
  type?: "string" | "number" | "integer" | "boolean" | "array" | "object";
  items?: JsonSchema;
  additionalProperties?: JsonSchema | boolean;
}

type AnyResource = Pick<Resource<never>, "inputs" | "state" | "type">;

/** What a program may give. */
export function inputsOf(resource: AnyResource): DescribedProperty[] {
  return Object.entries(resource.inputs.shape)
    .map(([name, schema]) => describe(resource, name, schema as z.ZodType, "input"))
    .filter(({ isComputed }) => !isComputed);
}

/** What a resource gives. Outputs that are inputs too are described there. */
export function outputsOf(resource: AnyResource): DescribedProperty[] {
  return Object.entries(resource.state.shape)
    .filter(([name]) => !name.startsWith("__"))
    .map(([name, schema]) => describe(resource, name, schema as z.ZodType, "output"));
}

function describe(
  resource: AnyResource,
  name: string,
  schema: z.ZodType,
  io: "input" | "output",
): DescribedProperty {
  const input = resource.inputs.shape[name] as z.ZodType | undefined;
  const said: PropertyMetadata | undefined =
    metadata.get(schema) ?? (input === undefined ? undefined : metadata.get(input));
  if (!said) {
    throw new Error(`${resource.type}.${name} is not described`);
  }
  const json = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as JsonSchema & { default?: unknown };
  return {
    name,
    description: said.description,
    isRequired:
      io === "input" ? !schema.safeParse(undefined).success : !schema.isOptional() || "default" in json,
    isSecret: said.secret === true,
    replaces: said.onChange === "replace",
    isComputed: said.isComputed === true,
    default: json.default,
    json,
    typeName: said.typeName,
  };
}
