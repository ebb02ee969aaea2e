import { z } from "zod";
import { metadata, type PropertyMetadata } from "../provider/framework/field";
import type { Resource } from "../provider/framework/resource";

/** A property of a resource as the generators see it. */
export interface DescribedProperty {
  name: string;
  description: string;
  isRequired: boolean;
  /** It, or something in it, is secret. */
  isSecret: boolean;
  replaces: boolean;
  default: unknown;
  json: JsonSchema;
}

type JsonType = "string" | "number" | "integer" | "boolean" | "array" | "object";

/** The part of JSON Schema that our definitions use, with what is said of each property beside it. */
export interface JsonSchema extends Partial<PropertyMetadata> {
  type?: JsonType | JsonType[];
  const?: unknown;
  enum?: unknown[];
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: JsonSchema | boolean;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  default?: unknown;
}

type AnyResource = Pick<Resource<never>, "inputs" | "state" | "type">;
type Io = "input" | "output";

/** What a program may give. */
export function inputsOf(resource: AnyResource): DescribedProperty[] {
  return Object.entries(resource.inputs.shape)
    .map(([name, schema]) => describe(resource, name, schema as z.ZodType, "input"))
    .filter(({ json }) => json.isComputed !== true);
}

/** What a resource gives. Outputs that are inputs too are described there. */
export function outputsOf(resource: AnyResource): DescribedProperty[] {
  return Object.entries(resource.state.shape)
    .filter(([name]) => !name.startsWith("__"))
    .map(([name, schema]) => describe(resource, name, schema as z.ZodType, "output"));
}

/** Where secrets are within the inputs, e.g. `email.password`. */
export function secretPaths(resource: AnyResource): string[] {
  return [...new Set(inputsOf(resource).flatMap(({ name, json }) => secretsWithin(json, name)))];
}

/** The alternatives of a union; one where it is none. */
export function alternativesOf(json: JsonSchema): JsonSchema[] {
  const { type } = json;
  return json.anyOf ?? json.oneOf ?? (Array.isArray(type) ? type.map((one) => ({ type: one })) : [json]);
}

function describe(resource: AnyResource, name: string, schema: z.ZodType, io: Io): DescribedProperty {
  const input = resource.inputs.shape[name] as z.ZodType | undefined;
  const said = metadata.get(schema) ?? (input === undefined ? undefined : metadata.get(input));
  if (!said) {
    throw new Error(`${resource.type}.${name} is not described`);
  }
  const own = jsonSchema(schema, io);
  // What a state holds of a list or an object is what was declared, in a looser form that says less.
  const isPlain = typeof own.type === "string" && !["object", "array"].includes(own.type);
  const typed = isPlain || input === undefined ? own : { ...jsonSchema(input, io), default: own.default };
  const json = { ...typed, ...said };
  return {
    name,
    description: said.description,
    isRequired:
      io === "input" ? !schema.safeParse(undefined).success : !schema.isOptional() || "default" in own,
    isSecret: secretsWithin(json, name).length > 0,
    replaces: said.onChange === "replace",
    default: own.default,
    json,
  };
}

function jsonSchema(schema: z.ZodType, io: Io): JsonSchema {
  return z.toJSONSchema(schema, { io, unrepresentable: "any", metadata }) as JsonSchema;
}

function secretsWithin(json: JsonSchema, path: string): string[] {
  if (json.secret === true) {
    return [path];
  }
  return alternativesOf(json).flatMap((alternative) =>
    Object.entries(alternative.properties ?? {}).flatMap(([key, value]) =>
      secretsWithin(value, `${path}.${key}`),
    ),
  );
}
