import { z } from "zod";

/** How to reach Cockpit, from wherever it was said. */
export interface Settings {
  url: string;
  username: string;
  password: string;
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
  const [url, username, password, environment] = settingDescriptions.map((setting) => {
    const value = nonEmpty(variables(setting.variable)) ?? nonEmpty(configuration(setting.key));
    if (value === undefined && setting.required) {
      missing.push(
        `${setting.key} is not set: run \`pulumi config set ${setting.secret ? "--secret " : ""}${setting.key} …\` or set ${setting.variable}`,
      );
    }
    return value ?? "";
  }) as [string, string, string, string];
  if (missing.length > 0) {
    throw new SettingsError(`Cockpit is not configured. ${missing.join(". ")}.`);
  }
  if (!z.url({ protocol: /^https?$/ }).safeParse(url).success) {
    throw new SettingsError(
      `cockpit:url (COCKPIT_URL) is not an http or https address: ${JSON.stringify(withoutUserinfo(url))}. It looks like https://api.icure.cloud.`,
    );
  }
  return { url, username, password, ...(environment === "" ? {} : { environment }) };
}

function nonEmpty(value: string | undefined): string | undefined {
  return value === undefined || value.trim() === "" ? undefined : value;
}

/** A password written into the address must not reach a message. */
function withoutUserinfo(url: string): string {
  return url.replace(/\/\/[^/@]*@/, "//…@");
}
