import { z } from "zod";
import { CockpitError, type ErrorCode } from "../errors";

export const defaultGatewayUrl = "https://msg-gw.icure.cloud";

/** How to reach Cockpit, from wherever it was said. */
export interface Settings {
  url: string;
  username: string;
  password: string;
  /** Address of the message gateway; absent: iCure's own, for iCure's own Cockpit only. */
  gatewayUrl?: string;
  /** Id of the environment; absent: the account's own. */
  environment?: string;
  /** Its key in `cockpit:environments`, where it has one. */
  key?: string;
}

/** One entry of `cockpit:environments`: its id is known without asking anybody. */
export interface NamedSettings extends Settings {
  environment: string;
  key: string;
}

/** One setting: its key in the stack's configuration, the environment variable that wins over it, and what is said of it. */
export interface SettingDescription {
  key: string;
  variable: string;
  description: string;
  secret: boolean;
  required: boolean;
}

export const settingDescriptions: readonly SettingDescription[] = [
  {
    key: "cockpit:url",
    variable: "COCKPIT_URL",
    description: "Address of the Cockpit API, e.g. https://api.icure.cloud.",
    secret: false,
    required: true,
  },
  {
    key: "cockpit:username",
    variable: "COCKPIT_USERNAME",
    description: "Login, e-mail or id of an administrator of the environment.",
    secret: false,
    required: true,
  },
  {
    key: "cockpit:password",
    variable: "COCKPIT_PASSWORD",
    description:
      "Its password. A long-lived token works too, except for hard deletes, which Cockpit allows after a login by password only.",
    secret: true,
    required: true,
  },
  {
    key: "cockpit:environment",
    variable: "COCKPIT_ENVIRONMENT",
    description:
      "Id of the environment to work in, or its key in cockpit:environments. Default: the account's own.",
    secret: false,
    required: false,
  },
  {
    key: "cockpit:gatewayUrl",
    variable: "COCKPIT_GATEWAY_URL",
    description: `Address of the message gateway, which gets the login's token. Default: ${defaultGatewayUrl} for iCure's own Cockpit (https://….icure.cloud), none for any other.`,
    secret: false,
    required: false,
  },
  {
    key: "cockpit:allowHttp",
    variable: "COCKPIT_ALLOW_HTTP",
    description:
      '"true" lets the login go over plain http, where everybody on the way can read it, to another machine than this one. Default: "false".',
    secret: false,
    required: false,
  },
  {
    key: "cockpit:environments",
    variable: "COCKPIT_ENVIRONMENTS",
    description:
      "Several environments, as JSON: an object of keys, which the `environment` of resources names, each with `id` and, unless they are those above, `url`, `gatewayUrl`, `allowHttp`, `username` and `password`. The variable is merged over the configuration field by field.",
    secret: true,
    required: false,
  },
];

/** Something about the configuration that the user has to correct; its text says how. */
export class SettingsError extends CockpitError {
  constructor(what: string, code: ErrorCode = "invalid-setting") {
    super({ code, what });
    this.name = "SettingsError";
  }
}

export type ConfigSource = (name: string) => string | undefined;

/** By key; what is not set is undefined. */
export type PlainSettings = Record<string, string | undefined>;

export function plainSettings(configuration: ConfigSource, variables: ConfigSource): PlainSettings {
  return Object.fromEntries(
    settingDescriptions.map(({ key, variable }) => [
      key,
      settingValue(key, variable, variables(variable)) ?? settingValue(key, key, configuration(key)),
    ]),
  );
}

/** The settings that a variable gives another value than the stack's configuration; secrets by their names only. */
export function overriddenSettings(configuration: ConfigSource, variables: ConfigSource): string[] {
  return settingDescriptions.flatMap(({ key, variable, secret }) => {
    const [below, above] = [configuration(key)?.trim(), variables(variable)?.trim()];
    const differs =
      above !== undefined && above !== "" && below !== undefined && below !== "" && above !== below;
    return differs ? [`${variable} over ${key}${secret ? "" : ` (${below})`}`] : [];
  });
}

export function connection(values: PlainSettings): Settings {
  const gatewayUrl = values["cockpit:gatewayUrl"];
  const environment = values["cockpit:environment"];
  return {
    url: values["cockpit:url"] ?? "",
    username: values["cockpit:username"] ?? "",
    password: values["cockpit:password"] ?? "",
    ...(gatewayUrl === undefined ? {} : { gatewayUrl }),
    ...(environment === undefined ? {} : { environment }),
  };
}

/** An address that the login may be sent to. */
export function assertAddress(url: string, name: string, like: string, allowHttp: string | undefined): void {
  if (!z.url({ protocol: /^https?$/ }).safeParse(url).success) {
    throw new SettingsError(
      `${name} is not an http or https address: ${JSON.stringify(withoutUserinfo(url))}. It looks like ${like}.`,
    );
  }
  const { protocol, hostname } = new URL(url);
  if (protocol === "http:" && !isLoopback(hostname) && allowHttp !== "true") {
    throw new SettingsError(
      `${name} begins with http://, so that everybody on the way to ${hostname} could read the password: nothing was sent. ` +
        `Write https://, or allow it with cockpit:allowHttp or COCKPIT_ALLOW_HTTP (allowHttp in an entry of cockpit:environments), set to true.`,
    );
  }
}

