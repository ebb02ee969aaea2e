import { capital, indented, namedType, shapesOfStep, type Shape, type Step, type Value } from "./program";
import { isLookUp, text, type Writer } from "./writing";

export const java: Writer = (program, shapes) => {
  const imports = new Set(["com.pulumi.Pulumi"]);
  const ours = "io.github.pulumicockpit.cockpit";
  const write = (value: Value, shape: Shape | undefined): string => {
    switch (value.kind) {
      case "literal":
        return typeof value.value === "number" && shape?.type === "number" && Number.isInteger(value.value)
          ? `${value.value}.0`
          : text(value.value);
      case "reference":
        return isLookUp(program, value.of)
          ? `${value.of}.applyValue(result -> result.${value.property}())`
          : `${value.of}.${value.property}()`;
      case "secret":
        return `config.requireSecret(${text(value.key)})`;
      case "list":
        return value.items.some(({ kind }) => kind === "reference")
          ? `Output.all(${value.items.map((item) => (item.kind === "reference" ? write(item, undefined) : `Output.of(${write(item, undefined)})`)).join(", ")})`
          : value.items.map((item) => write(item, shape?.items)).join(", ");
      case "object": {
        const type = namedType(shape, value, shapes);
        if (type) {
          imports.add(`${ours}.inputs.${type.name}Args`);
          return builder(`${type.name}Args`, value.entries, type.properties);
        }
        imports.add("java.util.Map");
        const entries = value.entries.map(
          ([key, item]) => `${text(key)}, ${write(item, shape?.additionalProperties)}`,
        );
        return `Map.of(${entries.join(", ")})`;
      }
    }
  };
  const builder = (type: string, entries: readonly [string, Value][], of: Record<string, Shape>): string =>
    `${type}.builder()${indented(`${entries.map(([key, value]) => `\n.${key}(${write(value, of[key])})`).join("")}\n.build()`)}`;
  const call = (step: Step): string => {
    const of = shapesOfStep(step, shapes);
    if (
      step.args.some(
        ([, value]) => value.kind === "list" && value.items.some(({ kind }) => kind === "reference"),
      )
    ) {
      imports.add("com.pulumi.core.Output");
    }
    const type = step.kind === "lookUp" ? capital(step.name) : step.type;
    const isPlain = step.kind === "lookUp" && Object.keys(of).length === 0;
    if (!isPlain) {
      imports.add(`${ours}${step.kind === "lookUp" ? ".inputs" : ""}.${type}Args`);
    }
    const args = isPlain ? "" : builder(`${type}Args`, step.args, of);
    if (step.kind === "lookUp") {
      imports.add(`${ours}.CockpitFunctions`);
      return `var ${step.variable} = CockpitFunctions.${step.name}(${args});`;
    }
    imports.add(`${ours}.${step.type}`);
    if (step.dependsOn.length > 0) {
      imports.add("com.pulumi.resources.CustomResourceOptions");
    }
    const options =
      step.dependsOn.length === 0
        ? ""
        : `, CustomResourceOptions.builder().dependsOn(${step.dependsOn.join(", ")}).build()`;
    return `var ${step.variable} = new ${step.type}(${text(step.name)}, ${args}${options});`;
  };
  const body = [
    ...(program.secrets.length > 0 ? ["var config = ctx.config();"] : []),
    ...program.steps.map(call),
    ...program.outputs.map(([name, value]) => `ctx.export(${text(name)}, ${write(value, undefined)});`),
  ];
  return [
    ...[...imports].sort().map((name) => `import ${name};`),
    "",
    "public class App {",
    "    public static void main(String[] args) {",
    `        Pulumi.run(ctx -> {${indented(`\n${body.join("\n")}`, " ".repeat(12))}`,
    "        });",
    "    }",
    "}",
    "",
  ].join("\n");
};
