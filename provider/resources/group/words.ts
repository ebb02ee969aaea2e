import { CockpitError } from "../../errors";
import type { Group } from "../../client";
import type { GroupTraits } from "./identity";

export type GroupKind = "solution" | "database";

export function kindOf(type: GroupTraits["type"]): GroupKind {
  return type === "Solution" ? "solution" : "database";
}

/** A group as an error names it. */
export function describeGroup(group: Group): string {
  const servers = group.servers.length === 0 ? "" : ` on ${group.servers.join(", ")}`;
  return `the ${group.kind ?? "group"} ${quoted(group.name ?? group.id)} (id ${group.id}${servers})`;
}

/** Why nothing is done where the configuration points to another environment than the one that a resource is in. */
export function elsewhere(
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
