import { capital, namedType, shapesOfStep, type Shape, type Step, type Value } from "./program";
import { lines, text, type Writer } from "./writing";

const snake = (name: string): string =>
  name.replace(/(?<=[a-z0-9])[A-Z]/g, (letter) => `_${letter}`).toLowerCase();

export const python: Writer = (program, shapes) => {
  const variable = (name: string): string => snake(name);
  const write = (value: Value, shape: Shape | undefined): string => {
    switch (value.kind) {
      case "literal":
        return typeof value.value === "boolean" ? capital(String(value.value)) : text(value.value);
      case "reference":
        return `${variable(value.of)}.${snake(value.property)}`;
      case "secret":
        return `config.require_secret(${text(value.key)})`;
      case "list":
        return `[${value.items.map((item) => write(item, shape?.items)).join(", ")}]`;
      case "object": {
        const named = namedType(shape, value, shapes);
        return lines(
          "{",
          value.entries.map(
            ([key, item]) =>
              `${text(named ? snake(key) : key)}: ${write(item, named?.properties[key] ?? shape?.additionalProperties)}`,
          ),
          "}",
        );
      }
    }
  };
  const call = (step: Step): string => {
    const of = shapesOfStep(step, shapes);
    const args = step.args.map(([key, value]) => `${snake(key)}=${write(value, of[key])}`);
    if (step.kind === "lookUp") {
      return `${variable(step.variable)} = cockpit.${snake(step.name)}_output(${args.join(", ")})`;
    }
    const options = step.dependsOn.map(variable).join(", ");
    const all = [
      text(step.name),
      ...args,
      ...(options === "" ? [] : [`opts=pulumi.ResourceOptions(depends_on=[${options}])`]),
    ];
    return `${variable(step.variable)} = cockpit.${step.type}${lines("(", all, ")")}`;
  };
  return [
    "import pulumi",
    "import pulumi_cockpit as cockpit",
    "",
    ...(program.secrets.length > 0 ? ["config = pulumi.Config()"] : []),
    ...program.steps.map(call),
    "",
    ...program.outputs.map(([name, value]) => `pulumi.export(${text(name)}, ${write(value, undefined)})`),
    "",
  ].join("\n");
};
