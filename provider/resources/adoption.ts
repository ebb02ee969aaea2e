import type { Context } from "./context";
import { severalHint, shellQuoted } from "./run-variables";

/** Why nothing is created where something is there already, and the ways to go on. */
export function alreadyThere(what: string, id: string, otherwise = "rename this resource"): string {
  return (
    `${what} is there already, so nothing was created and nothing was changed. ` +
    `If an earlier run made it and was cut off, or it shall come under this stack's management, take it over: ` +
    `run again with COCKPIT_ADOPT=${shellQuoted(id)} (${severalHint}). ` +
    `If this is meant to replace it, set deleteBeforeReplace on the resource. ` +
    `If another stack of the same name manages it, ${otherwise}.`
  );
}

/** Refuses to take over what is not as declared. */
export function assertAsDeclared(what: string, differences: readonly string[]): void {
  if (differences.length > 0) {
    throw new Error(
      `COCKPIT_ADOPT names ${what}, but it is not what is declared: ${differences.join("; ")}. ` +
        `Nothing was changed. Declare it as it is, take it over, and change it afterwards.`,
    );
  }
}

export function differs(label: string, actual: string | undefined, declared: string): string[] {
  return actual === declared
    ? []
    : [`${label} ${JSON.stringify(actual ?? "(none)")}, declared is ${JSON.stringify(declared)}`];
}

/** A run that takes something over never deletes it: creation may have given it to a resource that replaces the one to delete. */
export function isKeptByAdoption(context: Context, what: string, id: string): boolean {
  const isKept = context.runVariables().adopt.includes(id);
  if (isKept) {
    context.warn(
      `${what} is taken over (COCKPIT_ADOPT) in this run, so it is left alone and only forgotten here.`,
    );
  }
  return isKept;
}
