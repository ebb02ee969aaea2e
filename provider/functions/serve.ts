/** What the functions of sdk/ load at their first call, and not before. */
import { CockpitError } from "../errors";
import type { LookUp } from "../framework/function";
import { readable } from "../framework/readable";
import { otherProcess, settingsFingerprint } from "../config/configuration";
import { settingDescriptions } from "../config/settings";
import type { Properties } from "../framework/values";
import type { Context } from "../runtime/context";
import { createContext, type ProviderHost } from "../runtime/create-context";
import * as functions from "./index";

const lookUps = new Map<string, LookUp<Context>>(Object.values(functions).map((each) => [each.name, each]));

/** Programs of several stacks may run in one process, one after the other, each with a configuration of its own. */
const contexts = new Map<string, Context>();

export async function lookUp(name: string, args: Properties, host: ProviderHost): Promise<Properties> {
  const found = lookUps.get(name);
  if (!found) {
    throw new CockpitError({ code: "unknown-type", what: `there is no look-up ${name}` });
  }
  try {
    return await found.call(contextIn(host), args);
  } catch (error) {
    if (error instanceof Error) {
      error.message = readable(error.message);
    }
    throw error;
  }
}

/** See {@link settingsFingerprint}. */
export function fingerprint({ configuration, variables }: ProviderHost): string {
  return settingsFingerprint(configuration, variables);
}

/** One login for all look-ups that are configured alike. */
function contextIn({ configuration, variables, ...rest }: ProviderHost): Context {
  const settings = new Map(
    settingDescriptions.flatMap(({ key, variable }) => [
      [key, configuration(key)],
      [variable, variables(variable)],
    ]),
  );
  const known = JSON.stringify([...settings]);
  const context =
    contexts.get(known) ??
    createContext({
      configuration: (key) => settings.get(key),
      variables: (variable) => settings.get(variable),
      whyMissing: otherProcess,
      ...rest,
    });
  contexts.set(known, context);
  return context;
}
