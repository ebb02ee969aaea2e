import { z } from "zod";

const secondsPerUnit = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;
const form = /^(\d+)([smhdw])$/;
const longestYears = 100;
const longest = longestYears * 365 * secondsPerUnit.d;

/** A number of seconds, or a text such as "90d". */
export const duration = z.union([z.number(), z.string()]).check((context) => {
  const seconds = secondsOf(context.value);
  const problem =
    seconds === undefined
      ? 'is not a duration: a number of seconds, or a text of a whole number and one of s, m, h, d, w, such as "90d"'
      : seconds < 1
        ? "must be at least a second"
        : seconds > longest
          ? `must not be longer than ${longestYears} years; what never ends is declared by never: true`
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
export function inWords(seconds: number): string {
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
