import { z } from "zod";

export const defaultGatewayUrl = "https://msg-gw.icure.cloud";

/** How to reach Cockpit, from wherever it was said. */
export interface Settings {
  url: string;
  username: string;
  password: string;
  /** Address of the message gateway; absent: iCure's own. */
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
    description: `Address of the message gateway, which gets the login's token. Default: ${defaultGatewayUrl}.`,
    secret: false,
    required: false,
  },
  {
    key: "cockpit:environments",
    variable: "COCKPIT_ENVIRONMENTS",
    description:
      "Several environments, as JSON: an object of keys, which the `environment` of resources names, each with `id` and, unless they are those above, `url`, `gatewayUrl`, `username` and `password`. The variable is laid over the configuration field by field.",
    secret: true,
    required: false,
  },
];

/** Something about the configuration that the user has to mend; its text says how. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}

export type Lookup = (name: string) => string | undefined;

/** By key; what is not set is undefined. */
export type PlainSettings = Record<string, string | undefined>;

export function plainSettings(configuration: Lookup, variables: Lookup): PlainSettings {
  return Object.fromEntries(
    settingDescriptions.map(({ key, variable }) => [
      key,
      nonEmpty(variables(variable)) ?? nonEmpty(configuration(key)),
    ]),
  );
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

export function assertAddress(url: string, name: string, like: string): void {
  if (!z.url({ protocol: /^https?$/ }).safeParse(url).success) {
    throw new SettingsError(
      `${name} is not an http or https address: ${JSON.stringify(withoutUserinfo(url))}. It looks like ${like}.`,
    );
  }
}

export function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** A password written into the address must not reach a message. */
function withoutUserinfo(url: string): string {
  return url.replace(/^.*@/s, "…@");
}
