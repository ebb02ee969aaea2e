import ts from "typescript";

/** A value as a program of any language can write it. */
export type Value =
  | { kind: "literal"; value: string | number | boolean }
  | { kind: "list"; items: Value[] }
  | { kind: "object"; entries: [string, Value][] }
  /** A property of a resource or of a look-up's result. */
  | { kind: "reference"; of: string; property: string }
  | { kind: "secret"; key: string };

export interface ResourceStep {
  kind: "resource";
  variable: string;
  type: string;
  name: string;
  args: [string, Value][];
  dependsOn: string[];
}

export interface LookUpStep {
  kind: "lookUp";
  variable: string;
  name: string;
  args: [string, Value][];
}

export type Step = ResourceStep | LookUpStep;

/** What an example does, whatever language it is written in. */
export interface Program {
  steps: Step[];
  /** Keys of the secret configuration that it reads. */
  secrets: string[];
  outputs: [string, Value][];
}

/**
 * Reads one of our examples, which are written in TypeScript. What is made of a look-up's result (`apply`) is left out: the
 * examples of other languages give the result itself.
 */
export function readProgram(example: string): Program {
  const source = ts.createSourceFile("example.ts", example, ts.ScriptTarget.ES2022, true);
  const program: Program = { steps: [], secrets: [], outputs: [] };
  /** Names that are a part of a look-up's result. */
  const parts = new Map<string, Value>();

  const value = (node: ts.Expression): Value => {
    if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      return { kind: "literal", value: node.text };
    }
    if (ts.isNumericLiteral(node)) {
      return { kind: "literal", value: Number(node.text) };
    }
    if (node.kind === ts.SyntaxKind.TrueKeyword || node.kind === ts.SyntaxKind.FalseKeyword) {
      return { kind: "literal", value: node.kind === ts.SyntaxKind.TrueKeyword };
    }
    if (ts.isArrayLiteralExpression(node)) {
      return { kind: "list", items: node.elements.map(value) };
    }
    if (ts.isObjectLiteralExpression(node)) {
      return { kind: "object", entries: entries(node) };
    }
    if (ts.isIdentifier(node) && parts.has(node.text)) {
      return parts.get(node.text) as Value;
    }
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { expression, name } = node.expression;
      const [argument] = node.arguments;
      if (name.text === "requireSecret" && argument && ts.isStringLiteral(argument)) {
        program.secrets.push(argument.text);
        return { kind: "secret", key: argument.text };
      }
      if (name.text === "apply") {
        return value(expression);
      }
    }
    if (ts.isPropertyAccessExpression(node) && ts.isIdentifier(node.expression)) {
      return { kind: "reference", of: node.expression.text, property: node.name.text };
    }
    throw new Error(`no other language has a way to write: ${node.getText()}`);
  };
  const entries = (node: ts.ObjectLiteralExpression): [string, Value][] =>
    node.properties.map((property) => {
      if (
        !ts.isPropertyAssignment(property) ||
        !(ts.isIdentifier(property.name) || ts.isStringLiteral(property.name))
      ) {
        throw new Error(`no other language has a way to write: ${property.getText()}`);
      }
      return [property.name.text, value(property.initializer)];
    });
  const argumentsOf = (node: ts.Expression | undefined): [string, Value][] =>
    node === undefined ? [] : entries(node as ts.ObjectLiteralExpression);

  const freeName = (logicalName: string, type: string): string => {
    const name = logicalName.replace(/-(.)/g, (_, letter: string) => letter.toUpperCase());
    return program.steps.some((step) => step.variable === name) ? `${name}${type}` : name;
  };
  const resource = (node: ts.NewExpression, variable: string | undefined): void => {
    const type = node.expression.getText();
    if (type === "pulumi.Config") {
      return;
    }
    const [name, args, options] = node.arguments ?? [];
    const depends = options && argumentNames(options as ts.ObjectLiteralExpression);
    const logicalName = (name as ts.StringLiteral).text;
    program.steps.push({
      kind: "resource",
      variable: variable ?? freeName(logicalName, type),
      type,
      name: logicalName,
      args: argumentsOf(args),
      dependsOn: depends ?? [],
    });
  };

  const declaration = ({ name, initializer }: ts.VariableDeclaration, isExported: boolean): void => {
    if (initializer === undefined) {
      return;
    }
    const lookUp =
      ts.isCallExpression(initializer) && ts.isIdentifier(initializer.expression)
        ? /^(get\w+)Output$/.exec(initializer.expression.text)?.[1]
        : undefined;
    if (lookUp !== undefined) {
      const names = ts.isObjectBindingPattern(name)
        ? name.elements.map((element) => element.name.getText())
        : [];
      const variable = ts.isIdentifier(name) ? name.text : "found";
      const [args] = (initializer as ts.CallExpression).arguments;
      program.steps.push({ kind: "lookUp", variable, name: lookUp, args: argumentsOf(args) });
      for (const property of names) {
        const part: Value = { kind: "reference", of: variable, property };
        parts.set(property, part);
        if (isExported) {
          program.outputs.push([property, part]);
        }
      }
    } else if (ts.isNewExpression(initializer)) {
      resource(initializer, name.getText());
    } else if (isExported) {
      program.outputs.push([name.getText(), value(initializer)]);
    }
  };

  for (const statement of source.statements) {
    if (ts.isVariableStatement(statement)) {
      const isExported =
        statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword) === true;
      statement.declarationList.declarations.forEach((one) => declaration(one, isExported));
    } else if (ts.isExpressionStatement(statement) && ts.isNewExpression(statement.expression)) {
      resource(statement.expression, undefined);
    } else if (!ts.isImportDeclaration(statement)) {
      throw new Error(`no other language has a way to write: ${statement.getText()}`);
    }
  }
  return program;
}

