import type { Group } from "../../client";
import type { Identity } from "../../framework/identity";
import { announceTakeover } from "../adoption";
import type { Context } from "../context";
import { adoptionMark, takerOf } from "./custom-properties";
import { describeGroup } from "./words";

/** Says what is taken over, and from whom. */
export function announceGroupTakeover(context: Context, resource: Identity, group: Group): void {
  const before =
    adoptionMark(group.properties) === undefined
      ? ""
      : ` It was taken over by ${takerOf(group)} before, which from now on leaves it alone: keep it in one program only, or each takes it from the other.`;
  announceTakeover(context, resource, {
    what: describeGroup(group),
    id: group.id,
    outcome: `nothing is created.${before}`,
  });
}
