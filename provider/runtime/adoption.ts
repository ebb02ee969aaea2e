import { CockpitError, withCode } from "../errors";
import { aliasesOf, aliasTo, describeIdentity, type Identity } from "../framework/identity";
import type { Context } from "./context";
import { severalHint, toAdopt } from "../config/run-variables";

/**
 * Why nothing is created where something exists already, and the ways to go on: first the one that touches nothing. What
 * another resource has is never offered.
 */
export async function alreadyThere(
  context: Context,
  resource: Identity,
  what: string,
  id: string,
  otherwise = "rename this resource",
): Promise<CockpitError> {
  await context.run.settled(context.pause);
  const exists = `${what} already exists; nothing was created or changed.`;
  const owner = context.run.otherOwner(resource, id);
  return owner
    ? new CockpitError({
        code: "already-managed",
        what: `${exists} It is ${describeIdentity(owner)} of this program or its state.`,
        remedy: `If that is this resource, renamed or moved, give this one ${aliasTo(owner)}; if not, ${otherwise}.`,
        aliases: aliasTo(owner),
      })
    : new CockpitError({
        code: "already-exists",
        what: exists,
        remedy:
          `${waysToHave(context, resource, id)} ` +
          `If a replacement was requested (--replace), set deleteBeforeReplace on the resource: the existing one is then deleted first. ` +
          `If another stack of the same name manages it, ${otherwise}.`,
        adopt: id,
        aliases: aliasesOf(resource),
      });
}

/** The same refusal, with more to say of what exists. */
export function alsoSaying(
  error: CockpitError,
  { before = "", after = "" },
  code = error.code,
): CockpitError {
  const remedy = error.remedy === undefined ? undefined : `${error.remedy}${after && ` ${after}`}`;
  return new CockpitError({ code, what: `${before}${error.what}`, remedy, ...error.toType });
}

/** Whether another resource of the program has it. Asked only where something is in the way, because it waits for the engine. */
export async function hasOtherOwner(context: Context, resource: Identity, id: string): Promise<boolean> {
  await context.run.settled(context.pause);
  return context.run.otherOwner(resource, id) !== undefined;
}

/** How a resource comes to have what is there, without a change to it. */
export function waysToHave(context: Context, resource: Identity, id: string): string {
  return (
    `If this resource was renamed or moved in the program, name what it was: ${aliasesOf(resource)}. ` +
    `To manage it with this stack, if no other resource does (for example after an interrupted run, or because it was created manually), ` +
    `run again with ${toAdopt(context.runVariables(), id)} (${severalHint}).`
  );
}

/** Refuses to take over what another resource has. */
export async function assertNobodysElse(
  context: Context,
  resource: Identity,
  what: string,
  id: string,
): Promise<void> {
  await context.run.settled(context.pause);
  const owner = context.run.otherOwner(resource, id);
  if (owner) {
    throw new CockpitError({
      code: "already-managed",
      what: `COCKPIT_ADOPT names ${what}, but it is ${describeIdentity(owner)} of this program or its state. Nothing was changed.`,
      remedy: `If that is this resource, renamed or moved, give this one ${aliasTo(owner)}.`,
      aliases: aliasTo(owner),
    });
  }
}

/** Refuses to take over what is not as declared. */
export function assertAsDeclared(what: string, differences: readonly string[]): void {
  if (differences.length > 0) {
    throw new CockpitError({
      code: "adoption-mismatch",
      what: `COCKPIT_ADOPT names ${what}, but it is not what is declared: ${differences.join("; ")}. Nothing was changed.`,
      remedy: "Declare it as it is, take it over, and change it afterwards.",
    });
  }
}

export function differs(label: string, actual: string | undefined, declared: string): string[] {
  return actual === declared
    ? []
    : [`${label} ${JSON.stringify(actual ?? "(none)")}, declared is ${JSON.stringify(declared)}`];
}

/** A run that takes something over never deletes it: creation may have given it to a resource that replaces the one to delete. */
export function isKeptByAdoption(context: Context, what: string, type: string, id: string): boolean {
  const isKept = context.runVariables().adopt.includes(id);
  if (isKept) {
    context.warn(
      withCode(
        "removed-from-state",
        `${what} is taken over (COCKPIT_ADOPT) in this run, so it is not deleted in Cockpit, only removed from the state.`,
      ),
    );
  }
  return isKept || isKeptByAnother(context, what, type, id);
}

/** Two resources may have come to have one object: as long as one of them stays, so does the object. */
export function isKeptByAnother(context: Context, what: string, type: string, id: string): boolean {
  const keeper = context.run.keeper(type, id);
  if (keeper) {
    context.warn(
      withCode(
        "removed-from-state",
        `${what} is ${describeIdentity(keeper)} of this program too, so it is not deleted in Cockpit, only removed from the state.`,
      ),
    );
  }
  return keeper !== undefined;
}
