import { CockpitError } from "../errors";
import type { Context } from "../runtime/context";
import type { Properties } from "../framework/values";

/** Where the configuration names the environment it is known without a request whether a resource lies in another one. */
export function refusalWithoutAsking(
  context: Context,
  name: string,
  state: Properties,
): CockpitError | undefined {
  const { environmentId } = state;
  if (typeof environmentId !== "string" || context.environments.areSeveral()) {
    return undefined;
  }
  const { configuredId } = context;
  return configuredId === undefined || configuredId === environmentId
    ? undefined
    : refusal(name, environmentId, configuredId);
}

/** After a change of provider or of its configuration: asks, once for all resources. */
export async function assertNotElsewhere(context: Context, name: string, state: Properties): Promise<void> {
  const { environmentId } = state;
  if (typeof environmentId !== "string" || (await context.environments.withId(environmentId))) {
    return;
  }
  const configured = context.environments.areSeveral()
    ? undefined
    : await context.environments.named(undefined).cockpit.environmentId();
  throw refusal(name, environmentId, configured);
}

function refusal(name: string, environmentId: string, configured: string | undefined): CockpitError {
  const here =
    configured === undefined ? "none of those of the provider" : `not ${JSON.stringify(configured)}`;
  return new CockpitError({
    code: "other-environment",
    what: `${JSON.stringify(name)} is in the environment ${JSON.stringify(environmentId)}, which is ${here} that this provider works in. Nothing was changed.`,
    remedy: `Restore the provider or its configuration. A solution is moved, with its databases, by naming another key of \`environments\` in its \`environment\`, with a transferToken; everything else is created again under another name.`,
  });
}
