import { z } from "zod";
import {
  assertAddress,
  connection,
  defaultGatewayUrl,
  hasQuotesAround,
  type ConfigSource,
  type NamedSettings,
  plainSettings,
  type PlainSettings,
  settingDescriptions,
  type Settings,
  SettingsError,
  settingValue,
} from "./settings";
import { createHash } from "node:crypto";

/** Why resources may lack what is set. */
const oldConfiguration =
  "pulumi refresh and pulumi destroy are given the configuration of the last pulumi up, not what was set since: set the variables for them, or add --run-program.";

/** Why look-ups may lack what is set. */
export const otherProcess =
  "Look-ups run in the program's own process: with the Automation API the workspace's envVars don't reach it. Set the same variables in process.env too, or put the settings into the stack's configuration, which both are given.";

/**
 * The settings in force, or an error that names those that are missing, with why they may be. Environment variables win over the stack's configuration, because refresh and destroy are handed
 * the configuration of the last `up`: a password rotated since then can only arrive by a variable.
 */
export function readSettings(
  configuration: ConfigSource,
  variables: ConfigSource,
  whyMissing = oldConfiguration,
): Settings {
  const values = plainSettings(configuration, variables);
  const named = readEnvironments(configuration, variables);
  const chosen = [...named.values()].find(({ key, environment }) =>
    [key, environment].includes(values["cockpit:environment"] ?? ""),
  );
  const only = values["cockpit:url"] === undefined && named.size === 1 ? [...named.values()][0] : undefined;
  const entry = chosen ?? only;
  if (entry) {
    return entry;
  }
  const missing = settingDescriptions
    .filter(({ key, required }) => required && values[key] === undefined)
    .map(
      ({ key, secret, variable }) =>
        `${key} is not set: run \`pulumi config set ${secret ? "--secret " : ""}${key} …\` or set ${variable}`,
    );
  if (missing.length > 0) {
    throw new SettingsError(
      named.size > 0
        ? `no environment is named, and the configuration has no default among ${keysOf(named)}. Name one with \`environment\`, or set cockpit:environment (COCKPIT_ENVIRONMENT) to one of these keys.`
        : `Cockpit is not configured. ${missing.join(". ")}. ${whyMissing}`,
      named.size > 0 ? "missing-setting" : "not-configured",
    );
  }
  return connectionAt(values, (field, variable) => `cockpit:${field} (${variable})`);
}

/** The connection that the values give, once the login may go to its addresses. */
function connectionAt(values: PlainSettings, nameOf: (field: string, variable: string) => string): Settings {
  const allowHttp = values["cockpit:allowHttp"];
  const { url, gatewayUrl, ...account } = connection(values);
  assertAddress(url, nameOf("url", "COCKPIT_URL"), "https://api.icure.cloud", allowHttp);
  if (gatewayUrl !== undefined) {
    assertAddress(gatewayUrl, nameOf("gatewayUrl", "COCKPIT_GATEWAY_URL"), defaultGatewayUrl, allowHttp);
  }
  return { url, ...(gatewayUrl === undefined ? {} : { gatewayUrl }), ...account };
}

/** The environments that `cockpit:environments` names, by key. */
export function readEnvironments(
  configuration: ConfigSource,
  variables: ConfigSource,
): ReadonlyMap<string, NamedSettings> {
  const entries = mergedEntries(
    parseEntries("cockpit:environments", configuration("cockpit:environments")?.trim()),
    parseEntries("COCKPIT_ENVIRONMENTS", variables("COCKPIT_ENVIRONMENTS")?.trim()),
  );
  const common = plainSettings(configuration, variables);
  const named = new Map(
    Object.entries(entries).map(([key, entry]) => [key, namedSettings(key, entry, common)]),
  );
  const twice = [...named.values()].find((one) =>
    [...named.values()].some(
      (other) => other !== one && other.environment === one.environment && other.url === one.url,
    ),
  );
  if (twice) {
    throw new SettingsError(
      `cockpit:environments: two keys have the id ${JSON.stringify(twice.environment)}. Keep one of them.`,
    );
  }
  return named;
}

export function keysOf(named: ReadonlyMap<string, unknown>): string {
  return [...named.keys()].map((key) => JSON.stringify(key)).join(", ");
}

