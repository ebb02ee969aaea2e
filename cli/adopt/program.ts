import { readable } from "../../provider/framework/readable";
import type { Form } from "./import-file";
import { camelCase, snakeCase } from "./names";
import { Reference, Secret, Typed, type Plan, type Planned } from "./plan";

export const languages = ["typescript", "python", "yaml"] as const;
export type Language = (typeof languages)[number];

/** Where the program of a language stands in its project. */
export const programFiles: Record<Language, string> = {
  typescript: "index.ts",
  python: "__main__.py",
  yaml: "Main.yaml",
};

/** The program that declares all of a plan, and says what is missing in it. */
export function programOf(
  plan: Plan,
  language: Language,
  form: Form,
  missing: readonly string[] = [],
): string {
  switch (language) {
    case "typescript":
      return [...about(missing, "//"), typescript(plan, form)].join("\n");
    case "python":
      // Nothing in it goes over several lines but brackets.
      return [...about(missing, "#"), python(plan).replace(/^ +/gm, (indent) => indent.repeat(2))].join("\n");
    case "yaml":
      return [...about(missing, "#"), yaml(plan)].join("\n");
  }
}

/** What a reader should know first, and what is in Cockpit and not in the program. */
function about(missing: readonly string[], mark: string): string[] {
  return [
    "What was in Cockpit when `pulumi-cockpit adopt` wrote this. It is yours to change.",
    ...(missing.length === 0 ? [] : ["Not in here:", ...missing.map((each) => `- ${each}`)]),
  ].map((line) => `${mark} ${readable(line).replace(/[\r\n\u2028\u2029]+/g, " ")}`);
}

/** How a language with brackets writes what JSON does not have, or has otherwise. */
interface Brackets {
  constant(value: boolean | null | undefined): string;
  key(name: string): string;
  reference(value: Reference): string;
  secret(key: string): string;
  typed(value: Typed, indent: string): string;
}

function written(value: unknown, indent: string, language: Brackets): string {
  if (value instanceof Reference) {
    return language.reference(value);
  }
  if (value instanceof Secret) {
    return language.secret(value.key);
  }
  if (value instanceof Typed) {
    return language.typed(value, indent);
  }
  if (Array.isArray(value)) {
    return block(
      "[",
      value.map((each) => written(each, `${indent}${step}`, language)),
      "]",
      indent,
    );
  }
  if (typeof value === "object" && value !== null) {
    const lines = Object.entries(value).map(
      ([key, each]) => `${language.key(key)}: ${written(each, `${indent}${step}`, language)}`,
    );
    return block("{", lines, "}", indent);
  }
  return typeof value === "string" || typeof value === "number"
    ? quoted(value)
    : language.constant(value as boolean | null | undefined);
}

const step = "  ";
const wide = 100;

/** On one line as long as it is short. */
function block(open: string, parts: readonly string[], close: string, indent: string): string {
  const space = open === "{" ? " " : "";
  const line = `${open}${space}${parts.join(", ")}${space}${close}`;
  if (parts.length === 0) {
    return `${open}${close}`;
  }
  return parts.length <= 3 && !line.includes("\n") && line.length + indent.length < wide
    ? line
    : `${open}\n${parts.map((part) => `${indent}${step}${part},\n`).join("")}${indent}${close}`;
}

