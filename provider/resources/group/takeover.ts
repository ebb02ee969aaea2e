import { withCode } from "../../errors";
import type { Group } from "../../client";
import { describeIdentity, type Identity } from "../../framework/identity";
import type { Context } from "../context";
import { adoptionMark, takerOf } from "./custom-properties";
import { describeGroup } from "./words";

/** The engine calls a takeover a creation: says what is taken over, and from whom, once for the preview or the run. */
export function announceTakeover(context: Context, resource: Identity, group: Group): void {
  const before =
    adoptionMark(group.properties) === undefined
      ? ""
      : ` It was taken over by ${takerOf(group)} before, which from now on does not delete it: keep it in one program only, or each takes it from the other.`;
  context.once(`takeover of ${group.id}`, () =>
    context.warn(
      withCode(
        "taken-over",
        `${describeIdentity(resource)} takes over ${describeGroup(group)}, which already exists (COCKPIT_ADOPT): nothing is created.${before}`,
      ),
    ),
  );
}
