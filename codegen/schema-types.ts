import { isDeepStrictEqual } from "node:util";
import { alternativesOf, type DescribedProperty, type JsonSchema } from "./properties";

export type Types = Record<string, object>;

export function namesOf(properties: readonly DescribedProperty[]): string[] {
  return properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
}

export function asProperties(
  owner: string,
  properties: readonly DescribedProperty[],
  areInputs: boolean,
  types: Types,
): Record<string, object> {
  return Object.fromEntries(
    properties.map((property) => {
      const declared = typeOf(property.json, typeName(owner, property.name), types);
      const type = areInputs || !isUnreadable(declared) ? declared : any;
      // Of a union Go's generator makes a default that does not compile; the provider fills it in anyway.
      const hasDefault = areInputs && property.default !== undefined && !("oneOf" in type);
      return [
        property.name,
        {
          ...type,
          description: property.description,
          // What is secret within it is marked there, so that everything else of it can be seen in a preview.
          ...(property.json.secret === true ? { secret: true } : {}),
          ...(areInputs && property.replaces ? { willReplaceOnChanges: true } : {}),
          ...(hasDefault ? { default: property.default } : {}),
        },
      ];
    }),
  );
}

const any = { $ref: "pulumi.json#/Any" };

/** Python's SDK fails at a list or an object that may be one of several types, unless a property tells which one it is. */
function isUnreadable(type: { oneOf?: { type?: string; $ref?: string }[]; discriminator?: object }): boolean {
  const { oneOf = [], discriminator } = type;
  return (
    discriminator === undefined &&
    oneOf.some(
      ({ type }) => type !== "string" && type !== "number" && type !== "boolean" && type !== "integer",
    )
  );
}

/** A type of Pulumi's schema. Objects become named types, because code generators know no others. */
function typeOf(json: JsonSchema, name: string, types: Types): object {
  const alternatives = alternativesOf(json);
  if (alternatives.length > 1) {
    const all = alternatives.map((one) => typeOf(one, typeName(name, discriminatorOf(one)), types));
    const different = all.filter(
      (one, index) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index,
    );
    const [first, ...others] = different;
    return first !== undefined && others.length === 0
      ? first
      : { oneOf: different, ...discriminatorBetween(alternatives, all) };
  }
  switch (json.type) {
    case "array":
      return { type: "array", items: typeOf(json.items ?? {}, name, types) };
    case "object":
      return objectType(json, name, types);
    case "string":
    case "number":
    case "integer":
    case "boolean":
      return { type: json.type };
    case undefined:
    default:
      return json.typeName === undefined ? any : { type: "object", additionalProperties: any };
  }
}

/** By which property a reader tells objects of a union apart. */
function discriminatorBetween(alternatives: readonly JsonSchema[], all: readonly object[]): object {
  const [propertyName] = alternatives.flatMap(({ properties = {} }) =>
    Object.entries(properties).flatMap(([key, value]) => (value.const === undefined ? [] : [key])),
  );
  if (propertyName === undefined) {
    return {};
  }
  const mapping = alternatives.map((one, index) => [
    discriminatorOf(one),
    (all[index] as { $ref: string }).$ref,
  ]);
  return { discriminator: { propertyName, mapping: Object.fromEntries(mapping) as object } };
}

function objectType(json: JsonSchema, name: string, types: Types): object {
  if (json.properties === undefined) {
    const values = typeof json.additionalProperties === "object" ? json.additionalProperties : {};
    return { type: "object", additionalProperties: typeOf(values, name, types) };
  }
  const required = json.required ?? [];
  const token = `cockpit:index:${name}`;
  types[token] = {
    type: "object",
    ...(json.description === undefined ? {} : { description: json.description }),
    properties: Object.fromEntries(
      Object.entries(json.properties).map(([key, value]) => [
        key,
        {
          ...typeOf(value, typeName(name, key), types),
          ...(value.const === undefined ? {} : { const: value.const }),
          description: value.description ?? `Always ${JSON.stringify(value.const)}.`,
          ...(value.secret === true ? { secret: true } : {}),
        },
      ]),
    ),
    ...(required.length === 0 ? {} : { required }),
  };
  return { $ref: `#/types/${token}` };
}

/** What tells an alternative of a union from the others. */
function discriminatorOf(json: JsonSchema): string {
  const constant = Object.values(json.properties ?? {}).find((value) => value.const !== undefined)?.const;
  return typeof constant === "string" ? constant : String(json.type ?? "other");
}

export function typeName(owner: string, part: string): string {
  const words = part.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return owner + words.join("");
}