/** Numbers too: the engine's own command line makes them of texts that look so. */
const value = z.union([z.string(), z.number()]).transform(String);

const entrySchema = z.strictObject({
  id: value.optional(),
  url: value.optional(),
  gatewayUrl: value.optional(),
  allowHttp: z.union([value, z.boolean().transform(String)]).optional(),
  username: value.optional(),
  password: value.optional(),
});
type Entry = z.output<typeof entrySchema>;

const entriesSchema = z.record(
  z.string().regex(/^[A-Za-z0-9_.-]+$/, "a key may hold letters, digits, -, _ and . only"),
  entrySchema,
);

function parseEntries(name: string, text = ""): Record<string, Entry> {
  if (text === "") {
    return {};
  }
  if (hasQuotesAround(text)) {
    throw new SettingsError(`${name} is written with quotes around it. Set it without them. ${example}`);
  }
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new SettingsError(`${name} is not valid JSON. ${example}`);
  }
  const result = entriesSchema.safeParse(json);
  if (!result.success) {
    // Paths and messages of ours only: the values hold passwords.
    const problems = result.error.issues.map(
      (issue) => `${["", ...issue.path.map(String)].join(".")}: ${issueText(issue)}`,
    );
    throw new SettingsError(`${name}${problems.join("; ")}. ${example}`);
  }
  return result.data;
}

const example =
  'It looks like {"source": {"id": "ic-…", "password": "…"}, "target": {"id": "ic-…", "url": "https://api.icure.cloud", "username": "…", "password": "…"}}.';

function issueText(issue: z.core.$ZodIssue): string {
  return issue.code === "unrecognized_keys"
    ? `there is no ${issue.keys.join(", ")}; known are id, url, gatewayUrl, allowHttp, username and password`
    : issue.code === "invalid_key"
      ? (issue.issues[0]?.message ?? "is not a valid key")
      : issue.code === "invalid_union"
        ? "must be a string"
        : "must be an object";
}

function mergedEntries(below: Record<string, Entry>, above: Record<string, Entry>): Record<string, Entry> {
  const keys = new Set([...Object.keys(below), ...Object.keys(above)]);
  return Object.fromEntries([...keys].map((key) => [key, { ...below[key], ...above[key] }]));
}

/** Without an address of its own, an entry is another environment of the same account's Cockpit. */
function namedSettings(key: string, entry: Entry, common: PlainSettings): NamedSettings {
  const place = `cockpit:environments.${key}`;
  const own = (field: keyof Entry): string | undefined =>
    settingValue(`cockpit:${field}`, `${place}.${field}`, entry[field]);
  const url = own("url");
  const isElsewhere = url !== undefined && url !== common["cockpit:url"];
  const valueOf = (field: keyof Entry): string | undefined =>
    own(field) ?? (isElsewhere ? undefined : common[`cockpit:${field}`]);
  const values: PlainSettings = {
    "cockpit:environment": own("id"),
    ...Object.fromEntries(
      (["url", "gatewayUrl", "allowHttp", "username", "password"] as const).map((field) => [
        `cockpit:${field}`,
        valueOf(field),
      ]),
    ),
  };
  const [missing] = (
    [
      ["id", "environment"],
      ["url", "url"],
      ["username", "username"],
      ["password", "password"],
    ] as const
  ).filter(([, name]) => values[`cockpit:${name}`] === undefined);
  if (missing) {
    const [field] = missing;
    throw new SettingsError(
      `${place}: ${field} is not set. Run \`pulumi config set ${field === "password" ? "--secret " : ""}--path ${place}.${field} …\`, or give it in COCKPIT_ENVIRONMENTS (JSON).`,
      "missing-setting",
    );
  }
  return {
    ...connectionAt(values, (field) => `${place}.${field}`),
    environment: values["cockpit:environment"] ?? "",
    key,
  };
}

const compared = ["url", "username", "environment", "gatewayUrl"] as const;

/**
 * What is configured, as hashes: where a login goes and as whom, without its password. Empty where the configuration can't be
 * used, which is told by whoever uses it.
 */
export function settingsFingerprint(configuration: ConfigSource, variables: ConfigSource): string {
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
function byDefault(configuration: ConfigSource, variables: ConfigSource): [string, Settings][] {
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
