import type { ResourceName } from "../../engine/resource";
import type { CheckFailure } from "../../engine/validation";
import type { Context } from "../context";
import type { GroupTraits } from "./identity";

export function idIsTaken(id: string): string {
  return `another resource of this program has the id ${id} too. Choose another one.`;
}

/**
 * Refuses an id that the program gives twice. Creation would notice only while the other one's group is there: what was deleted
 * for good by hand is still in the state, and the second resource would get its id.
 */
export function ownIdFailures(
  { claims }: Pick<Context, "claims">,
  type: GroupTraits["type"],
  resource: ResourceName,
  groupId: unknown,
): CheckFailure[] {
  return typeof groupId !== "string" || claims.claim(groupId, `${type} ${resource.name}`)
    ? []
    : [{ property: "groupId", reason: idIsTaken(groupId) }];
}
