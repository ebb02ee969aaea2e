import { readFileSync } from "node:fs";
import path from "node:path";
import { withExamples } from ".";
import { readProgram } from "./program";

interface Described {
  description: string;
}
const schema = JSON.parse(readFileSync(path.join(__dirname, "../../schema.json"), "utf8")) as {
  resources: Record<string, Described>;
  functions: Record<string, Described>;
};
const described = Object.entries({ ...schema.resources, ...schema.functions });
const languages = ["typescript", "python", "csharp", "go", "java", "yaml"];

function block(description: string, language: string): string {
  return new RegExp(`\`\`\`${language}\\n([^]*?)\n\`\`\``).exec(description)?.[1] ?? "";
}

test.each(described)(
  "%s has an example in each language, which makes and gives the same",
  (_token, { description }) => {
    const program = readProgram(block(description, "typescript"));
    const variables = program.steps.map(({ variable }) => variable);
    expect(variables.length).toBeGreaterThan(0);
    expect(new Set(variables).size).toBe(variables.length);
    for (const language of languages) {
      const code = block(description, language);
      for (const step of program.steps) {
        expect(code.toLowerCase().replaceAll("_", "")).toContain(
          (step.kind === "resource" ? step.type : step.name.replace(/^get/, "")).toLowerCase(),
        );
      }
      for (const [name] of program.outputs) {
        expect(code).toContain(name);
      }
      for (const [open, close] of ["()", "{}", "[]"]) {
        expect([language, code.split(open as string).length]).toEqual([
          language,
          code.split(close as string).length,
        ]);
      }
    }
  },
);

const shapes = {
  resources: {
    "cockpit:index:Thing": {
      inputProperties: {
        size: { type: "integer" },
        parts: { type: "array", items: { type: "string" } },
        mail: { $ref: "#/types/cockpit:index:ThingMail" },
        anything: { type: "object", additionalProperties: { $ref: "pulumi.json#/Any" } },
      },
    },
  },
  functions: {},
  types: { "cockpit:index:ThingMail": { type: "object", properties: { fromAddress: { type: "string" } } } },
};
const example = `import { Thing } from "pulumi-cockpit";

const config = new pulumi.Config();
const one = new Thing("one-thing", { size: 3, parts: ["a"], mail: { fromAddress: config.requireSecret("mailKey") } });
new Thing("other", { anything: { "some key": true } }, { dependsOn: [one] });

export const id = one.id;
`;
const shown = withExamples("A thing.", example, shapes);

test("each language has its own words for types, secrets, options and values of any type", () => {
  const contains = (language: string, ...parts: string[]) => {
    for (const part of parts) {
      expect(block(shown, language)).toContain(part);
    }
  };
  contains("typescript", '"@pulumi-cockpit/cockpit"');
  contains(
    "python",
    "one = cockpit.Thing(",
    '"from_address": config.require_secret("mailKey")',
    '"some key": True',
  );
  contains("python", "opts=pulumi.ResourceOptions(depends_on=[one])", 'pulumi.export("id", one.id)');
  contains(
    "go",
    "Size: pulumi.Int(3)",
    "&cockpit.ThingMailArgs{",
    'FromAddress: settings.RequireSecret("mailKey")',
  );
  contains("go", 'pulumi.StringArray{pulumi.String("a")}', "if _, err := cockpit.NewThing(", "one.ID()");
  contains(
    "csharp",
    "Mail = new Cockpit.Inputs.ThingMailArgs",
    '{ "some key", true }',
    "DependsOn = { one }",
  );
  contains("java", "ThingMailArgs.builder()", 'Map.of("some key", true)', '.parts("a")');
  contains("yaml", "name: one-thing", "fromAddress: ${mailKey}", 'dependsOn: ["${one}"]');
});

test("what no other language can say is refused where the schema is made", () => {
  expect(() => readProgram("if (true) {}")).toThrow("no other language has a way to write: if (true) {}");
  expect(() => readProgram("new Thing('a', { b: 1 + 1 });")).toThrow("1 + 1");
});
