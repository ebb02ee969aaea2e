/** What somebody said for one run. Environment variables, because `pulumi up -c` would stay in the stack's file. */
export interface RunVariables {
  /** `COCKPIT_ADOPT`: ids of groups that creation may take over. */
  adopt: readonly string[];
  /** `COCKPIT_CONFIRM_DELETE`: names (or `Solution/Database`, or ids) typed back, as Cockpit's own dialog asks. */
  confirmDelete: readonly string[];
}

export function readRunVariables(variables: (name: string) => string | undefined): RunVariables {
  return {
    adopt: oneOrSeveral("COCKPIT_ADOPT", variables),
    confirmDelete: oneOrSeveral("COCKPIT_CONFIRM_DELETE", variables),
  };
}

/** How to write several values into one variable, for messages. */
export const severalHint = 'several: a JSON array, such as \'["a","b"]\'';

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
