import { CockpitError, withCode } from "../errors";
import { aliasesOf, aliasTo, describeIdentity, type Identity } from "../framework/identity";
import type { Context } from "./context";
import { severalHint, adoptCommand } from "../config/settings";

/**
 * The error for an object that already exists, with its remedies, the one that changes nothing first. Adoption is not offered for
 * an object of another resource.
 */
export async function alreadyExistsError(
  context: Context,
  resource: Identity,
  what: string,
  id: string,
  otherwise = "rename this resource",
  /** What happens to the object if this resource is a renamed one. */
  outcome = "",
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
          `${adoptionRemedies(context, resource, id, outcome)} ` +
          `If a replacement was requested (--replace), set deleteBeforeReplace on the resource: the existing one is then deleted first. ` +
          `If another stack of the same name manages it, ${otherwise}.`,
        adopt: id,
        aliases: aliasesOf(resource),
      });
}

/** The same error with more details of the existing object. */
export function withDetails(
  error: CockpitError,
  { before = "", after = "" }: { before?: string | undefined; after?: string | undefined },
  code = error.code,
): CockpitError {
  const remedy = error.remedy === undefined ? undefined : `${error.remedy}${after && ` ${after}`}`;
  return new CockpitError({ code, what: `${before}${error.what}`, remedy, ...error.toType });
}

/** Whether another resource of the program has the object. Waits for the engine, so call it only on a conflict. */
export async function hasOtherOwner(context: Context, resource: Identity, id: string): Promise<boolean> {
  await context.run.settled(context.pause);
  return context.run.otherOwner(resource, id) !== undefined;
}

/** How a resource can get an existing object without a change to it. */
export function adoptionRemedies(context: Context, resource: Identity, id: string, outcome = ""): string {
  return (
    `If this resource was renamed or moved in the program, name what it was: ${aliasesOf(resource)}${outcome}. ` +
    `To manage it with this stack, if no other resource does (for example after an interrupted run, or because it was created manually), ` +
    `run again with ${adoptCommand(context.runVariables(), id)} (${severalHint}).`
  );
}

/** An object that a creation adopts. */
export interface Takeover {
  /** Its name in messages. */
  what: string;
  id: string;
  /** The consequences, beyond that nothing is created. */
  outcome?: string;
}

/** For objects that carry no adoption mark: two stacks that have one can't know of each other. */
const unmarked =
  "nothing is created. Where another stack has it too, let go of it there by pulumi state delete, or each changes and deletes what the other has.";

/** An existing object that conflicts with a creation and may be adopted. */
export interface ExistingObject extends Takeover {
  /** How to get a new object instead, in the words of the error. */
  otherwise?: string;
  /** Text before and after the error. */
  before?: string;
  after?: string;
  /** The refusal of an object that is adopted in another way than others. */
  refusal?: () => CockpitError;
  /** Why it is not adopted even if COCKPIT_ADOPT names it. */
  objection?: () => CockpitError | undefined;
  /** How it differs from its declaration: with any difference it is not adopted. */
  differences?: () => readonly string[] | Promise<readonly string[]>;
}

/**
 * The adoption policy: an existing object is adopted only if COCKPIT_ADOPT names it, no other resource has it and it matches its
 * declaration. Otherwise this throws, with nothing changed.
 */
export async function takeOver(context: Context, resource: Identity, found: ExistingObject): Promise<void> {
  const { what, id, otherwise, before, after, refusal, objection, differences } = found;
  if (!context.runVariables().adopt.includes(id)) {
    throw (
      refusal?.() ??
      withDetails(await alreadyExistsError(context, resource, what, id, otherwise), { before, after })
    );
  }
  await assertNoOtherOwner(context, resource, what, id);
  const objected = objection?.();
  if (objected) {
    throw objected;
  }
  assertAsDeclared(what, (await differences?.()) ?? []);
  announceTakeover(context, resource, found);
}

/** Warns of an adoption, once in a preview or run, because the engine shows it as a creation. */
export function announceTakeover(
  context: Context,
  resource: Identity,
  { what, id, outcome = unmarked }: Takeover,
): void {
  context.once(`takeover of ${id}`, () =>
    context.warn(
      withCode(
        "taken-over",
        `${describeIdentity(resource)} takes over ${what}, which already exists (COCKPIT_ADOPT): ${outcome}`,
      ),
    ),
  );
}

/** Says in a preview what the creation of something in a group will take over. Where that can't be read, creation says what is wrong. */
export async function explainTakeover(
  context: Context,
  resource: Identity,
  groupId: string,
  find: (here: Context) => Promise<Takeover | undefined>,
): Promise<void> {
  try {
    const { adopt } = context.runVariables();
    const here = adopt.length === 0 ? undefined : await context.environments.find(groupId);
    const found = here && (await find(here));
    if (found && adopt.includes(found.id)) {
      announceTakeover(context, resource, found);
    }
  } catch {
    // A preview is not refused for what it can't read.
  }
}

/** Refuses to adopt an object of another resource. */
async function assertNoOtherOwner(
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

/** Refuses to adopt an object that does not match its declaration. */
function assertAsDeclared(what: string, differences: readonly string[]): void {
  if (differences.length > 0) {
    throw new CockpitError({
      code: "adoption-mismatch",
      what: `COCKPIT_ADOPT names ${what}, but it is not what is declared: ${differences.join("; ")}. Nothing was changed.`,
      remedy: "Declare it as it is, take it over, and change it afterwards.",
    });
  }
}

export function difference(label: string, actual: string | undefined, declared: string): string[] {
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
  const keeper = context.run.ownerToKeep(type, id);
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
