import { alternativesOf, type DescribedProperty, type JsonSchema } from "./properties";

/** Whether every value may be one that the engine gives later, as in arguments, or is plain, as in outputs. */
type Side = "input" | "output";

/** `name` is the resource's own unless the program gives another. */
export function isRequiredArgument(input: DescribedProperty): boolean {
  return input.isRequired && input.name !== "name";
}

export function argument(input: DescribedProperty, isRequired = isRequiredArgument(input)): string {
  return `${docComment(input.description, "  ")}
  ${input.name}${isRequired ? "" : "?"}: ${typescriptType(input.json, "input")};`;
}

export function typescriptType(json: JsonSchema, side: Side): string {
  const type =
    json.typeName === undefined
      ? alternativesOf(json)
          .map((alternative, _index, all) =>
            // Beside constants, a plain string would swallow them and with them what an editor proposes.
            all.some(isConstant) && isPlainString(alternative)
              ? "(string & {})"
              : plainType(alternative, side),
          )
          .join(" | ")
      : namedType(json.typeName, side);
  return side === "input" ? `pulumi.Input<${type}>` : type;
}

function namedType(name: string, side: Side): string {
  return name === "PropertyValues" && side === "input" ? "PropertyInputs" : name;
}

function isConstant({ enum: values, const: value }: JsonSchema): boolean {
  return values !== undefined || value !== undefined;
}

function isPlainString({ type, enum: values, const: value }: JsonSchema): boolean {
  return type === "string" && values === undefined && value === undefined;
}

function plainType(json: JsonSchema, side: Side): string {
  if (json.const !== undefined) {
    return JSON.stringify(json.const);
  }
  if (json.enum !== undefined) {
    return json.enum.map((value) => JSON.stringify(value)).join(" | ");
  }
  switch (json.type) {
    case "array": {
      const item = typescriptType(json.items ?? {}, side);
      return /[|&]/.test(item) ? `(${item})[]` : `${item}[]`;
    }
    case "object":
      return json.properties === undefined ? recordType(json, side) : objectType(json, json.properties, side);
    case "integer":
      return "number";
    case "string":
    case "number":
    case "boolean":
      return json.type;
    case undefined:
    default:
      return "unknown";
  }
}

function recordType({ additionalProperties }: JsonSchema, side: Side): string {
  return `Record<string, ${typeof additionalProperties === "object" ? typescriptType(additionalProperties, side) : "unknown"}>`;
}

function objectType(json: JsonSchema, properties: Record<string, JsonSchema>, side: Side): string {
  const members = Object.entries(properties).map(([key, value]) => {
    const isRequired = json.required?.includes(key) === true;
    // What tells alternatives apart is part of the type, so it can't come later.
    const type = value.const === undefined ? typescriptType(value, side) : plainType(value, side);
    const comment = value.description === undefined ? "" : `${docComment(value.description, "")}\n`;
    return `${comment}${key}${isRequired ? "" : "?"}: ${type};`;
  });
  return `{\n${members.join("\n")}\n}`;
}

export function docComment(text: string, indent: string): string {
  const lines = text.split("\n");
  return lines.length === 1
    ? `${indent}/** ${text} */`
    : [`${indent}/**`, ...lines.map((line) => `${indent} * ${line}`.trimEnd()), `${indent} */`].join("\n");
}
