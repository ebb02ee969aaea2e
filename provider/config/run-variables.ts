import { CockpitError } from "../errors";
/** What somebody said for one run. Environment variables, because `pulumi up -c` would stay in the stack's file. */
export interface RunVariables {
  /** `COCKPIT_ADOPT`: ids of groups that creation may take over. */
  adopt: readonly string[];
  /** `COCKPIT_CONFIRM_DELETE`: names (or `Solution/Database`, or ids) typed back, as Cockpit's own dialog asks, each with its code. */
  confirmDelete: readonly TypedBack[];
}

/** One value of COCKPIT_CONFIRM_DELETE: the name as it is typed back, and the code that the refusal has shown with it. */
export interface TypedBack {
  name: string;
  code: string | undefined;
}

export const codeLength = 6;
/** Without letters that are taken for others, and without vowels. */
export const codeAlphabet = "bcdfghjkmnpqrstvwxz23456789";

export function readRunVariables(variables: (name: string) => string | undefined): RunVariables {
  return {
    adopt: oneOrSeveral("COCKPIT_ADOPT", variables),
    confirmDelete: oneOrSeveral("COCKPIT_CONFIRM_DELETE", variables).map(typedBack),
  };
}

/** A name may hold an @ of its own: the code is what follows the last one. */
export function typedBack(value: string): TypedBack {
  const [, name, code] = new RegExp(`^([^]*)@([${codeAlphabet}]{${codeLength}})$`).exec(value) ?? [];
  return name === undefined ? { name: value, code: undefined } : { name, code };
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

/** What is to be typed to confirm, with what the run has confirmed already: without that the next one would stop at it again. */
export function toConfirm({ confirmDelete }: RunVariables, typed: readonly string[]): string {
  const names = new Set(typed.map((value) => typedBack(value).name));
  const others = confirmDelete
    .filter(({ name, code }) => code !== undefined && !names.has(name))
    .map(({ name, code }) => `${name}@${code}`);
  return `COCKPIT_CONFIRM_DELETE=${written([...others, ...typed])}`;
}

/** What is to be typed to take something over, with what the run is told to take over already. */
export function toAdopt({ adopt }: RunVariables, id: string): string {
  return `COCKPIT_ADOPT=${written([...adopt.filter((other) => other !== id), id])}`;
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
  throw new CockpitError({
    code: "invalid-run-variable",
    what: `${name} starts like a JSON array but is not one of strings.`,
    remedy: `One value is written as it is; ${severalHint}.`,
  });
}
