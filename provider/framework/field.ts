import { z } from "zod";
import type { Properties } from "./values";

/** What changing an input does to the resource: nothing at all, an update in place, or a replacement. */
export type OnChange = "nothing" | "update" | "replace";

/** The metadata of a property besides its type. Docs, schema, diff and the SDK's types are generated from it. */
export interface PropertyMetadata {
  description: string;
  /** Inputs only. Default: an update in place. */
  onChange?: OnChange;
  /** Inputs only: leaving it out keeps the value. Otherwise leaving it out is a change like any other. */
  isKeptWhenOmitted?: boolean;
  /** Encrypted in the state, hidden in previews, never shown in an error. */
  secret?: boolean;
  /** Computed by check, so that previews know it; a program can't set it. */
  isComputed?: boolean;
  /** Outputs only: the inputs whose change may change it too, so that a preview shows it as unknown. */
  changesWith?: readonly string[];
  /** The TypeScript type in the SDK where the schema's own would not read well. */
  typeName?: string;
}

export const metadata = z.registry<PropertyMetadata>();

/** The type that a state holds in place of the input's own. */
export declare const statedAs: unique symbol;
export interface StatedAs<State extends z.ZodType> {
  readonly [statedAs]?: State;
}

/** Schemas of inputs that a state holds in another form than they are declared in. */
export const stateSchemas = new WeakMap<z.core.$ZodType, z.ZodType>();

type FieldOptions = Omit<PropertyMetadata, "description">;

/**
 * Adds to a property what is said of it, at the place where it is declared.
 *
 * @param more `state`, for an input: its schema in a state, where that is not the input's without its rules.
 */
export function described<Schema extends z.ZodType, State extends z.ZodType>(
  description: string,
  schema: Schema,
  more: FieldOptions & { state: State },
): Schema & StatedAs<State>;
export function described<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  more?: FieldOptions,
): Schema;
export function described<Schema extends z.ZodType>(
  description: string,
  schema: Schema,
  { state, ...more }: FieldOptions & { state?: z.ZodType } = {},
): Schema {
  // A copy: one schema may stand for several properties, and the registry knows schemas by identity.
  const own = schema.clone();
  metadata.add(own, { description, ...more });
  if (state) {
    stateSchemas.set(own, state);
  }
  return own;
}

/** The properties of an object, each with its schema. */
export function fieldsOf({ shape }: z.ZodObject): [key: string, schema: z.ZodType][] {
  return Object.entries<unknown>(shape).filter(
    (field): field is [string, z.ZodType] => field[1] instanceof z.ZodType,
  );
}

export function fieldOf({ shape }: z.ZodObject, key: string): z.ZodType | undefined {
  const field: unknown = shape[key];
  return field instanceof z.ZodType ? field : undefined;
}

/** The metadata of a property. */
export function metadataOf(schema: z.ZodObject, key: string): PropertyMetadata | undefined {
  const field = fieldOf(schema, key);
  return field && metadata.get(field);
}

/** Whether a property is secret, or anything within it. */
export function holdsSecret(schema: z.ZodType): boolean {
  return metadata.get(schema)?.secret === true || partsOf(schema).some(([, part]) => holdsSecret(part));
}

/** The object that the schema describes at a place in a value. */
export function partAt(
  schema: z.ZodType,
  value: unknown,
  path: readonly PropertyKey[],
): z.ZodObject | undefined {
  if (isWrapper(schema)) {
    const inner = schema.unwrap();
    return inner instanceof z.ZodType ? partAt(inner, value, path) : undefined;
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const key = schema.def.discriminator;
    const option = schema.options.find(
      (one): one is z.ZodObject =>
        one instanceof z.ZodObject && accepts(one.shape[key], memberOf(value, key)),
    );
    return option && partAt(option, value, path);
  }
  if (!(schema instanceof z.ZodObject)) {
    return undefined;
  }
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  const property = fieldOf(schema, String(key));
  return property && partAt(property, memberOf(value, key), rest);
}

/** The schemas within a schema, each with the step to it: the properties of an object, or all alternatives of a union. */
function partsOf(schema: z.ZodType): [step: readonly string[], part: z.ZodType][] {
  if (schema instanceof z.ZodObject) {
    return fieldsOf(schema).map(([key, part]) => [[key], part]);
  }
  const parts = schema instanceof z.ZodUnion ? schema.options : isWrapper(schema) ? [schema.unwrap()] : [];
  return parts.filter((part) => part instanceof z.ZodType).map((part) => [[], part]);
}

function isWrapper(schema: z.ZodType): schema is z.ZodOptional | z.ZodDefault {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodDefault;
}

function accepts(schema: unknown, value: unknown): boolean {
  return schema instanceof z.ZodType && schema.safeParse(value).success;
}

export function memberOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined;
}

export type PropertyPath = readonly (string | number)[];

const secretPaths = new WeakMap<z.ZodType, readonly PropertyPath[]>();

/** Where the schema says that secrets are; of a union, in any of its alternatives. Looked for once: each call of the engine asks. */
export function secretPathsOf(schema: z.ZodType): readonly PropertyPath[] {
  const known = secretPaths.get(schema) ?? secretPathsWithin(schema, []);
  secretPaths.set(schema, known);
  return known;
}

function secretPathsWithin(schema: z.ZodType, path: PropertyPath): PropertyPath[] {
  if (metadata.get(schema)?.secret === true) {
    return [path];
  }
  return partsOf(schema).flatMap(([step, part]) => secretPathsWithin(part, [...path, ...step]));
}

/** The inputs that keep their value because they are no longer declared. */
export function keptInputs<Inputs extends z.ZodObject>(
  inputs: Inputs,
  declared: Properties,
): (keyof z.output<Inputs>)[] {
  const keys = Object.keys(inputs.shape) as (keyof Inputs["shape"] & string)[];
  return keys.filter(
    (key) => metadataOf(inputs, key)?.isKeptWhenOmitted === true && declared[key] === undefined,
  );
}
