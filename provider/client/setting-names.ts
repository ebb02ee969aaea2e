import { printable } from "./redact";
import type { EnvironmentAccess } from "./wire";

const MOST_ENVIRONMENTS_SHOWN = 20;

/** The settings that an error asks somebody to set, as they are called for this connection. */
export type SettingNames = (...names: Setting[]) => string;

export type Setting = "url" | "gatewayUrl" | "username" | "password" | "environment";

/** As the variables of the environment are called: `gatewayUrl` is `COCKPIT_GATEWAY_URL`. */
function variableOf(setting: Setting): string {
  return `COCKPIT_${setting.replace(/[A-Z]/g, "_$&").toUpperCase()}`;
}

/** Of the default connection each has a variable; of an environment with a key, all are fields of one setting. */
export function settingNames(key: string | undefined): SettingNames {
  if (key === undefined) {
    return (...names) =>
      `${names.map((name) => `cockpit:${name}`).join(" and ")}${names.length > 1 ? "," : ""} or ${names
        .map(variableOf)
        .join(" and ")}`;
  }
  return (...names) =>
    `${names.map((name) => `cockpit:environments.${key}.${name === "environment" ? "id" : name}`).join(" and ")} (or COCKPIT_ENVIRONMENTS)`;
}

/** Added to what is attempted, where a program works in several environments. */
export function placeOf(key: string | undefined): string {
  return key === undefined ? "" : ` in the environment "${key}"`;
}

/** What a user can set, with the environments that the account has. */
export function choices(matches: EnvironmentAccess[], settings: SettingNames): string {
  const names = matches
    .slice(0, MOST_ENVIRONMENTS_SHOWN)
    .map(({ groupId, groupName }) => (groupName ? `${groupName} (${groupId})` : groupId));
  const more = matches.length > names.length ? ", …" : "";
  const list = names.length ? `The account has: ${printable(names.join(", "), 2000)}${more}. ` : "";
  return `${list}Set ${settings("environment")} to the id of the environment.`;
}
