import type { Context } from "./context";
import { describeNames } from "./group/words";

/** Says which exceptions a preview or run is given: whoever has left one in a pipeline's settings learns of it here. */
export function announceRunVariables(context: Context): void {
  let variables;
  try {
    variables = context.runVariables();
  } catch {
    // Whoever uses them says what is wrong with them.
    return;
  }
  const { adopt, confirmDelete } = variables;
  const holding = confirmDelete.filter(({ code }) => code !== undefined).map(({ name }) => name);
  const without = confirmDelete.filter(({ code }) => code === undefined).map(({ name }) => name);
  if (holding.length > 0) {
    context.warn(
      `COCKPIT_CONFIRM_DELETE is in force: ${describeNames(holding)} may be deleted or replaced in this run although protected, as far as the codes fit. Unset it after this run.`,
    );
  }
  if (without.length > 0) {
    context.warn(
      `COCKPIT_CONFIRM_DELETE names ${describeNames(without)} without a code, which confirms nothing. The refusal of the deletion shows what to type.`,
    );
  }
  if (adopt.length > 0) {
    context.warn(
      `COCKPIT_ADOPT is in force: ${describeNames(adopt)} may be taken over in this run. Unset it after this run.`,
    );
  }
}
