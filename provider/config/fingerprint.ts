import { createHash } from "node:crypto";
import { readEnvironments, readSettings } from "./configuration";
import type { Lookup, Settings } from "./settings";

const compared = ["url", "username", "environment", "gatewayUrl"] as const;

/**
 * What is configured, as hashes: where a login goes and as whom, without its password. Empty where the configuration can't be
 * used, which is told by whoever uses it.
 */
export function settingsFingerprint(configuration: Lookup, variables: Lookup): string {
  try {
    const named = [...readEnvironments(configuration, variables)].map(
      ([key, settings]): [string, Settings] => [`environments.${key}.`, settings],
    );
    const all = [...named, ...byDefault(configuration, variables)];
    const hashes = all.flatMap(([prefix, settings]) =>
      compared.map((field) => [prefix + field, hashOf(settings[field])]),
    );
    return JSON.stringify(Object.fromEntries(hashes));
  } catch {
    return "";
  }
}

/** The settings, such as `cockpit:url`, in which two fingerprints differ. */
export function differingSettings(one: string, other: string): string[] {
  if (one === "" || other === "") {
    return [];
  }
  const [first, second] = [one, other].map((text) => JSON.parse(text) as Record<string, string>);
  const keys = new Set([...Object.keys(first ?? {}), ...Object.keys(second ?? {})]);
  return [...keys].filter((key) => first?.[key] !== second?.[key]).map((key) => `cockpit:${key}`);
}

/** With several environments there may be none by default. */
function byDefault(configuration: Lookup, variables: Lookup): [string, Settings][] {
  try {
    return [["", readSettings(configuration, variables)]];
  } catch (error) {
    if (readEnvironments(configuration, variables).size > 0) {
      return [];
    }
    throw error;
  }
}

function hashOf(value: string | undefined): string {
  return createHash("sha256")
    .update(value ?? "")
    .digest("hex")
    .slice(0, 16);
}
