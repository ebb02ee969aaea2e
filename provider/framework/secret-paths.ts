import { z } from "zod";
import { metadata } from "./metadata";

export type PropertyPath = readonly (string | number)[];

/** Where the schema says that secrets are; of a union, in any of its alternatives. */
export function secretPathsOf(schema: z.ZodType, path: PropertyPath = []): PropertyPath[] {
  if (metadata.get(schema)?.secret === true) {
    return [path];
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return secretPathsOf(schema.unwrap() as z.ZodType, path);
  }
  if (schema instanceof z.ZodObject) {
    return Object.entries(schema.shape).flatMap(([key, part]) =>
      secretPathsOf(part as z.ZodType, [...path, key]),
    );
  }
  return schema instanceof z.ZodUnion
    ? schema.options.flatMap((option) => secretPathsOf(option as z.ZodType, path))
    : [];
}
