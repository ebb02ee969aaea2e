import { z } from "zod";

const defaultGatewayUrl = "https://msg-gw.icure.cloud";

/** How to reach Cockpit, from wherever it was said. */
export interface Settings {
  url: string;
  username: string;
  password: string;
  /** Address of the message gateway; absent: iCure's own. */
  gatewayUrl?: string;
  /** Id of the environment; absent: the account's own. */
  environment?: string;
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
    description: "Id of the environment to work in. Default: the account's own.",
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
];

/** Something about the configuration that the user has to mend; its text says how. */
export class SettingsError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "SettingsError";
  }
}

type Lookup = (name: string) => string | undefined;

/**
 * The settings in force. Environment variables win over the stack's configuration, because refresh and destroy are handed
 * the configuration of the last `up`: a password rotated since then can only arrive by a variable.
 */
export function readSettings(configuration: Lookup, variables: Lookup): Settings {
  const missing: string[] = [];
  const values = settingDescriptions.map((setting) => {
    const value = nonEmpty(variables(setting.variable)) ?? nonEmpty(configuration(setting.key));
    if (value === undefined && setting.required) {
      missing.push(
        `${setting.key} is not set: run \`pulumi config set ${setting.secret ? "--secret " : ""}${setting.key} …\` or set ${setting.variable}`,
      );
    }
    return [setting.key, value ?? ""];
  });
  const value = (key: string): string => (Object.fromEntries(values) as Record<string, string>)[key] ?? "";
  const environment = value("cockpit:environment");
  const gatewayUrl = value("cockpit:gatewayUrl");
  if (missing.length > 0) {
    throw new SettingsError(`Cockpit is not configured. ${missing.join(". ")}.`);
  }
  assertAddress(value("cockpit:url"), "cockpit:url (COCKPIT_URL)", "https://api.icure.cloud");
  if (gatewayUrl !== "") {
    assertAddress(gatewayUrl, "cockpit:gatewayUrl (COCKPIT_GATEWAY_URL)", defaultGatewayUrl);
  }
  return {
    url: value("cockpit:url"),
    username: value("cockpit:username"),
    password: value("cockpit:password"),
    ...(gatewayUrl === "" ? {} : { gatewayUrl }),
    ...(environment === "" ? {} : { environment }),
  };
}

function assertAddress(url: string, name: string, example: string): void {
  if (!z.url({ protocol: /^https?$/ }).safeParse(url).success) {
    throw new SettingsError(
      `${name} is not an http or https address: ${JSON.stringify(withoutUserinfo(url))}. It looks like ${example}.`,
    );
  }
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** A password written into the address must not reach a message. */
function withoutUserinfo(url: string): string {
  return url.replace(/^.*@/s, "…@");
}
