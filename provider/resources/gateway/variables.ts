import { nearest } from "../nearest";

/** What a text may fill in. */
export const variables = ["validationCode", "firstName", "lastName", "email", "mobilePhone"] as const;
export type Variable = (typeof variables)[number];

export interface TextProblem {
  /** Both from 1; a column is a character. */
  line: number;
  column: number;
  message: string;
}

/** Whatever looks like a variable, well written or not. Single braces without `it.` are style sheets. */
const attempts = /\{{2,}[^{}\n]*\}{0,2}|\{\s*it\.[^{}\n]*\}{0,2}|\bit\.\w+\s*\}+/g;
const wellFormed = /^\{\{it\.(\w+)\}\}$/;

/** Everything in a text that will not be filled in, with its position. */
export function variableProblems(text: string): TextProblem[] {
  return [...text.matchAll(attempts)].flatMap((match) => {
    const message = problemOf(match[0]);
    return message === undefined ? [] : [{ ...positionOf(text, match.index), message }];
  });
}

/** How the two published sources write a variable: Cockpit `{{it.name}}`, programs that send by generic processes `{{ name }}`. */
const anySpelling = /^\{\{\s*(?:it\.)?[A-Za-z_]\w*\s*\}\}$/;

/** What in a text with variables of an app's own looks like one and may not be filled in. */
export function doubtfulVariables(text: string): TextProblem[] {
  return [...text.matchAll(attempts)]
    .filter(([attempt]) => !anySpelling.test(attempt))
    .map(({ 0: attempt, index }) => ({
      ...positionOf(text, index),
      message: `${JSON.stringify(attempt)} may not be filled in: a variable is written {{it.name}}`,
    }));
}

export function uses(text: string, variable: Variable): boolean {
  return text.includes(`{{it.${variable}}}`);
}

function problemOf(attempt: string): string | undefined {
  const name = wellFormed.exec(attempt)?.[1];
  if (name !== undefined && (variables as readonly string[]).includes(name)) {
    return undefined;
  }
  const word = name ?? /(?:it\.)?\s*([\w-]+)[\s}]*$/.exec(attempt)?.[1] ?? "";
  const near = nearest(word, variables);
  const advice = near === undefined ? `there are ${shown()}` : `did you mean {{it.${near}}}?`;
  return name === undefined
    ? `${JSON.stringify(attempt)} is not a variable, which is written {{it.name}}; ${advice}`
    : `there is no variable ${attempt}; ${advice}`;
}

function shown(): string {
  return variables.map((name) => `{{it.${name}}}`).join(", ");
}

function positionOf(text: string, index: number): { line: number; column: number } {
  const lines = text.slice(0, index).split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}
