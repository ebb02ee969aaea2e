import { CockpitError } from "../errors";
import type { Group } from "../client";

export type GroupKind = "solution" | "database";

export function kindOf(type: "Solution" | "Database"): GroupKind {
  return type === "Solution" ? "solution" : "database";
}

/** A group as an error names it. */
export function describeGroup(group: Group): string {
  const servers = group.servers.length === 0 ? "" : ` on ${group.servers.join(", ")}`;
  return `the ${group.kind ?? "group"} ${quoted(group.name ?? group.id)} (id ${group.id}${servers})`;
}

/** Why nothing is done where the configuration points to another environment than the one that a resource is in. */
export function otherEnvironmentError(
  name: unknown,
  environmentId: string,
  configuredId: string,
  url: string,
): CockpitError {
  return new CockpitError({
    code: "other-environment",
    what: `${quoted(String(name))} belongs to the environment ${quoted(environmentId)}, but the configuration points to ${quoted(configuredId)} (${url}). Nothing was read or changed.`,
    remedy: restoreConfiguration,
  });
}

/** What to do where the configuration leads to another Cockpit or environment than the state's. */
export const restoreConfiguration = "Restore cockpit:environment, cockpit:url and the credentials.";

/** What the program still has was deleted by somebody else. */
export function deletedOutside(what: string, remark = ""): CockpitError {
  return new CockpitError({
    code: "deleted-outside",
    what: `${what} was deleted outside this program.${remark && ` ${remark}`}`,
    remedy: "Run pulumi refresh; the next pulumi up creates it again.",
  });
}

export function describeNames(names: readonly string[], most = 10): string {
  const shown = names.slice(0, most).map(quoted).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

export function quoted(text: string): string {
  return JSON.stringify(text);
}

/** Of the names that there are, the one that somebody who wrote this most likely meant. */
export function nearest<Name extends string>(word: string, names: readonly Name[]): Name | undefined {
  const ranked = names
    .map((name) => ({ name, distance: distanceBetween(word.toLowerCase(), name.toLowerCase()) }))
    .sort((one, other) => one.distance - other.distance);
  const [best] = ranked;
  return best && best.distance <= Math.max(2, best.name.length / 3) ? best.name : undefined;
}

/** How many letters must be put in, taken out or changed. */
function distanceBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of [...one].entries()) {
    const next = [index + 1];
    for (const [position, otherLetter] of [...other].entries()) {
      const replaced = (row[position] ?? 0) + (letter === otherLetter ? 0 : 1);
      next.push(Math.min(replaced, (row[position + 1] ?? 0) + 1, (next[position] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
