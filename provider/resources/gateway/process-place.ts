import { ifSupported, type Process } from "../../client";
import type { Context } from "../context";

export interface ProcessPlace {
  at: Context;
  specId: string;
}

export interface FoundProcess extends ProcessPlace {
  live: Process;
  /** Its group was transferred, and the gateway has kept it where it was. */
  isLeftBehind: boolean;
}

/**
 * Where the gateway has a process. Whether it goes along when its group is transferred is not published: it is looked for in
 * the environment of its group first, then in the one that it was last seen in.
 */
export async function findProcess(
  context: Context,
  id: string,
  recordedId: string | undefined,
): Promise<FoundProcess | "unsupported" | undefined> {
  const specId = await context.cockpit.environmentId();
  const live = await ifSupported(context.cockpit.gateway.process(specId, id));
  if (live === "unsupported") {
    return live;
  }
  if (live) {
    return { at: context, specId, live, isLeftBehind: false };
  }
  const before =
    recordedId === undefined || recordedId === specId
      ? undefined
      : await context.environments.withId(recordedId);
  const left = before && (await ifSupported(before.cockpit.gateway.process(recordedId ?? "", id)));
  return before && left && left !== "unsupported"
    ? { at: before, specId: recordedId ?? "", live: left, isLeftBehind: true }
    : undefined;
}

/** Where to change or delete a process; looked for only once its group has left the environment that it was last seen in. */
export async function placeOfProcess(
  context: Context,
  id: string,
  recordedId: string | undefined,
): Promise<ProcessPlace> {
  const specId = await context.cockpit.environmentId();
  if (recordedId === undefined || recordedId === specId) {
    return { at: context, specId };
  }
  const found = await findProcess(context, id, recordedId);
  return found && found !== "unsupported" ? found : { at: context, specId };
}
