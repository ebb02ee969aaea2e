import type { Group } from "../../client";
import type { Context } from "../../runtime/context";
import { propertiesToSend, type PropertyValues } from "./custom-properties";

/** What of a group can be changed in place. Undefined: not declared, so not touched. */
export interface Changeable {
  name: string;
  applicationId?: string | undefined;
  properties?: PropertyValues | undefined;
}

/** What the state says of the same: what was declared before and no longer is may be taken away. */
export type ChangeableBefore = Partial<Changeable>;

/**
 * Takes a live group to what is declared by the fewest requests, starting from what it is now: so an update that was cut off,
 * a creation that stopped half-way and a rename by hand all end at the same place.
 */
export async function reconcileGroup(
  context: Context,
  live: Group,
  declared: Changeable,
  before: ChangeableBefore = {},
): Promise<Group> {
  const { groups } = context.cockpit;
  let group = live;
  const step = async (change: Promise<Group>): Promise<void> => {
    try {
      group = await change;
    } finally {
      context.reader.written(live.id);
    }
  };
  if (live.name !== declared.name) {
    await step(groups.rename(live.id, declared.name));
  }
  // Sent where only the state differs, too: then it is the groups below that have another one.
  const isAsked = declared.applicationId !== undefined || before.applicationId !== undefined;
  const isThere = [live.applicationId, before.applicationId].every((id) => id === declared.applicationId);
  if (isAsked && !isThere) {
    await step(groups.setApplicationId(live.id, declared.applicationId));
    context.births.changed(group);
  }
  const properties = propertiesToSend(live.properties, declared.properties, before.properties);
  if (properties !== undefined) {
    await step(groups.setProperties(live.id, properties));
  }
  return group;
}
