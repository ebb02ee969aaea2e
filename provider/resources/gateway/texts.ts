import { z } from "zod";
import type { ErrorCode } from "../../errors";
import { workflows, type Workflow } from "../../client";
import { described } from "../../framework/field";
import { isOneOf, type MaybeUnknown, unknownValue } from "../../framework/values";
import type { CheckFailure } from "../../framework/validation";
import { nearest } from "../../runtime/messages";

const words = z.string("must be a string").regex(/\S/, "must not be empty");

export const emailTexts = z.strictObject(
  {
    subject: described("Its subject, one line.", words.regex(/^[^\r\n]*$/, "must be one line").optional()),
    body: described("Its body, HTML.", words.optional()),
  },
  "must be an object of subject and body",
);

export const smsTexts = z.strictObject(
  { message: described("Its text.", words.optional()) },
  "must be an object of message",
);

/** As a program gives them; in a preview any part may come later. */
export type Texts = MaybeUnknown<{
  email?: z.output<typeof emailTexts> | undefined;
  sms?: z.output<typeof smsTexts> | undefined;
}>;

const purposes: Record<Exclude<Workflow, "generic">, string> = {
  "patient-registration": "to complete your registration",
  "healthcare-party-registration": "to complete your registration",
  "organisation-registration": "to complete your organisation's registration",
  login: "to log in",
};

const code = "{{it.validationCode}}";

/** Cockpit's own subject, and words around it that say what the code is for. */
function defaultTexts(workflow: Exclude<Workflow, "generic">) {
  return {
    subject: `Your confirmation code: ${code}`,
    body:
      `<p>Hello {{it.firstName}},</p>\n<p>Your confirmation code is <strong>${code}</strong>. Enter it ${purposes[workflow]}.</p>\n` +
      `<p>If you did not ask for it, you can ignore this message.</p>\n`,
    message: `Your confirmation code: ${code}`,
  };
}

/** The workflow of a template's name; a template's UUID tells none. */
export function workflowOf(template: unknown): Workflow | undefined {
  return workflows.find((workflow) => workflow === template);
}

/** What is left out, as far as the workflow tells what to say. E-mail alone where nothing is given. */
export function withDefaultTexts({ email, sms }: Texts, workflow: Workflow | undefined): Texts {
  if (workflow === undefined || workflow === "generic") {
    return { ...(email === undefined ? {} : { email }), ...(sms === undefined ? {} : { sms }) };
  }
  const { subject, body, message } = defaultTexts(workflow);
  const mail = email ?? (sms === undefined ? {} : undefined);
  return {
    ...(mail === undefined ? {} : { email: mail === unknownValue ? mail : { subject, body, ...mail } }),
    ...(sms === undefined ? {} : { sms: sms === unknownValue ? sms : { message, ...sms } }),
  };
}

/** What is wrong with the texts, each with its path and its position. */
export function textFailures({ email, sms }: Texts, workflow: Workflow | undefined): CheckFailure[] {
  if (email === undefined && sms === undefined) {
    return [textFailure("required", "email or sms", "is required: this template has no default texts")];
  }
  return [
    ...(email === undefined || email === unknownValue
      ? []
      : channelFailures("email", { subject: email.subject, body: email.body }, workflow)),
    ...(sms === undefined || sms === unknownValue
      ? []
      : channelFailures("sms", { message: sms.message }, workflow)),
  ];
}

type Parts = MaybeUnknown<Record<string, string | undefined>>;

function channelFailures(channel: string, parts: Parts, workflow: Workflow | undefined): CheckFailure[] {
  const given = givenIn(parts);
  const absent = Object.entries(parts)
    .filter(([, text]) => text === undefined)
    .map(([key]) =>
      textFailure("required", `${channel}.${key}`, "is required: this template has no default text"),
    );
  if (hasOwnVariables(workflow)) {
    return absent;
  }
  const problems = given.flatMap(([key, text]) =>
    variableProblems(text).map(({ line, column, message }) =>
      textFailure("invalid-text", `${channel}.${key}`, message, `${line}:${column}`),
    ),
  );
  const isAllKnown = given.length === Object.keys(parts).length;
  const lacksCode = isAllKnown && !given.some(([, text]) => uses(text, "validationCode"));
  const places = Object.keys(parts).map((key) => `${channel}.${key}`);
  return [
    ...problems,
    ...absent,
    ...(lacksCode
      ? [
          textFailure(
            "invalid-text",
            places.join(" and "),
            `lack ${code}, without which users receive no code`,
          ),
        ]
      : []),
  ];
}

