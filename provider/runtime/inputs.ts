import { z } from "zod";
import { segmentProblem } from "../client";
import { described } from "../framework/field";

const maxNameLength = 255;

/** Names travel in the path of Cockpit's rename request, so what could change the path is refused. */
export function nameProblem(name: string): string | undefined {
  if (name === "") {
    return "must not be empty";
  }
  if (name.trim() === "") {
    return "must not be blank";
  }
  const length = [...name].length;
  if (length > maxNameLength) {
    return `must not be longer than ${maxNameLength} characters (it has ${length})`;
  }
  if (name === "." || name === "..") {
    return `must not be "${name}" (reserved in URL paths)`;
  }
  if (!name.isWellFormed()) {
    return "contains an unpaired surrogate (invalid Unicode)";
  }
  for (const [position, character] of [...name].entries()) {
    if (/[/\\?#%]/.test(character)) {
      return `must not contain ${JSON.stringify(character)} (character ${position + 1}): it is reserved in URLs`;
    }
    if (/\p{Cc}/u.test(character)) {
      return `must not contain control characters (character ${position + 1})`;
    }
  }
  return undefined;
}

/** A display name as Cockpit can store it and rename to it. */
export const groupName = z.string().check((context) => {
  const problem = nameProblem(context.value);
  if (problem !== undefined) {
    context.issues.push({ code: "custom", message: problem, input: context.value });
  }
});

/** An id of a group that the program chooses. */
export const chosenGroupId = z
  .string()
  .regex(/^[A-Za-z0-9_-]+$/, "may hold letters, digits, - and _ only")
  .max(maxNameLength, `must not be longer than ${maxNameLength} characters`);

const maxDisplayNameLength = 255;

/** How people and organisations are called on Cockpit's screens. */
export const displayName = z
  .string()
  .regex(/\S/, "must not be empty")
  .regex(/^\P{Cc}*$/u, "must not contain control characters")
  .max(maxDisplayNameLength, `must not be longer than ${maxDisplayNameLength} characters`);

/** Cockpit itself asks for no more than something on both sides of an @. */
export const emailAddress = z
  .string()
  .regex(
    /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:".]+$/,
    "is not a valid e-mail address (expected, for example, info@petra.example)",
  );

export const phoneNumber = z
  .string()
  .regex(
    /^\+?[0-9]{6,20}$/,
    "is not a valid phone number: 6 to 20 digits, a + and the country code before them, such as +32470123456, without spaces",
  );

/** What stands in the path of a request: an id, or the name of a token. */
export const pathSegment = z
  .string()
  .max(maxDisplayNameLength, `must not be longer than ${maxDisplayNameLength} characters`)
  .check((context) => {
    const problem = segmentProblem(context.value);
    if (problem !== undefined) {
      context.issues.push({ code: "custom", message: `can't be used: ${problem}`, input: context.value });
    }
  });

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const form = /^(\d+)([smhdw])$/;
const maxYears = 100;
const maxSeconds = maxYears * 365 * secondsPerUnit.d;

/** A number of seconds, or a string such as "90d". */
export const duration = z.union([z.number(), z.string()]).check((context) => {
  const seconds = secondsOf(context.value);
  const problem =
    seconds === undefined
      ? 'is not a duration: a number of seconds, or a text of a whole number and one of s, m, h, d, w, such as "90d"'
      : seconds < 1
        ? "must be at least a second"
        : seconds > maxSeconds
          ? `must not be longer than ${maxYears} years; what never ends is declared by never: true`
          : undefined;
  if (problem !== undefined) {
    context.issues.push({ code: "custom", message: problem, input: context.value });
  }
});

export type Duration = z.output<typeof duration>;

export function secondsOf(value: Duration): number | undefined {
  if (typeof value === "number") {
    return Number.isSafeInteger(value) ? value : undefined;
  }
  const [, count, unit] = form.exec(value) ?? [];
  return count === undefined
    ? undefined
    : Number(count) * secondsPerUnit[unit as keyof typeof secondsPerUnit];
}

/** Seconds in the words of a message: the two largest units. */
export function durationText(seconds: number): string {
  if (seconds < 1) {
    return "no time";
  }
  let rest = Math.floor(seconds);
  const parts: string[] = [];
  for (const [unit, size] of [
    ["day", secondsPerUnit.d],
    ["hour", secondsPerUnit.h],
    ["minute", secondsPerUnit.m],
    ["second", 1],
  ] as const) {
    const count = Math.floor(rest / size);
    rest -= count * size;
    if (count > 0 && parts.length < 2) {
      parts.push(`${count} ${unit}${count === 1 ? "" : "s"}`);
    }
  }
  return parts.join(" and ");
}

/** The input by which a resource names its environment. The key alone changes nothing: environments are compared by id. */
export function environmentInput(description: string) {
  return described(
    `${description} (Configuration: cockpit:environments)`,
    z
      .string("must be a string")
      .min(1, "must not be empty; leave it out for the default environment")
      .optional(),
    { onChange: "nothing" },
  );
}

/** Values that only matter by their changes. */
export const triggers = z.union(
  [z.array(z.unknown()), z.record(z.string(), z.unknown())],
  "must be an object or a list of values",
);

/** A text with one kind of line ends. */
export function normalizedLineEnds(text: string): string {
  return text.replace(/\r\n?/g, "\n");
}

/** An e-mail address as servers compare it. */
export function normalizedEmail(email: string): string {
  return email.toLowerCase();
}

/**
 * What Cockpit keeps now, as the state has it where both mean the same: a server that writes an address in small letters, or a
 * text with other line ends, would otherwise be drift for ever. A change in the program is still sent.
 */
export function asInState<Value extends string | undefined>(
  state: string | undefined,
  live: Value,
  essence: (text: string) => string,
): Value | string {
  return state !== undefined && live !== undefined && essence(state) === essence(live) ? state : live;
}

export interface InEnvironment {
  environment?: string | undefined;
}

/** What narrows a list down. */
const environment = environmentInput(
  "Key of the one environment to list. Default: all of the configuration.",
);

export const byEnvironment = z.strictObject({ environment });
