import { CockpitError } from "../../errors";
import type { Context } from "../context";
import { quoted } from "../group/words";

/** Nothing counts as gone unless its environment can be read. */
export async function assertGone(context: Context, name: string, id: string): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  if (!(await context.reader.canReadEnvironment(environmentId))) {
    throw new CockpitError({
      code: "environment-unreadable",
      what: `the environment ${quoted(environmentId)} can't be read, so nothing is known of ${quoted(name)} (id ${id}) in it. The state is left as it is.`,
      remedy: "Check whether the environment still exists and the account may read it, then run again.",
    });
  }
}