/** What in texts with variables of an app's own is likely a slip, each with its path and its position. */
export function textWarnings({ email, sms }: Texts, workflow: Workflow | undefined): string[] {
  if (!hasOwnVariables(workflow)) {
    return [];
  }
  return [
    ...(email === undefined || email === unknownValue
      ? []
      : warningsIn("email", { subject: email.subject, body: email.body })),
    ...(sms === undefined || sms === unknownValue ? [] : warningsIn("sms", { message: sms.message })),
  ];
}

function warningsIn(channel: string, parts: Parts): string[] {
  return givenIn(parts).flatMap(([key, text]) =>
    suspiciousVariables(text).map(
      ({ line, column, message }) => `${channel}.${key} (${line}:${column}): ${message}`,
    ),
  );
}

function givenIn(parts: Parts): [key: string, text: string][] {
  return Object.entries(parts).filter((part): part is [string, string] => typeof part[1] === "string");
}

/** Who sends by a generic process gives it whatever variables its text names; what a template's UUID stands for is not known. */
function hasOwnVariables(workflow: Workflow | undefined): boolean {
  return workflow === undefined || workflow === "generic";
}

function textFailure(code: ErrorCode, path: string, problem: string, position?: string): CheckFailure {
  const place = position === undefined ? path : `${path} (${position})`;
  return { property: "", code, reason: `${place}: ${problem}` };
}

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
const variableLike = /\{{2,}[^{}\n]*\}{0,2}|\{\s*it\.[^{}\n]*\}{0,2}|\bit\.\w+\s*\}+/g;
const variablePattern = /^\{\{it\.(\w+)\}\}$/;

/** Everything in a text that will not be filled in, with its position. */
export function variableProblems(text: string): TextProblem[] {
  return [...text.matchAll(variableLike)].flatMap((match) => {
    const message = variableProblem(match[0]);
    return message === undefined ? [] : [{ ...positionOf(text, match.index), message }];
  });
}

/** How the two published sources write a variable: Cockpit `{{it.name}}`, programs that send by generic processes `{{ name }}`. */
const unquotedVariable = /^\{\{\s*(?:it\.)?[A-Za-z_]\w*\s*\}\}$/;

/** What in a text with variables of an app's own looks like one and may not be filled in. */
export function suspiciousVariables(text: string): TextProblem[] {
  return [...text.matchAll(variableLike)]
    .filter(([attempt]) => !unquotedVariable.test(attempt))
    .map(({ 0: attempt, index }) => ({
      ...positionOf(text, index),
      message: `${JSON.stringify(attempt)} may not be filled in: a variable is written {{it.name}}`,
    }));
}

export function uses(text: string, variable: Variable): boolean {
  return text.includes(`{{it.${variable}}}`);
}

function variableProblem(attempt: string): string | undefined {
  const name = variablePattern.exec(attempt)?.[1];
  if (name !== undefined && isOneOf(variables, name)) {
    return undefined;
  }
  const word = name ?? /(?:it\.)?\s*([\w-]+)[\s}]*$/.exec(attempt)?.[1] ?? "";
  const near = nearest(word, variables);
  const advice = near === undefined ? `there are ${variableList()}` : `did you mean {{it.${near}}}?`;
  return name === undefined
    ? `${JSON.stringify(attempt)} is not a valid variable; write {{it.name}}; ${advice}`
    : `there is no variable ${attempt}; ${advice}`;
}

function variableList(): string {
  return variables.map((name) => `{{it.${name}}}`).join(", ");
}

function positionOf(text: string, index: number): { line: number; column: number } {
  const lines = text.slice(0, index).split(/\r\n|\r|\n/);
  return { line: lines.length, column: [...(lines.at(-1) ?? "")].length + 1 };
}
