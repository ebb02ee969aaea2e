import { typedBack, type TypedBack } from "./confirmation";

/** What somebody said for one run. Environment variables, because `pulumi up -c` would stay in the stack's file. */
export interface RunVariables {
  /** `COCKPIT_ADOPT`: ids of groups that creation may take over. */
  adopt: readonly string[];
  /** `COCKPIT_CONFIRM_DELETE`: names (or `Solution/Database`, or ids) typed back, as Cockpit's own dialog asks, each with its code. */
  confirmDelete: readonly TypedBack[];
}

export function readRunVariables(variables: (name: string) => string | undefined): RunVariables {
  return {
    adopt: oneOrSeveral("COCKPIT_ADOPT", variables),
    confirmDelete: oneOrSeveral("COCKPIT_CONFIRM_DELETE", variables).map(typedBack),
  };
}

/** How to write several values into one variable, for messages. */
export const severalHint = 'several: a JSON array, such as \'["a","b"]\'';

/** One value as it is written; several, and what would be read as several, as a JSON array. */
export function written(values: readonly string[]): string {
  const [first = ""] = values;
  return shellQuoted(
    values.length === 1 && !first.trimStart().startsWith("[") ? first : JSON.stringify(values),
  );
}

/** A value as it is typed into a shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function oneOrSeveral(name: string, variables: (name: string) => string | undefined): string[] {
  const text = variables(name);
  if (text === undefined || text === "") {
    return [];
  }
  if (!text.trimStart().startsWith("[")) {
    return [text];
  }
  try {
    const values: unknown = JSON.parse(text);
    if (Array.isArray(values) && values.every((value) => typeof value === "string")) {
      return values;
    }
  } catch {
    // Falls through to the same explanation as an array of something else.
  }
  throw new Error(
    `${name} starts like a JSON array but is not one of strings. One value is written as it is; ${severalHint}.`,
  );
}
