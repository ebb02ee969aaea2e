import { z } from "zod";
import { described } from "../../framework/field";

/** What people and templates leave where a key belongs. */
const placeholders = [
  /^change[\s_-]?(me|it|this)\W*$/i,
  /^[a-z]{0,4}[._-]?x{3,}$/i,
  /^(todo|tbd|fixme|placeholder|dummy|example|undefined|null|none|secret|password|api[\s_-]?key|token)\W*$/i,
  /^(\[secret\]|\[object Object\])$/,
  /^your[\s_-]/i,
  /^<[^>]*>$/,
  /^(\$\{|\{\{|%).*[}%]$/,
  /^([*.…•_?-])\1*$/,
];

/** What an output becomes that is put into a text instead of being waited for. */
const unawaitedOutput = /^Calling \[to(String|JSON)\] on an \[Output/;

/** Why a text can't be a key, without showing it. */
export function secretProblem(text: string): string | undefined {
  if (text.trim() === "") {
    return "must not be empty";
  }
  if (unawaitedOutput.test(text)) {
    return "is an output that was put into a text; give the output itself, or use pulumi.interpolate";
  }
  if (placeholders.some((placeholder) => placeholder.test(text.trim()))) {
    return "looks like a placeholder, not like a key; give it with pulumi config set --secret and config.requireSecret";
  }
  if (text !== text.trim() || /\p{Cc}/u.test(text)) {
    return "begins or ends with white space or holds control characters, as of a file's last line end; a key does not";
  }
  return undefined;
}

/** A key or password: encrypted in the state, shown nowhere. */
export function secretText(description: string): z.ZodString {
  const text = z.string("must be a string").check(({ value, issues }) => {
    const problem = secretProblem(value);
    if (problem !== undefined) {
      issues.push({ code: "custom", message: problem, input: value });
    }
  });
  return described(description, text, { secret: true });
}
