import { CockpitError, withCode } from "../errors";
import { aliasesOf, aliasTo, describeIdentity, type Identity } from "../framework/identity";
import type { Context } from "./context";
import { severalHint, toAdopt } from "../config/settings";

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
  /** What becomes of it where this resource turns out to be another one. */
  fate = "",
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
          `${waysToHave(context, resource, id, fate)} ` +
          `If a replacement was requested (--replace), set deleteBeforeReplace on the resource: the existing one is then deleted first. ` +
          `If another stack of the same name manages it, ${otherwise}.`,
        adopt: id,
        aliases: aliasesOf(resource),
      });
}

/** The same refusal, with more to say of what exists. */
export function alsoSaying(
  error: CockpitError,
  { before = "", after = "" }: { before?: string | undefined; after?: string | undefined },
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
export function waysToHave(context: Context, resource: Identity, id: string, fate = ""): string {
  return (
    `If this resource was renamed or moved in the program, name what it was: ${aliasesOf(resource)}${fate}. ` +
    `To manage it with this stack, if no other resource does (for example after an interrupted run, or because it was created manually), ` +
    `run again with ${toAdopt(context.runVariables(), id)} (${severalHint}).`
  );
}

/** What a creation takes over. */
export interface Takeover {
  /** As a message names it. */
  what: string;
  id: string;
  /** What comes of it, where that is more than that nothing is created. */
  outcome?: string;
}

/** Of what Cockpit keeps no mark of its program on, two stacks that have it don't know of each other. */
const unmarked =
  "nothing is created. Where another stack has it too, let go of it there by pulumi state delete, or each changes and deletes what the other has.";

/** What exists where a resource is to be created, and may be taken over. */
export interface InTheWay extends Takeover {
  /** How to have another one created instead; in the words of a refusal. */
  otherwise?: string;
  /** What a refusal says besides, before it and after it. */
  before?: string;
  after?: string;
  /** What of it is not as declared: nothing is taken over as long as that is so. */
  differences?: () => readonly string[] | Promise<readonly string[]>;
}

/**
 * The one policy for what exists already: it is taken over only where COCKPIT_ADOPT names it, no other resource has it and it is
 * as declared; otherwise this throws, and nothing was changed.
 */
export async function takeOver(context: Context, resource: Identity, found: InTheWay): Promise<void> {
  const { what, id, otherwise, before, after, differences } = found;
  if (!context.runVariables().adopt.includes(id)) {
    throw alsoSaying(await alreadyThere(context, resource, what, id, otherwise), { before, after });
  }
  await assertNobodysElse(context, resource, what, id);
  assertAsDeclared(what, (await differences?.()) ?? []);
  announceTakeover(context, resource, found);
}

/** The engine calls a takeover a creation: says what is taken over, once for the preview or the run. */
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

/** Refuses to take over what another resource has. */
async function assertNobodysElse(
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
function assertAsDeclared(what: string, differences: readonly string[]): void {
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
