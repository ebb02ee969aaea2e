import { isApiError, type Group } from "../../client";
import type { Context } from "../context";

/**
 * A group as some environment of the configuration shows it, this one first, a deleted one too; "hidden": an account was told
 * that it may not see it. Cockpit gives no id twice, so an id may be taken where this environment's account sees nothing of it.
 */
export async function sightingOf(context: Context, groupId: string): Promise<Group | "hidden" | undefined> {
  const environments = await context.environments.all();
  const others = environments.filter(({ cockpit }) => cockpit !== context.cockpit);
  let isHidden = false;
  for (const { cockpit } of [context, ...others]) {
    try {
      const group = await cockpit.groups.get(groupId);
      if (group) {
        return group;
      }
    } catch (error) {
      if (!isApiError(error) || error.code !== "forbidden") {
        throw error;
      }
      isHidden = true;
    }
  }
  return isHidden ? "hidden" : undefined;
}
