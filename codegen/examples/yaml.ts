import { indented, type Value } from "./program";
import { text, type Writer } from "./writing";

export const yaml: Writer = (program) => {
  const scalar = (value: Value): string => {
    switch (value.kind) {
      case "literal":
        return text(value.value);
      case "reference":
        return `\${${value.of}.${value.property}}`;
      case "secret":
        return `\${${value.key}}`;
      case "list":
        return `[${value.items.map((item) => (item.kind === "reference" ? text(scalar(item)) : scalar(item))).join(", ")}]`;
      case "object":
        return "";
    }
  };
  const block = (entries: readonly [string, Value][]): string =>
    entries
      .map(([key, value]) =>
        value.kind === "object" ? `${key}:${nest(block(value.entries))}` : `${key}: ${scalar(value)}`,
      )
      .join("\n");
  const nest = (inner: string): string => indented(`\n${inner}`, "  ");
  const part = (title: string, items: readonly string[]): string =>
    items.length === 0 ? "" : `${title}:${nest(items.join("\n"))}\n`;
  const resources = program.steps.flatMap((step) => {
    if (step.kind !== "resource") {
      return [];
    }
    const inner = [
      `type: cockpit:${step.type}`,
      ...(step.name === step.variable ? [] : [`name: ${step.name}`]),
      ...(step.args.length === 0 ? [] : [`properties:${nest(block(step.args))}`]),
      ...(step.dependsOn.length === 0
        ? []
        : [`options:${nest(`dependsOn: [${step.dependsOn.map((one) => text(`\${${one}}`)).join(", ")}]`)}`]),
    ];
    return [`${step.variable}:${nest(inner.join("\n"))}`];
  });
  const variables = program.steps.flatMap((step) =>
    step.kind === "lookUp"
      ? [
          `${step.variable}:${nest(
            `fn::invoke:${nest(
              [
                `function: cockpit:${step.name}`,
                step.args.length === 0 ? `arguments: {}` : `arguments:${nest(block(step.args))}`,
              ].join("\n"),
            )}`,
          )}`,
        ]
      : [],
  );
  return [
    part(
      "config",
      program.secrets.map((key) => `${key}:${nest("type: string\nsecret: true")}`),
    ),
    part("variables", variables),
    part("resources", resources),
    part(
      "outputs",
      program.outputs.map(([name, value]) => `${name}: ${scalar(value)}`),
    ),
  ].join("");
};
