import { readProgram, type Shapes } from "./program";
import { csharp } from "./csharp";
import { go } from "./go";
import { java } from "./java";
import { python } from "./python";
import { yaml } from "./yaml";

/** By the name of a block of code. TypeScript is what the examples are written in. */
const writers = { python, csharp, go, java, yaml };

/** An example in all languages but TypeScript, by the name of a block of code. */
export function inEachLanguage(example: string, shapes: Shapes): Record<string, string> {
  const program = readProgram(example);
  return Object.fromEntries(
    Object.entries(writers).map(([language, write]) => [language, write(program, shapes)]),
  );
}

/** What a description in the schema ends with: the example in each language, of which an SDK shows its own. */
export function withExamples(description: string, example: string, shapes: Shapes): string {
  const typescript = example.replaceAll('"pulumi-cockpit"', '"@pulumi-cockpit/cockpit"');
  const blocks = Object.entries({ typescript, ...inEachLanguage(example, shapes) }).map(
    ([language, code]) => `\`\`\`${language}\n${code.trimEnd()}\n\`\`\`\n`,
  );
  return [
    description,
    "",
    "{{% examples %}}",
    "## Example Usage",
    "{{% example %}}",
    "",
    ...blocks,
    "{{% /example %}}",
    "{{% /examples %}}",
  ].join("\n");
}
