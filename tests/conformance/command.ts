/** `npm run conformance -- SUBJECT.json`: judges any provider by the table, and ends with exit code 1 where it violates a row. */
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { promisify } from "node:util";
import { z } from "zod";
import { judge, type Verdict } from "./judge";
import { subjectSchema, type Hook, type Subject } from "./subject";
import { providerRows, resourceRows } from "./table";

const usage = `npm run conformance -- SUBJECT.json [--address HOST:PORT]   judges a provider (docs/conformance.md)
npm run conformance -- --table                                prints what is asked of it`;

function readSubject(file: string, address: string | undefined): Subject {
  const parsed = subjectSchema.safeParse(JSON.parse(readFileSync(file, "utf8")));
  if (!parsed.success) {
    throw new Error(`${file} does not describe a provider:\n${z.prettifyError(parsed.error)}`);
  }
  const { command, hooks, ...subject } = parsed.data;
  if (address === undefined && command === undefined && subject.address === undefined) {
    throw new Error(`${file} says neither command nor address, so there is no provider to judge`);
  }
  return {
    ...subject,
    // An address that is given wins: the provider is there already, in a debugger for example.
    ...(address === undefined ? (command === undefined ? {} : { command }) : { address }),
    hooks: Object.fromEntries(
      Object.entries(hooks).map(([name, text]) => [name as Hook, () => outputOf(String(text))]),
    ),
  };
}

async function outputOf(command: string): Promise<string> {
  const shell = process.platform === "win32" ? ["cmd", "/c"] : ["sh", "-c"];
  const { stdout } = await promisify(execFile)(shell[0] as string, [shell[1] as string, command]);
  return stdout.trim();
}

const marks = { held: "✓", violated: "✗", "not tried": "–" };

function report(verdicts: readonly Verdict[]): string {
  const lines = verdicts.map(({ subject, row, call, outcome, detail }) =>
    [`${marks[outcome]} ${subject}: ${row}${call === "" ? "" : ` (${call})`}`, detail]
      .filter((part) => part !== "")
      .join("\n    "),
  );
  const count = (outcome: Verdict["outcome"]) => verdicts.filter((one) => one.outcome === outcome).length;
  return [
    ...lines,
    `${count("held")} held, ${count("violated")} violated, ${count("not tried")} not tried`,
  ].join("\n");
}

function table(): string {
  return [...providerRows, ...resourceRows]
    .map(
      ({ name, call, requires, otherwise }) =>
        `${name} (${call})\n    ${requires}\n    Otherwise: ${otherwise}`,
    )
    .join("\n");
}

async function main(args: readonly string[]): Promise<void> {
  if (args.length === 1 && args[0] === "--table") {
    console.log(table());
    return;
  }
  const [file, option, address, ...others] = args;
  const isWrong = option !== undefined && (option !== "--address" || address === undefined);
  if (file === undefined || file.startsWith("-") || isWrong || others.length > 0) {
    throw new Error(`usage:\n${usage}`);
  }
  const verdicts = await judge(readSubject(file, address));
  console.log(report(verdicts));
  process.exitCode = verdicts.some(({ outcome }) => outcome === "violated") ? 1 : 0;
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
