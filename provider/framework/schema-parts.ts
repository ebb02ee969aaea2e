import { z } from "zod";
import { metadata } from "./metadata";

/** Whether a property is secret, or anything within it. */
export function holdsSecret(schema: z.ZodType): boolean {
  return metadata.get(schema)?.secret === true || partsOf(schema).some(holdsSecret);
}

/** The object that the schema describes at a place in a value. */
export function partAt(
  schema: z.ZodType,
  value: unknown,
  path: readonly PropertyKey[],
): z.ZodObject | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return partAt(schema.unwrap() as z.ZodType, value, path);
  }
  if (schema instanceof z.ZodDiscriminatedUnion) {
    const key = schema.def.discriminator;
    const option = schema.options.find(
      (one) => one instanceof z.ZodObject && accepts(one.shape[key], propertyOf(value, key)),
    );
    return option && partAt(option as z.ZodType, value, path);
  }
  if (!(schema instanceof z.ZodObject)) {
    return undefined;
  }
  const [key, ...rest] = path;
  if (key === undefined) {
    return schema;
  }
  const property = schema.shape[String(key)] as z.ZodType | undefined;
  return property && partAt(property, propertyOf(value, key), rest);
}

function partsOf(schema: z.ZodType): z.ZodType[] {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return [schema.unwrap() as z.ZodType];
  }
  if (schema instanceof z.ZodObject) {
    return Object.values(schema.shape) as z.ZodType[];
  }
  return schema instanceof z.ZodUnion ? (schema.options as z.ZodType[]) : [];
}

function accepts(schema: unknown, value: unknown): boolean {
  return schema instanceof z.ZodType && schema.safeParse(value).success;
}

function propertyOf(value: unknown, key: PropertyKey): unknown {
  return typeof value === "object" && value !== null
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;
}
