import { readFileSync } from "node:fs";
import path from "node:path";
import { repositoryRoot } from "./project";

interface Described {
  description: string;
}

/** The examples of all resources and look-ups in a language, as they stand in the schema, by the last part of their token. */
export function examplesOfSchema(language: string): Record<string, string> {
  const schema = JSON.parse(readFileSync(path.join(repositoryRoot, "schema.json"), "utf8")) as {
    resources: Record<string, Described>;
    functions: Record<string, Described>;
  };
  const block = new RegExp(`\`\`\`${language}\\n([^]*?)\n\`\`\``);
  return Object.fromEntries(
    Object.entries({ ...schema.resources, ...schema.functions }).map(([token, { description }]) => [
      token.slice(token.lastIndexOf(":") + 1),
      block.exec(description)?.[1] ?? "",
    ]),
  );
}
