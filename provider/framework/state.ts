import { z } from "zod";
import { fieldsOf, type statedAs, type StatedAs, stateSchemas } from "./field";

/**
 * What a state holds: every input and, beside them, what only the API knows. An input is held as its type alone, without the rules
 * that new values have to follow, because a refresh may find and an older release may have written what breaks them.
 */
export type StateSchema<Inputs extends z.ZodObject, Outputs extends z.ZodRawShape> = z.ZodObject<
  InStateShape<Inputs["shape"]> & Outputs
>;

/** What a state holds of one input. */
export type StoredAs<Input extends z.ZodType> = z.output<InState<Input>>;

/** The type of a state. It may hold more: what another release wrote is kept. */
export type StateOf<Inputs extends z.ZodObject, Outputs extends z.ZodRawShape> = z.output<
  StateSchema<Inputs, Outputs>
>;

type InStateShape<Shape> = { [Key in keyof Shape]: InState<Shape[Key]> };

type InState<Schema> = typeof statedAs extends keyof Schema
  ? Schema extends StatedAs<infer State>
    ? State
    : never
  : Schema extends z.ZodOptional<infer Inner>
    ? z.ZodOptional<InState<Inner>>
    : Schema extends z.ZodDefault<infer Inner>
      ? z.ZodDefault<InState<Inner>>
      : Schema extends z.ZodObject<infer Shape>
        ? z.ZodObject<InStateShape<Shape>>
        : Schema extends z.ZodDiscriminatedUnion<infer Options>
          ? z.ZodUnion<{ [Index in keyof Options]: InState<Options[Index]> }>
          : Schema extends z.ZodType
            ? Schema
            : never;

export function stateSchema<Inputs extends z.ZodObject, Outputs extends z.ZodRawShape>(
  inputs: Inputs,
  outputs: Outputs,
): StateSchema<Inputs, Outputs> {
  return z.looseObject({ ...shapeInState(inputs), ...outputs }) as StateSchema<Inputs, Outputs>;
}

function shapeInState(schema: z.ZodObject): z.ZodRawShape {
  return Object.fromEntries(fieldsOf(schema).map(([key, field]) => [key, inState(field)]));
}

function inState(schema: z.core.$ZodType): z.ZodType {
  const own = stateSchemas.get(schema);
  if (own) {
    return own;
  }
  if (schema instanceof z.ZodOptional) {
    return inState(schema.unwrap()).optional();
  }
  if (schema instanceof z.ZodDefault) {
    return inState(schema.unwrap()).default(schema.def.defaultValue);
  }
  if (schema instanceof z.ZodString || schema instanceof z.ZodStringFormat) {
    return z.string();
  }
  if (schema instanceof z.ZodNumber) {
    return z.number();
  }
  if (schema instanceof z.ZodArray) {
    return z.array(inState(schema.element));
  }
  if (schema instanceof z.ZodRecord) {
    return unchangedRecord(inState(schema.valueType));
  }
  if (schema instanceof z.ZodObject) {
    return z.looseObject(shapeInState(schema));
  }
  if (schema instanceof z.ZodUnion) {
    return z.union(schema.options.map(inState));
  }
  return schema instanceof z.ZodType ? schema : z.unknown();
}

/** A record that is checked and kept as it is: zod drops a key such as "__proto__" from those that it reads. */
export function unchangedRecord<Value>(value: z.ZodType<Value>): z.ZodType<Record<string, Value>> {
  return z.custom<Record<string, Value>>(
    (record) =>
      typeof record === "object" &&
      record !== null &&
      !Array.isArray(record) &&
      Object.values(record).every((each) => value.safeParse(each).success),
    "must be an object",
  );
}
