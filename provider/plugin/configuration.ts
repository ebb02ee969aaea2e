import { readSettings } from "../config/configuration";
import type { PropertyPath } from "../framework/field";
import { settingDescriptions, SettingsError, type ConfigSource } from "../config/settings";
import { containsUnknown, type Properties } from "../framework/values";
import type { CheckFailure } from "../framework/validation";

/** The configuration of a provider: its own arguments or, for the default provider, the stack's configuration. */
export interface ProviderArguments {
  values: Properties;
  /** Given in the program, so that they win over the environment variables. */
  areExplicit: boolean;
}

/** By its name in the arguments of a provider. */
const settings = new Map(
  settingDescriptions.map((setting) => [setting.key.replace("cockpit:", ""), setting] as const),
);

/** Arguments that the engine itself adds. */
const argumentsOfEngine: ReadonlySet<string> = new Set([
  "version",
  "pluginDownloadURL",
  "pluginChecksums",
  "parameterization",
  "host",
]);

/** The engine makes the default providers itself and names them like this. */
export function isDefaultProvider(name: string): boolean {
  return name === "default" || name.startsWith("default_");
}

/** The settings of a provider: its arguments, completed by environment variables that are meant for the same account. */
export function lookupsOf(
  { values, areExplicit }: ProviderArguments,
  environment: ConfigSource,
): { configuration: ConfigSource; variables: ConfigSource } {
  const configuration: ConfigSource = (key) => settingText(values[key.replace("cockpit:", "")]);
  if (!areExplicit) {
    return { configuration, variables: environment };
  }
  const agrees = (name: string): boolean => {
    const given = configuration(`cockpit:${name}`);
    const inForce = environment(settings.get(name)?.variable ?? "");
    return given === undefined || inForce === undefined || inForce === "" || given === inForce;
  };
  const isSameServer = agrees("url");
  const isSameAccount = isSameServer && agrees("username");
  const areMeant = new Map([
    ["url", true],
    ["gatewayUrl", isSameServer],
    ["allowHttp", isSameServer],
    ["username", isSameServer],
    ["password", isSameAccount],
    ["environment", isSameAccount],
    ["environments", isSameAccount],
  ]);
  const variables: ConfigSource = (variable) => {
    const [name] = [...settings].find(([, setting]) => setting.variable === variable) ?? [];
    const isOurs = name !== undefined;
    return isOurs && (settingText(values[name]) !== undefined || !areMeant.get(name))
      ? undefined
      : environment(variable);
  };
  return { configuration, variables };
}

/** Only what a program has written is judged: an operation says what is missing of the stack's configuration once it needs it. */
export function checkArguments(given: ProviderArguments, environment: ConfigSource): CheckFailure[] {
  const { values, areExplicit } = given;
  if (!areExplicit) {
    return [];
  }
  const unknown = Object.keys(values).filter(
    (key) => !settings.has(key) && !argumentsOfEngine.has(key) && !key.startsWith("__"),
  );
  if (unknown.length > 0) {
    const known = [...settings.keys()].join(", ");
    return [
      {
        property: "",
        code: "unknown-property",
        reason: `a provider has no argument ${unknown.join(", ")}; it has ${known}`,
      },
    ];
  }
  const wrong = Object.entries(values).filter(
    ([key, value]) =>
      settings.has(key) && key !== "environments" && !containsUnknown(value) && typeof value === "object",
  );
  if (wrong.length > 0) {
    return wrong.map(([key]) => ({ property: "", code: "wrong-type", reason: `${key}: must be a string` }));
  }
  if (containsUnknown(values)) {
    return [];
  }
  const { configuration, variables } = lookupsOf(given, environment);
  try {
    readSettings(configuration, variables);
    return [];
  } catch (error) {
    if (!(error instanceof SettingsError)) {
      throw error;
    }
    const missing = settingDescriptions.filter(
      ({ key, variable, required }) =>
        required && configuration(key) === undefined && (variables(variable) ?? "") === "",
    );
    const reason =
      error.code === "not-configured"
        ? missing
            .map(
              ({ key, variable }) =>
                `${key.replace("cockpit:", "")}: is not set: give it to the provider, or set ${variable}`,
            )
            .join(". ")
        : error.text;
    return [{ property: "", code: error.code, reason }];
  }
}

/** Secret wherever it comes from: what isn't encrypted in the stack's configuration is in the state. */
export const secretArguments: readonly PropertyPath[] = [...settings]
  .filter(([, { secret }]) => secret)
  .map(([name]) => [name]);

/** The arguments that differ. Others than ours, such as those of the dynamic form's provider, say nothing. */
export function changedArguments(olds: Properties, news: Properties): string[] {
  return [...settings.keys()].filter(
    (name) => containsUnknown(news[name]) || settingText(olds[name]) !== settingText(news[name]),
  );
}

/** Whether the change may lead to another environment. A new password doesn't. */
export function mayChangeEnvironment(changed: readonly string[]): boolean {
  return changed.some((name) => name !== "password" && name !== "gatewayUrl");
}

/** Generated SDKs send structures as JSON. */
function settingText(value: unknown): string | undefined {
  if (value === undefined || typeof value === "string") {
    return value;
  }
  return JSON.stringify(value);
}
