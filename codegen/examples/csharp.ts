import { capital, indented, namedType, shapesOfStep, type Shape, type Step, type Value } from "./program";
import { isLookUp, lines, text, type Writer } from "./writing";

export const csharp: Writer = (program, shapes) => {
  const write = (value: Value, shape: Shape | undefined, isInMap = false): string => {
    switch (value.kind) {
      case "literal":
        return text(value.value);
      case "reference":
        return isLookUp(program, value.of)
          ? `${value.of}.Apply(result => result.${capital(value.property)})`
          : `${value.of}.${capital(value.property)}`;
      case "secret":
        return `config.RequireSecret(${text(value.key)})`;
      case "list":
        return `${isInMap ? "new InputList<string> " : ""}{ ${value.items.map((item) => write(item, shape?.items)).join(", ")} }`;
      case "object": {
        const type = namedType(shape, value, shapes);
        if (type) {
          const fields = value.entries.map(
            ([key, item]) => `${capital(key)} = ${write(item, type.properties[key])}`,
          );
          return lines(`new Cockpit.Inputs.${type.name}Args\n{`, fields, "}");
        }
        return isInMap
          ? lines(
              "new Dictionary<string, object>\n{",
              value.entries.map(([key, item]) => `[${text(key)}] = ${write(item, undefined, true)}`),
              "}",
            )
          : lines(
              "\n{",
              value.entries.map(
                ([key, item]) => `{ ${text(key)}, ${write(item, shape?.additionalProperties, true)} }`,
              ),
              "}",
            );
      }
    }
  };
  const assignment = (key: string, value: Value, shape: Shape | undefined): string =>
    `${capital(key)} = ${write(value, shape)}`.replace(" = \n", " =\n");
  const call = (step: Step): string => {
    const of = shapesOfStep(step, shapes);
    const fields = step.args.map(([key, value]) => assignment(key, value, of[key]));
    const args = fields.length === 0 ? "" : lines("new()\n{", fields, "}");
    if (step.kind === "lookUp") {
      return `var ${step.variable} = Cockpit.${capital(step.name)}.Invoke(${args});`;
    }
    const options =
      step.dependsOn.length === 0
        ? ""
        : `, new CustomResourceOptions { DependsOn = { ${step.dependsOn.join(", ")} } }`;
    const all = args === "" && options !== "" ? "new()" : args;
    return `var ${step.variable} = new Cockpit.${step.type}(${text(step.name)}${all === "" ? "" : `, ${all}`}${options});`;
  };
  const body = [
    ...(program.secrets.length > 0 ? ["var config = new Config();"] : []),
    ...program.steps.map(call),
    `${lines(
      "return new Dictionary<string, object?>\n{",
      program.outputs.map(([name, value]) => `[${text(name)}] = ${write(value, undefined)}`),
      "}",
    )};`,
  ];
  return [
    "using System.Collections.Generic;",
    "using Pulumi;",
    "using Cockpit = PulumiCockpit.Cockpit;",
    "",
    `return await Deployment.RunAsync(() =>\n{${indented(`\n${body.join("\n")}`)}\n});`,
    "",
  ].join("\n");
};
