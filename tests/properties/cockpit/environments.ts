import type { Emulator } from "../../../emulator";
import { companies, environmentsSetting, type Company } from "../../support/environments";
import type { LiveGroup } from "./live-groups";

/** What the configuration says: one environment, or two by key of which the default one is the source, by its key or by its login. */
export type Setting = "one environment" | "a default key" | "a default login";

export const environmentKey = ["source", "target"] as const;
export type EnvironmentKey = (typeof environmentKey)[number];

/** What a program's word for an environment means. */
export function companyOf(environment: unknown): Company {
  return environment === undefined ? "source" : (environment as EnvironmentKey);
}

export function environmentIdOf(environment: unknown): string {
  return companies[companyOf(environment)].id;
}

export function companyOfId(environmentId: string | undefined): Company | undefined {
  return (Object.keys(companies) as Company[]).find((company) => companies[company].id === environmentId);
}

/** The environment that holds a group, itself or by its solution. */
export function holderOf(emulator: Emulator, { superGroup }: Pick<LiveGroup, "superGroup">): Company {
  const parent = emulator.groups().find(({ id }) => id === superGroup);
  return (
    companyOfId(superGroup) ?? (parent ? holderOf(emulator, { superGroup: parent.superGroup }) : "source")
  );
}

/** The part of the configuration that is about several environments. */
export function settingsOf(emulator: Emulator, setting: Setting): Record<string, string> {
  return {
    ...(setting === "one environment"
      ? {}
      : { "cockpit:environments": environmentsSetting({ emulator }, ...environmentKey) }),
    ...(setting === "a default key" ? { "cockpit:environment": "source" } : {}),
  };
}
