import { z } from "zod";
import { ApiError } from "./errors";

/** A custom property as the API stores it. Unknown fields are kept, so that it can be sent back unchanged. */
export const propertyStub = z.looseObject({
  id: z.string().nullish(),
  type: z.looseObject({ identifier: z.string().nullish(), type: z.string().nullish() }).nullish(),
  typedValue: z
    .looseObject({
      type: z.string().nullish(),
    })
    .nullish(),
  deletionDate: z.number().nullish(),
});
/** A custom property as the API stores it (Cockpit API: PropertyStub). */
export type PropertyStub = z.infer<typeof propertyStub>;

const valueFields = {
  boolean: "booleanValue",
  integer: "integerValue",
  double: "doubleValue",
  string: "stringValue",
  date: "dateValue",
  clob: "stringValue",
  json: "stringValue",
} as const;

/** The types that Cockpit offers for a custom property. */
export type CustomPropertyType = keyof typeof valueFields;

/** A custom property's value: a date in epoch milliseconds, json and clob as the text that is stored. */
export interface CustomProperty {
  type: CustomPropertyType;
  value: boolean | number | string;
}

/** Reads a stored property; nothing when it has no key, no value of its type, or is marked as deleted. */
export function readCustomProperty(
  stub: PropertyStub,
): { key: string; property: CustomProperty } | undefined {
  const key = stub.type?.identifier;
  const type = (stub.typedValue?.type ?? stub.type?.type)?.toLowerCase();
  if (!key || typeof stub.deletionDate === "number" || !isCustomPropertyType(type)) {
    return undefined;
  }
  const property = { type, value: stub.typedValue?.[valueFields[type]] };
  return hasItsType(property) ? { key, property: property as CustomProperty } : undefined;
}

/**
 * The stored form of a property. `previous` is what is stored under this key now: its id and unknown fields stay.
 * Throws an {@link ApiError} of code `invalid-setting` for a value that is not of its type.
 */
export function writeCustomProperty(
  key: string,
  property: CustomProperty,
  previous?: PropertyStub,
): PropertyStub {
  if (!hasItsType(property)) {
    throw new ApiError({
      code: "invalid-setting",
      operation: `write custom property ${key}`,
      problem: `its value is not of type ${property.type}`,
    });
  }
  const wireType = property.type.toUpperCase();
  const stub: PropertyStub = {
    ...previous,
    type: { ...previous?.type, identifier: key, type: wireType },
    typedValue: {
      ...withoutValue(previous?.typedValue ?? {}),
      type: wireType,
      [valueFields[property.type]]: property.value,
    },
  };
  delete stub.deletionDate;
  return stub;
}

/** The key of a stored property whose number is too large to be sent back as it was read, if there is one. */
export function unsendableProperty(stubs: PropertyStub[]): string | undefined {
  const stub = stubs.find(({ typedValue }) =>
    [typedValue?.integerValue, typedValue?.dateValue].some(
      (number) => typeof number === "number" && !Number.isSafeInteger(number),
    ),
  );
  return stub && (stub.type?.identifier ?? "without a key");
}

function isCustomPropertyType(type: string | undefined): type is CustomPropertyType {
  return type !== undefined && Object.hasOwn(valueFields, type);
}

function hasItsType({ type, value }: { type: CustomPropertyType; value: unknown }): boolean {
  switch (type) {
    case "boolean":
      return typeof value === "boolean";
    case "integer":
    case "date":
      return Number.isSafeInteger(value);
    case "double":
      return Number.isFinite(value);
    case "string":
    case "clob":
    case "json":
      return typeof value === "string";
  }
}

type TypedValue = NonNullable<PropertyStub["typedValue"]>;

function withoutValue(typedValue: TypedValue): TypedValue {
  const values = new Set<string>([...Object.values(valueFields), "encryptedSelf"]);
  return Object.fromEntries(Object.entries(typedValue).filter(([field]) => !values.has(field)));
}
