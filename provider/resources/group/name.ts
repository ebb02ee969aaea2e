import { z } from "zod";

const longestName = 255;

/** Names travel in the path of Cockpit's rename request, so what could change the path is refused. */
export function nameProblem(name: string): string | undefined {
  if (name === "") {
    return "must not be empty";
  }
  if (name.trim() === "") {
    return "must not be blank";
  }
  const length = [...name].length;
  if (length > longestName) {
    return `must not be longer than ${longestName} characters (it has ${length})`;
  }
  if (name === "." || name === "..") {
    return `must not be "${name}", which means a folder in an address`;
  }
  if (!name.isWellFormed()) {
    return "holds half of a surrogate pair, which is no character";
  }
  for (const [position, character] of [...name].entries()) {
    if (/[/\\?#%]/.test(character)) {
      return `must not hold ${JSON.stringify(character)} (character ${position + 1}): it has a meaning in addresses`;
    }
    if (/\p{Cc}/u.test(character)) {
      return `must not hold control characters (character ${position + 1})`;
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
  .max(longestName, `must not be longer than ${longestName} characters`);