/** JSON is a literal of all three languages, but for line separators and what a terminal or editor would not show. */
function quoted(value: string | number): string {
  return JSON.stringify(value).replace(
    /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function typescript({ resources, secrets }: Plan, form: Form): string {
  const language: Brackets = {
    constant: String,
    key: (name) => (/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name)),
    reference: ({ to, output }) => `${camelCase(to.identifier)}.${output}`,
    secret: (key) => `config.requireSecret(${quoted(key)})`,
    typed: ({ properties }, indent) => written(properties, indent, language),
  };
  const classes = [...new Set(resources.map(({ type }) => type))].sort();
  const module = form === "dynamic" ? "pulumi-cockpit" : "@pulumi-cockpit/cockpit";
  const used = referencedIn(resources);
  return [
    ...(secrets.length === 0 ? [] : ['import * as pulumi from "@pulumi/pulumi";']),
    `import { ${classes.join(", ")} } from "${module}";`,
    ...(secrets.length === 0 ? [] : ["", "const config = new pulumi.Config();"]),
    ...resources.flatMap((each) => {
      const { type, name, identifier, inputs } = each;
      const variable = used.has(each) ? `const ${camelCase(identifier)} = ` : "";
      const args = Object.entries(inputs).map(
        ([key, value]) => `${step}${key}: ${written(value, step, language)},\n`,
      );
      return ["", `${variable}new ${type}(${quoted(name)}, {\n${args.join("")}});`];
    }),
    "",
  ].join("\n");
}

function python({ resources, secrets }: Plan): string {
  const language: Brackets = {
    constant: (value) => (value === true ? "True" : value === false ? "False" : "None"),
    key: quoted,
    reference: ({ to, output }) => `${snakeCase(to.identifier)}.${snakeCase(output)}`,
    secret: (key) => `config.require_secret(${quoted(key)})`,
    typed: ({ className, properties }, indent) => {
      const args = Object.entries(properties).map(
        ([key, value]) => `${snakeCase(key)}=${written(value, `${indent}${step}`, language)}`,
      );
      return `cockpit.${className}${block("(", args, ")", indent)}`;
    },
  };
  const used = referencedIn(resources);
  return [
    ...(secrets.length === 0 ? [] : ["import pulumi"]),
    "import pulumi_cockpit as cockpit",
    ...(secrets.length === 0 ? [] : ["", "config = pulumi.Config()"]),
    ...resources.flatMap((each) => {
      const { type, name, identifier, inputs } = each;
      const variable = used.has(each) ? `${snakeCase(identifier)} = ` : "";
      const args = Object.entries(inputs).map(
        ([key, value]) => `${step}${snakeCase(key)}=${written(value, step, language)},\n`,
      );
      return ["", `${variable}cockpit.${type}(\n${step}${quoted(name)},\n${args.join("")})`];
    }),
    "",
  ].join("\n");
}

function yaml({ resources, secrets }: Plan): string {
  return [
    ...(secrets.length === 0 ? [] : ["config:"]),
    ...secrets.map((key) => `${step}${key}: { type: string, secret: true }`),
    resources.length === 0 ? "resources: {}" : "resources:",
    ...resources.flatMap(({ type, name, inputs }) => [
      `${step}${yamlText(name)}:`,
      `${step.repeat(2)}type: cockpit:${type}`,
      `${step.repeat(2)}properties:${yamlValue(inputs, step.repeat(2))}`,
    ]),
    "",
  ].join("\n");
}

/** What stands behind a key: a scalar on its line, or a mapping or list below it. */
function yamlValue(value: unknown, indent: string): string {
  const deeper = `${indent}${step}`;
  if (value instanceof Reference) {
    return ` \${${value.to.name}.${value.output}}`;
  }
  if (value instanceof Secret) {
    return ` \${${value.key}}`;
  }
  if (value instanceof Typed) {
    return yamlValue(value.properties, indent);
  }
  if (Array.isArray(value)) {
    return value.length === 0
      ? " []"
      : value.map((each) => `\n${deeper}-${yamlValue(each, deeper)}`).join("");
  }
  if (typeof value === "object" && value !== null) {
    const entries = Object.entries(value);
    return entries.length === 0
      ? " {}"
      : entries.map(([key, each]) => `\n${deeper}${yamlText(key)}:${yamlValue(each, deeper)}`).join("");
  }
  return ` ${typeof value === "string" ? yamlText(value.replaceAll("${", () => "$${")) : JSON.stringify(value)}`;
}

/** Bare where every reader of YAML takes it for the text that it is. */
function yamlText(text: string): string {
  const isPlain =
    /^[A-Za-z][\w .@/-]*$/.test(text) &&
    !/\s$/.test(text) &&
    !/^(?:y|n|yes|no|on|off|true|false|null|nan|inf)$/i.test(text);
  return isPlain ? text : quoted(text);
}

function referencedIn(resources: readonly Planned[]): ReadonlySet<Planned> {
  return new Set(
    resources.flatMap(({ inputs }) =>
      Object.values(inputs)
        .flat()
        .flatMap((value) => (value instanceof Reference ? [value.to] : [])),
    ),
  );
}