function argumentNames(options: ts.ObjectLiteralExpression): string[] {
  return options.properties.flatMap((property) => {
    if (
      !ts.isPropertyAssignment(property) ||
      property.name.getText() !== "dependsOn" ||
      !ts.isArrayLiteralExpression(property.initializer)
    ) {
      throw new Error(`no other language has a way to write: ${property.getText()}`);
    }
    return property.initializer.elements.map((element) => element.getText());
  });
}

/** A shape of the schema, as far as examples need it. */
export interface Shape {
  type?: string;
  $ref?: string;
  items?: Shape;
  additionalProperties?: Shape;
  oneOf?: Shape[];
  discriminator?: { propertyName: string; mapping: Record<string, string> };
  properties?: Record<string, Shape>;
}

/** What the schema says of the things in examples. */
export interface Shapes {
  resources: Record<string, { inputProperties?: Record<string, Shape>; properties?: Record<string, Shape> }>;
  functions: Record<string, { inputs?: Shape; outputs?: Shape }>;
  types: Record<string, Shape>;
}

/** The named type that a value of this shape is, with its properties; of a union the one that the value is. */
export function namedType(
  shape: Shape | undefined,
  value: Value,
  { types }: Shapes,
): { name: string; properties: Record<string, Shape> } | undefined {
  const { discriminator } = shape ?? {};
  const chosen =
    discriminator && value.kind === "object"
      ? value.entries.find(([key]) => key === discriminator.propertyName)?.[1]
      : undefined;
  const reference = chosen?.kind === "literal" ? discriminator?.mapping[String(chosen.value)] : shape?.$ref;
  const token = reference?.startsWith("#/types/") ? reference.slice("#/types/".length) : undefined;
  return token === undefined
    ? undefined
    : { name: token.split(":").at(-1) ?? "", properties: types[token]?.properties ?? {} };
}

export function shapesOfStep(step: Step, { resources, functions }: Shapes): Record<string, Shape> {
  const token = `cockpit:index:${step.kind === "resource" ? step.type : step.name}`;
  return (
    (step.kind === "resource" ? resources[token]?.inputProperties : functions[token]?.inputs?.properties) ??
    {}
  );
}

export function capital(word: string): string {
  return word.slice(0, 1).toUpperCase() + word.slice(1);
}

export function indented(text: string, by = "    "): string {
  return text.replaceAll(/\n(?=.)/g, `\n${by}`);
}