/** A setting as it was meant: files and shells leave blanks and line breaks around it. Nothing where it is not set. */
export function settingValue(key: string, name: string, text: string | undefined): string | undefined {
  const value = key.endsWith("password") ? withoutLineBreaksAround(text) : text?.trim();
  if (value === undefined || value.trim() === "") {
    return undefined;
  }
  // JSON is judged as such, and a password may have quotes around it.
  if (key !== "cockpit:environments") {
    if (/\p{Cc}/u.test(value)) {
      throw new SettingsError(
        `${name} holds a line break or another control character. Set it to a single line of text.`,
      );
    }
    if (!key.endsWith("password") && hasQuotesAround(value)) {
      throw new SettingsError(`${name} is written with quotes around it. Set it without them.`);
    }
  }
  if (key.endsWith("allowHttp") && value !== "true" && value !== "false") {
    throw new SettingsError(`${name} must be true or false.`);
  }
  return value;
}

export function hasQuotesAround(text: string): boolean {
  return /^(["'\u2018\u201c\u201e\u00ab]).*["'\u2019\u201d\u201c\u00bb]$/s.test(text);
}

/** A password may begin or end with a blank. */
function withoutLineBreaksAround(text: string | undefined): string | undefined {
  return text?.replace(/^[\r\n\uFEFF]+|[\r\n]+$/g, "");
}

/** A password written into the address must not reach a message. */
function withoutUserinfo(url: string): string {
  return url.replace(/^.*@/s, "…@");
}

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
export function environmentSuffix(key: string | undefined): string {
  return key === undefined ? "" : ` in the environment "${key}"`;
}

/** Whether a host is this machine. */
export function isLoopback(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

/** Whether a host is iCure's own, whose Cockpit and message gateway belong together. */
export function isIcure(hostname: string): boolean {
  return /(^|\.)icure\.cloud$/.test(hostname);
}

/** What somebody said for one run. Environment variables, because `pulumi up -c` would stay in the stack's file. */
export interface RunVariables {
  /** `COCKPIT_ADOPT`: ids of groups that creation may take over. */
  adopt: readonly string[];
  /** `COCKPIT_CONFIRM_DELETE`: names (or `Solution/Database`, or ids) typed back, as Cockpit's own dialog asks, each with its code. */
  confirmDelete: readonly TypedConfirmation[];
}

/** One value of COCKPIT_CONFIRM_DELETE: the name as it is typed back, and the code that the refusal has shown with it. */
export interface TypedConfirmation {
  name: string;
  code: string | undefined;
}

export const codeLength = 6;
/** Without letters that are taken for others, and without vowels. */
export const codeAlphabet = "bcdfghjkmnpqrstvwxz23456789";

export function readRunVariables(variables: (name: string) => string | undefined): RunVariables {
  return {
    adopt: oneOrSeveral("COCKPIT_ADOPT", variables),
    confirmDelete: oneOrSeveral("COCKPIT_CONFIRM_DELETE", variables).map(readConfirmation),
  };
}

/** A name may hold an @ of its own: the code is what follows the last one. */
export function readConfirmation(value: string): TypedConfirmation {
  const [, name, code] = new RegExp(`^([^]*)@([${codeAlphabet}]{${codeLength}})$`).exec(value) ?? [];
  return name === undefined ? { name: value, code: undefined } : { name, code };
}

/** How to write several values into one variable, for messages. */
export const severalHint = 'several: a JSON array, such as \'["a","b"]\'';

/** One value as it is written; several, and what would be read as several, as a JSON array. */
export function formatVariable(values: readonly string[]): string {
  const [first = ""] = values;
  return shellQuoted(
    values.length === 1 && !first.trimStart().startsWith("[") ? first : JSON.stringify(values),
  );
}

/** A value as it is typed into a shell. */
export function shellQuoted(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** What is to be typed to confirm, with what the run has confirmed already: without that the next one would stop at it again. */
export function confirmCommand({ confirmDelete }: RunVariables, typed: readonly string[]): string {
  const names = new Set(typed.map((value) => readConfirmation(value).name));
  const others = confirmDelete
    .filter(({ name, code }) => code !== undefined && !names.has(name))
    .map(({ name, code }) => `${name}@${code}`);
  return `COCKPIT_CONFIRM_DELETE=${formatVariable([...others, ...typed])}`;
}

/** What is to be typed to take something over, with what the run is told to take over already. */
export function adoptCommand({ adopt }: RunVariables, id: string): string {
  return `COCKPIT_ADOPT=${formatVariable([...adopt.filter((other) => other !== id), id])}`;
}

function oneOrSeveral(name: string, variables: (name: string) => string | undefined): string[] {
  const text = variables(name);
  if (text === undefined || text === "") {
    return [];
  }
  if (!text.trimStart().startsWith("[")) {
    return [text];
  }
  try {
    const values: unknown = JSON.parse(text);
    if (Array.isArray(values) && values.every((value) => typeof value === "string")) {
      return values;
    }
  } catch {
    // Falls through to the same explanation as an array of something else.
  }
  throw new CockpitError({
    code: "invalid-run-variable",
    what: `${name} starts like a JSON array but is not one of strings.`,
    remedy: `One value is written as it is; ${severalHint}.`,
  });
}
