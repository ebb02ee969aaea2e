import { isDeepStrictEqual } from "node:util";
import type { LookUp } from "../function";
import type { Resource } from "../resource";
import { settingDescriptions } from "../settings";
import { partsOf } from "./functions";
import { alternativesOf, inputsOf, outputsOf, type DescribedProperty, type JsonSchema } from "./properties";

type Types = Record<string, object>;

/** The package as Pulumi's schema describes it: what code generators, docs and policies read. */
export function pulumiSchema(
  about: { version: string; description: string; keywords: readonly string[]; license: string },
  resources: readonly Resource<never>[],
  functions: readonly LookUp<never>[],
): object {
  const types: Types = {};
  return {
    $schema: "https://github.com/pulumi/pulumi/blob/master/pkg/codegen/schema/pulumi.json",
    name: "cockpit",
    displayName: "iCure Cockpit",
    ...about,
    config: {
      variables: Object.fromEntries(
        settingDescriptions.map((setting) => [
          setting.key.replace("cockpit:", ""),
          {
            type: "string",
            description: setting.description,
            ...(setting.secret ? { secret: true } : {}),
            defaultInfo: { environment: [setting.variable] },
          },
        ]),
      ),
    },
    resources: Object.fromEntries(
      resources.map((resource) => {
        const inputs = inputsOf(resource);
        const outputs = outputsOf(resource);
        return [
          `cockpit:index:${resource.type}`,
          {
            description: resource.description,
            properties: asProperties(resource.type, outputs, false, types),
            required: namesOf(outputs),
            inputProperties: asProperties(resource.type, inputs, true, types),
            requiredInputs: namesOf(inputs).filter((name) => name !== "name"),
          },
        ];
      }),
    ),
    functions: Object.fromEntries(
      functions.map((lookUp) => [`cockpit:index:${lookUp.name}`, functionOf(lookUp, types)]),
    ),
    ...(Object.keys(types).length === 0 ? {} : { types }),
  };
}

function functionOf(lookUp: LookUp<never>, types: Types): object {
  const { args, results } = partsOf(lookUp);
  const owner = typeName("", lookUp.name);
  return {
    description: lookUp.description,
    ...(args.length === 0
      ? {}
      : {
          inputs: {
            type: "object",
            properties: asProperties(owner, args, true, types),
            required: namesOf(args),
          },
        }),
    outputs: {
      type: "object",
      properties: asProperties(owner, results, false, types),
      required: namesOf(results),
    },
  };
}

function namesOf(properties: readonly DescribedProperty[]): string[] {
  return properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
}

function asProperties(
  owner: string,
  properties: readonly DescribedProperty[],
  areInputs: boolean,
  types: Types,
): object {
  return Object.fromEntries(
    properties.map((property) => [
      property.name,
      {
        ...typeOf(property.json, typeName(owner, property.name), types),
        description: property.description,
        ...(property.isSecret ? { secret: true } : {}),
        ...(areInputs && property.replaces ? { replaceOnChanges: true } : {}),
        ...(areInputs && property.default !== undefined ? { default: property.default } : {}),
      },
    ]),
  );
}

const any = { $ref: "pulumi.json#/Any" };

/** A type of Pulumi's schema. Objects become named types, because code generators know no others. */
function typeOf(json: JsonSchema, name: string, types: Types): object {
  const alternatives = alternativesOf(json);
  if (alternatives.length > 1) {
    const all = alternatives.map((one) => typeOf(one, typeName(name, discriminatorOf(one)), types));
    const [first, ...others] = all.filter(
      (one, index) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index,
    );
    return first !== undefined && others.length === 0 ? first : { oneOf: [first, ...others] };
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

function objectType(json: JsonSchema, name: string, types: Types): object {
  if (json.properties === undefined) {
    const values = typeof json.additionalProperties === "object" ? json.additionalProperties : {};
    return { type: "object", additionalProperties: typeOf(values, name, types) };
  }
  const token = `cockpit:index:${name}`;
  types[token] = {
    type: "object",
    properties: Object.fromEntries(
      Object.entries(json.properties).map(([key, value]) => [
        key,
        {
          ...typeOf(value, typeName(name, key), types),
          ...(value.const === undefined ? {} : { const: value.const }),
          ...(value.description === undefined ? {} : { description: value.description }),
          ...(value.secret === true ? { secret: true } : {}),
        },
      ]),
    ),
    required: json.required ?? [],
  };
  return { $ref: `#/types/${token}` };
}

/** What tells an alternative of a union from the others. */
function discriminatorOf(json: JsonSchema): string {
  const constant = Object.values(json.properties ?? {}).find((value) => value.const !== undefined)?.const;
  return typeof constant === "string" ? constant : String(json.type ?? "other");
}

function typeName(owner: string, part: string): string {
  const words = part.split(/[^A-Za-z0-9]+/).map((word) => word.slice(0, 1).toUpperCase() + word.slice(1));
  return owner + words.join("");
}
