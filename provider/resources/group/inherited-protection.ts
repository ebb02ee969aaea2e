import { z } from "zod";
import { CockpitError } from "../../errors";
import { described } from "../../framework/field";
import type { ResourceName } from "../../framework/identity";
import type { Context } from "../../runtime/context";
import { addSolution } from "./lifecycle";
import { isConfirmed, typedFor, waysPast } from "./protection";
import { describeGroup } from "../../runtime/messages";

/**
 * What lies in a group is deleted before it: a destroy that the group's protection refuses would come too late for it. So each of
 * them keeps that protection in its own state, which is all that a deletion gets to see.
 */
export const inheritedProtection = described(
  "Whether the solution or database that it lies in is protected, as far as the same program declares that. Then it is not deleted unless the other stays, or its name is typed back. (No part of the Cockpit API)",
  z.boolean().optional(),
  { isComputed: true },
);

/** As this run declares the group or, where it doesn't, as an earlier one did. */
export function protectionOf(
  context: Context,
  groupId: unknown,
  olds: { deletionProtection?: boolean | undefined } | undefined,
): { deletionProtection?: true } {
  const declared = typeof groupId === "string" ? context.declaredProtection.ofGroup(groupId) : undefined;
  return (declared ?? olds?.deletionProtection) ? { deletionProtection: true } : {};
}

/** Refuses to delete what lies in a protected group that this run doesn't declare: that is to be deleted too. */
export function assertMayGo(
  context: Context,
  what: string,
  groupId: string | undefined,
  { deletionProtection }: { deletionProtection?: boolean | undefined },
  resource: ResourceName,
): Promise<void> {
  return context.refusals.decide(async () => {
    if (!deletionProtection || groupId === undefined) {
      return undefined;
    }
    if (context.declaredProtection.ofGroup(groupId) !== undefined) {
      return undefined;
    }
    const group = await context.cockpit.groups.get(groupId);
    if (!group || group.deletedAt !== undefined) {
      return undefined;
    }
    const atRisk = { group, stateName: group.name, databases: [], resource };
    if (await isConfirmed(context, atRisk)) {
      return undefined;
    }
    context.refusals.add(groupId, await typedFor(context, atRisk));
    await addSolution(context, atRisk);
    return new CockpitError({
      code: "inside-protected",
      what: `${what} was not deleted, because it is inside ${describeGroup(group)}, which is protected and is also being deleted in this run.`,
      remedy: `${await waysPast(context, atRisk)} To delete this alone, remove it from the program and run pulumi up.`,
      confirm: [await typedFor(context, atRisk)],
    });
  });
}
