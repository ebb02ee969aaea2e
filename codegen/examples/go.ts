import { capital, indented, namedType, shapesOfStep, type Shape, type Step, type Value } from "./program";
import { isLookUp, lines, text, type Writer } from "./writing";

export const go: Writer = (program, shapes) => {
  const named = (value: Value, shape: Shape | undefined) => namedType(shape, value, shapes);
  const bare = (value: Value): string => {
    switch (value.kind) {
      case "literal":
        return text(value.value);
      case "list":
        return `[]interface{}{${value.items.map(bare).join(", ")}}`;
      case "object":
        return lines(
          "map[string]interface{}{",
          value.entries.map(([key, item]) => `${text(key)}: ${bare(item)}`),
          "}",
          "\t",
        );
      case "reference":
      case "secret":
        throw new Error("a value of any type is known in an example");
    }
  };
  const write = (value: Value, shape: Shape | undefined): string => {
    const type = named(value, shape);
    switch (value.kind) {
      case "reference": {
        if (isLookUp(program, value.of)) {
          return `${value.of}.${capital(value.property)}()`;
        }
        return value.property === "id" ? `${value.of}.ID()` : `${value.of}.${capital(value.property)}`;
      }
      case "secret":
        return `settings.RequireSecret(${text(value.key)})`;
      case "list":
        return `pulumi.StringArray{${value.items.map((item) => write(item, shape?.items)).join(", ")}}`;
      case "object":
        if (type) {
          const fields = value.entries.map(
            ([key, item]) => `${capital(key)}: ${write(item, type.properties[key])}`,
          );
          return lines(`&cockpit.${type.name}Args{`, fields, "}", "\t");
        }
        return namedMap(value, shape);
      case "literal":
        return literal(value.value, shape);
    }
  };
  const namedMap = (value: Extract<Value, { kind: "object" }>, shape: Shape | undefined): string => {
    const item = shape?.additionalProperties;
    const collection =
      item?.type === "array" ? "StringArrayMap" : item?.type === "string" ? "StringMap" : undefined;
    if (collection !== undefined) {
      const pairs = value.entries.map(([key, one]) => `${text(key)}: ${write(one, item)}`);
      return lines(`pulumi.${collection}{`, pairs, "}", "\t");
    }
    const inner = value.entries.map(([key]) => key);
    const type = value.entries[0] && item ? named(value.entries[0][1], item) : undefined;
    return type
      ? lines(
          `cockpit.${type.name}Map{`,
          value.entries.map(([key, one]) => `${text(key)}: ${write(one, item)}`),
          "}",
          "\t",
        )
      : lines(
          "pulumi.Map{",
          inner.map((key, index) => `${text(key)}: pulumi.Any(${bare(value.entries[index]?.[1] as Value)})`),
          "}",
          "\t",
        );
  };
  const literal = (value: string | number | boolean, shape: Shape | undefined): string => {
    if (typeof value === "boolean") {
      return `pulumi.Bool(${value})`;
    }
    if (typeof value === "number") {
      return shape?.type === "integer" ? `pulumi.Int(${value})` : `pulumi.Float64(${value})`;
    }
    return `pulumi.String(${text(value)})`;
  };
  const used = new Set(
    [...program.steps.flatMap(({ args }) => args), ...program.outputs].flatMap(([, value]) =>
      variablesIn(value),
    ),
  );
  program.steps.forEach((step) => step.kind === "resource" && step.dependsOn.forEach((one) => used.add(one)));
  const call = (step: Step): string => {
    const of = shapesOfStep(step, shapes);
    const fields = step.args.map(([key, value]) => `${capital(key)}: ${write(value, of[key])}`);
    if (step.kind === "lookUp") {
      const stem = step.name.slice("get".length);
      const name = shapes.resources[`cockpit:index:${stem}`] ? `Lookup${stem}` : `Get${stem}`;
      const args =
        Object.keys(of).length === 0 ? "" : `, ${lines(`cockpit.${name}OutputArgs{`, fields, "}", "\t")}`;
      return `${step.variable} := cockpit.${name}Output(ctx${args})`;
    }
    const options =
      step.dependsOn.length === 0
        ? ""
        : `, pulumi.DependsOn([]pulumi.Resource{${step.dependsOn.join(", ")}})`;
    const made = `cockpit.New${step.type}(ctx, ${text(step.name)}, ${lines(`&cockpit.${step.type}Args{`, fields, "}", "\t")}${options})`;
    return used.has(step.variable)
      ? `${step.variable}, err := ${made}\nif err != nil {\n\treturn err\n}`
      : `if _, err := ${made}; err != nil {\n\treturn err\n}`;
  };
  const body = [
    ...(program.secrets.length > 0 ? [`settings := config.New(ctx, "")`] : []),
    ...program.steps.map(call),
    ...program.outputs.map(([name, value]) => `ctx.Export(${text(name)}, ${write(value, undefined)})`),
    "return nil",
  ];
  return [
    "package main",
    "",
    "import (",
    `\t"github.com/pulumi-cockpit/pulumi-cockpit/sdk/go/cockpit"`,
    `\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi"`,
    ...(program.secrets.length > 0 ? [`\t"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"`] : []),
    ")",
    "",
    "func main() {",
    `\tpulumi.Run(func(ctx *pulumi.Context) error {${indented(`\n${body.join("\n")}`, "\t\t")}`,
    "\t})",
    "}",
    "",
  ].join("\n");
};

function variablesIn(value: Value): string[] {
  switch (value.kind) {
    case "reference":
      return [value.of];
    case "list":
      return value.items.flatMap(variablesIn);
    case "object":
      return value.entries.flatMap(([, item]) => variablesIn(item));
    case "literal":
    case "secret":
      return [];
  }
}
