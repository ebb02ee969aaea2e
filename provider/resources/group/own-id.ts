import { CockpitError } from "../../errors";
import type { Identity } from "../../framework/identity";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../context";

export function idIsTaken(id: string): CockpitError {
  return new CockpitError({
    code: "id-declared-twice",
    what: `another resource of this program has the id ${id} too.`,
    remedy: "Choose a different groupId.",
  });
}

/**
 * Refuses an id that the program gives twice. Creation would notice only while the other one's group is there: what was deleted
 * for good by hand is still in the state, and the second resource would get its id.
 */
export function ownIdFailures(
  { claims }: Pick<Context, "claims">,
  resource: Identity,
  groupId: unknown,
): CheckFailure[] {
  return typeof groupId !== "string" || claims.claim(groupId, resource)
    ? []
    : [failureOf(idIsTaken(groupId), "groupId")];
}
