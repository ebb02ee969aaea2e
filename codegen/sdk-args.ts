import { defaultOf, type Variant } from "../provider/framework/validation";
import type { Resource } from "../provider/framework/resource";
import type { DescribedProperty } from "./properties";
import { argument, docComment, isRequiredArgument } from "./typescript";

/** The types of what a program says of a resource: one interface, or a union of the forms that exclude each other. */
export function argsTypes(resource: Resource<never>, inputs: readonly DescribedProperty[]): string[] {
  const { type, variants } = resource;
  if (variants.length === 0) {
    return [
      `/** What a program says of a {@link ${type}}. */`,
      `export interface ${type}Args {`,
      ...inputs.map((input) => argument(input)),
      `}`,
    ];
  }
  return [
    `/** Everything that can be said of a {@link ${type}}. What goes together is said by {@link ${type}Args}. */`,
    `export interface ${type}Inputs {`,
    ...inputs.map((input) => argument(input, false)),
    `}`,
    ``,
    ...variants.flatMap((form) => [...formType(resource, form, inputs), ``]),
    `/** What a program says of a {@link ${type}}, in one of the forms that exclude each other. */`,
    `export type ${type}Args = ${variants.map((form) => formName(type, form)).join(" | ")};`,
  ];
}

export function argsMayBeLeftOut(resource: Resource<never>, inputs: readonly DescribedProperty[]): boolean {
  const isOptional = ({ when, requires = [] }: Variant): boolean =>
    requires.length === 0 &&
    Object.entries(when).every(([key, value]) => defaultOf(resource.inputs, key) === value);
  return resource.variants.length === 0
    ? !inputs.some((input) => isRequiredArgument(input))
    : resource.variants.some(isOptional);
}

function formType(resource: Resource<never>, form: Variant, inputs: readonly DescribedProperty[]): string[] {
  const { type } = resource;
  const { when, requires = [], excludes = [] } = form;
  const changed = [...Object.keys(when), ...requires, ...excludes];
  return [
    docComment(form.description, ""),
    `export interface ${formName(type, form)} extends Omit<${type}Inputs, ${changed.map((key) => `"${key}"`).join(" | ")}> {`,
    ...Object.entries(when).map(
      ([key, value]) => `  ${key}${defaultOf(resource.inputs, key) === value ? "?" : ""}: ${value};`,
    ),
    ...inputs.filter(({ name }) => requires.includes(name)).map((input) => argument(input, true)),
    ...excludes.map((key) => `  ${key}?: undefined;`),
    `}`,
  ];
}

function formName(type: string, form: Variant): string {
  return `${form.name}${type}Args`;
}
