import { CockpitError } from "../../errors";
import { UNKNOWN, type Unknown } from "../../framework/values";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../context";
import { quoted } from "../group/words";

/** What the inputs of the last run say of an environment: the key by the program, the id as check had found it. */
export interface EnvironmentBefore {
  key: string | undefined;
  id: string | undefined;
}

/** The environment that a resource names, and the one it named before where that is another. */
export interface DeclaredEnvironment {
  id: string | Unknown;
  /** Id of the environment that the program has taken it away from. */
  before?: string;
  failures: CheckFailure[];
}

/**
 * Finds the environment that a program names, compared by id: renaming a key, or naming an environment for the first time,
 * changes nothing. A key that leads elsewhere than before is a mistake in the configuration and never a wish to move.
 */
export async function declaredEnvironment(
  context: Context,
  before: EnvironmentBefore,
  key: string | Unknown | undefined,
): Promise<DeclaredEnvironment> {
  if (key === UNKNOWN) {
    return { id: UNKNOWN, failures: [] };
  }
  if (key === undefined && before.key === undefined && before.id !== undefined) {
    // Nothing is said of it now as before, so a preview need not ask.
    return { id: before.id, failures: [] };
  }
  const named = context.environments.named(key);
  if (before.id !== undefined && before.id === named.configuredId) {
    return { id: before.id, failures: [] };
  }
  // Something is to be made or moved there, so the login has to be good for it: better to know in the preview.
  const id = await named.cockpit.environmentId();
  if (before.id === undefined || before.id === id) {
    return { id, failures: [] };
  }
  if (before.key === key) {
    const refusal = new CockpitError({
      code: "environment-key-changed",
      what: `environment: ${quoted(key ?? "")} was the environment ${quoted(before.id)} in the last run, and the configuration now says that it is ${quoted(id)}. Nothing was changed.`,
      remedy: `Restore cockpit:environments.${key}.id; a resource is moved by naming another key.`,
    });
    return { id, failures: [failureOf(refusal)] };
  }
  return { id, before: before.id, failures: [] };
}
