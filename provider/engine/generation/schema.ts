import type { Resource } from "../resource";
import { settingDescriptions } from "../settings";
import { inputsOf, outputsOf, type DescribedProperty, type JsonSchema } from "./properties";

/** The package as Pulumi's schema describes it: what code generators, docs and policies read. */
export function pulumiSchema(
  about: { version: string; description: string; keywords: readonly string[]; license: string },
  resources: readonly Resource<never>[],
): object {
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
            properties: asProperties(outputs, false),
            required: namesOf(outputs),
            inputProperties: asProperties(inputs, true),
            requiredInputs: namesOf(inputs).filter((name) => name !== "name"),
          },
        ];
      }),
    ),
  };
}

function namesOf(properties: readonly DescribedProperty[]): string[] {
  return properties.filter(({ isRequired }) => isRequired).map(({ name }) => name);
}

function asProperties(properties: readonly DescribedProperty[], areInputs: boolean): object {
  return Object.fromEntries(
    properties.map((property) => [
      property.name,
      {
        ...(property.typeName === undefined ? typeOf(property.json) : anyMap),
        description: property.description,
        ...(property.isSecret ? { secret: true } : {}),
        ...(areInputs && property.replaces ? { replaceOnChanges: true } : {}),
        ...(areInputs && property.default !== undefined ? { default: property.default } : {}),
      },
    ]),
  );
}

const anyMap = { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } };

function typeOf(json: JsonSchema): object {
  switch (json.type) {
    case "array":
      return { type: "array", items: typeOf(json.items ?? {}) };
    case "object":
      return typeof json.additionalProperties === "object"
        ? { type: "object", additionalProperties: typeOf(json.additionalProperties) }
        : anyMap;
    case "string":
    case "number":
    case "integer":
    case "boolean":
      return { type: json.type };
    default:
      return { $ref: "pulumi.json#/Any" };
  }
}
