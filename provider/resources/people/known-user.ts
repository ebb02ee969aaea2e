import type { User } from "../../client";
import { containsUnknown, type Properties } from "../../framework/values";

/**
 * The id of the user that a resource has, for its checked inputs: an update in place keeps it, and without it a preview would
 * show whatever depends on it as changed. Looked up once, for the first update; carried over afterwards.
 */
export async function knownUserId(
  olds: Properties | undefined,
  news: Properties,
  keys: { place: string; changeable: readonly string[] },
  find: () => Promise<User | undefined>,
): Promise<string | undefined> {
  if (!olds || olds[keys.place] !== news[keys.place]) {
    return undefined;
  }
  if (typeof olds.userId === "string" && olds.userId !== "") {
    return olds.userId;
  }
  const changes = [...keys.changeable, "deletionProtection"].some(
    (key) => containsUnknown(news[key]) || olds[key] !== news[key],
  );
  return changes ? (await find())?.id : undefined;
}
