import type { Context } from "./context";
import { elsewhere, quoted } from "./group/words";

/** A configuration that points elsewhere is neither an absence nor a replacement. */
export async function assertEnvironment(
  context: Context,
  name: string,
  recorded: string | undefined,
): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  if (recorded !== undefined && recorded !== environmentId) {
    throw new Error(elsewhere(name, recorded, environmentId, context.cockpit.url));
  }
}

/** Nothing counts as gone unless its environment can be read. */
export async function assertGone(context: Context, name: string, id: string): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  if (!(await context.reader.canReadEnvironment(environmentId))) {
    throw new Error(
      `the environment ${quoted(environmentId)} can't be read, so nothing is known of ${quoted(name)} (id ${id}) in it. The state is left as it is.`,
    );
  }
}
