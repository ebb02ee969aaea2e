import { companies } from "../../support/environments";
import { companyOf, environmentIdOf } from "../cockpit/environments";
import type { Outcome } from "../../support/model-engine/model-engine";
import { keyOf } from "../../support/model-engine/resource-state";
import type { LiveGroup } from "../cockpit/live-groups";
import type { World } from "../world/world";
import { type Before, assertInvariant } from "./assert-invariant";

/** Something goes to another environment only as an update of what the program says so of, by the token for it, and once. */
export function checkTransfers(world: World, before: Before, outcome: Outcome): void {
  assertInvariant(
    world.needlessTransfers.length === 0,
    `asked to go where it is already: ${world.needlessTransfers.join(", ")}`,
  );
  const deleted = world.deletionsAsked();
  for (const group of before.live) {
    const now = world.liveById(group.id);
    // An id may come back in the run in which it went.
    if (now && !deleted.has(group.id) && now.superGroup !== group.superGroup) {
      checkMove(world, before, now, outcome);
    }
  }
}

function checkMove(world: World, before: Before, group: LiveGroup, { steps, failures }: Outcome): void {
  const what = `${JSON.stringify(group.name)} (${group.id})`;
  const owner = before.state.find(({ id, isMarkedForDeletion }) => id === group.id && !isMarkedForDeletion);
  assertInvariant(owner, `${what} is not ours and has been moved`);
  const key = keyOf(owner);
  // What it has replaced may go at last in the same run.
  const ops = steps.filter(({ op, resource }) => op !== "delete" && resource === key).map(({ op }) => op);
  assertInvariant(ops.join() === "update", `${what} has been moved by ${ops.join() || "nothing"}`);
  const declaration = world.program.declarations.find((each) => keyOf(each) === key);
  const { environment, transferToken } = declaration?.args ?? {};
  const entrance = world.program.declarations.find(
    ({ type, name }) => type === "TransferToken" && name === declaration?.token,
  );
  const leadsTo = entrance ? companyOf(entrance.args["environment"]) : world.tokens.leadsTo(transferToken);
  assertInvariant(
    leadsTo && companies[leadsTo].id === group.superGroup,
    `${what} has been moved to ${group.superGroup} by another token than the declared one`,
  );
  // Only who issued a token knows where it leads. Without another one that could be meant, it is not sent.
  const isIssued = steps.some(({ op, resource }) => op !== "same" && resource.startsWith("TransferToken "));
  const couldBeMeant = isIssued || (before.unusedTokens.get(companyOf(environment)) ?? 0) > 0;
  assertInvariant(
    environmentIdOf(environment) === group.superGroup || (failures.length > 0 && couldBeMeant),
    `${what} has been moved to ${group.superGroup}, where it is not declared to be`,
  );
}
