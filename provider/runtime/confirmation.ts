import { createHash } from "node:crypto";
import { codeAlphabet, codeLength } from "../config/settings";
import type { ResourceName } from "../framework/identity";
import type { Context } from "./context";
import { describeNames } from "./messages";

/** Whatever loses something only after a person has typed its name back. */
export interface Confirmable {
  /** Under which stack's refusal the person reads it. */
  stack: string;
  id: string;
  /** What it is like now: a confirmation of something else, or of what it was before, does not fit. */
  state: readonly (string | undefined)[];
}

const dayMs = 24 * 60 * 60_000;

export function stackOf({ project, stack }: ResourceName): string {
  return `${project}/${stack}`;
}

/**
 * The name with the code that makes it hold for one change: this thing as it is now, in this stack, until the end of the next day.
 * A name alone would let every later run of a pipeline that has kept it delete what somebody has made again under it.
 */
export function confirmationOf(name: string, what: Confirmable, now: number): string {
  return `${name}@${codeOf(what, dayOf(now))}`;
}

export function isCodeOf(code: string | undefined, what: Confirmable, now: number): boolean {
  const today = dayOf(now);
  return code !== undefined && [today, today - 1].some((day) => codeOf(what, day) === code);
}

/** The code of a confirmation that is written down ahead, as for a review: it holds until the end of the day that it names. */
export function codeUntil(what: Confirmable, until: string): string {
  return codeOf(what, until);
}

/** The moment from which on a code that is shown now holds no more. */
export function endOfCodes(now: number): string {
  return `${new Date((dayOf(now) + 2) * dayMs).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

function codeOf({ stack, id, state }: Confirmable, day: number | string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([stack, id, state, day]))
    .digest();
  return [...hash.subarray(0, codeLength)].map((byte) => codeAlphabet[byte % codeAlphabet.length]).join("");
}

/** Days since 1970, of UTC. */
function dayOf(now: number): number {
  return Math.floor(now / dayMs);
}

/** Says which exceptions a preview or run is given: whoever has left one in a pipeline's settings learns of it here. */
export function announceRunVariables(context: Context): void {
  let variables;
  try {
    variables = context.runVariables();
  } catch {
    // Whoever uses them says what is wrong with them.
    return;
  }
  const { adopt, confirmDelete } = variables;
  const holding = confirmDelete.filter(({ code }) => code !== undefined).map(({ name }) => name);
  const without = confirmDelete.filter(({ code }) => code === undefined).map(({ name }) => name);
  if (holding.length > 0) {
    context.warn(
      `COCKPIT_CONFIRM_DELETE is in force: ${describeNames(holding)} may be deleted or replaced in this run although protected, as far as the codes fit. Unset it after this run.`,
    );
  }
  if (without.length > 0) {
    context.warn(
      `COCKPIT_CONFIRM_DELETE names ${describeNames(without)} without a code, which confirms nothing. The refusal of the deletion shows what to type.`,
    );
  }
  if (adopt.length > 0) {
    context.warn(
      `COCKPIT_ADOPT is in force: ${describeNames(adopt)} may be taken over in this run. Unset it after this run.`,
    );
  }
}
