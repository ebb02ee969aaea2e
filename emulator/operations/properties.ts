import { z } from "zod";
import { valueTypes, type Property, type TypedValue, type ValueType } from "../contract/model";

const fieldOf: Record<ValueType, keyof TypedValue> = {
  BOOLEAN: "booleanValue",
  INTEGER: "integerValue",
  DOUBLE: "doubleValue",
  STRING: "stringValue",
  CLOB: "stringValue",
  JSON: "stringValue",
  DATE: "dateValue",
};
const valueFields = [...new Set(Object.values(fieldOf))];

const typedValue = z
  .object({
    type: z.enum(valueTypes).optional(),
    booleanValue: z.boolean().optional(),
    integerValue: z.int().optional(),
    doubleValue: z.number().optional(),
    stringValue: z.string().optional(),
    dateValue: z.int().optional(),
    encryptedSelf: z.string().optional(),
  })
  .superRefine((value, context) => {
    const { type } = value;
    if (type === undefined) {
      return;
    }
    for (const field of valueFields) {
      if (value[field] !== undefined && field !== fieldOf[type]) {
        context.addIssue({
          code: "custom",
          path: [field],
          message: `a value of type ${type} is given in ${fieldOf[type]}`,
        });
      }
    }
  });

export const propertySchema = z
  .object({
    id: z.string().optional(),
    type: z.object({ identifier: z.string().optional(), type: z.enum(valueTypes).optional() }).optional(),
    typedValue: typedValue.optional(),
    deletionDate: z.int().optional(),
    encryptedSelf: z.string().optional(),
  })
  .superRefine((property, context) => {
    const declared = property.type?.type;
    const given = property.typedValue?.type;
    if (declared !== undefined && given !== undefined && declared !== given) {
      context.addIssue({
        code: "custom",
        path: ["typedValue", "type"],
        message: `the property is of type ${declared}`,
      });
    }
  });

export const listOfProperties = z.object({ properties: z.array(propertySchema) });

/** Later ones take the place of earlier ones with the same identifier. */
export function mergeProperties(kept: readonly Property[], given: readonly Property[]): Property[] {
  const identifiers = new Set(given.map(({ type }) => type?.identifier));
  return [...kept.filter(({ type }) => !identifiers.has(type?.identifier)), ...given];
}
