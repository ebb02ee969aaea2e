import { hasCode } from "../../support/codes";
import type { Outcome } from "../../support/model-engine/model-engine";
import { keyOf, type ResourceState } from "../../support/model-engine/resource-state";
import { isOfType, type LiveGroup } from "../cockpit/live-groups";
import type { World } from "../world/world";
import { type Before, assertInvariant } from "./assert-invariant";

/** Checks that warnings say what no step of the engine shows: a takeover, that something is forgotten, and that there are two of one name. */
export function checkWarnings(world: World, before: Before, operation: string, { warnings }: Outcome): void {
  const deleted = world.deletionsAsked();
  const known = new Set(before.state.map(({ id }) => id));
  const were = new Set(before.live.map(({ id }) => id));
  for (const resource of world.state.filter(({ id }) => !known.has(id) && !deleted.has(id))) {
    const { id } = resource;
    const isTold = warnings.some((warning) => warning.includes(id) && hasCode(warning, "taken-over"));
    assertInvariant(!were.has(id) || isTold, `${keyOf(resource)} has taken over ${id} without a word`);
  }
  if (operation !== "refresh") {
    checkForgotten(world, before, deleted);
  }
  for (const resource of world.state.filter(({ id }) => !were.has(id))) {
    const duplicate = findDuplicate(world, before, resource);
    assertInvariant(!duplicate, `${keyOf(resource)} was made beside ${duplicate?.id}, which has its name`);
  }
}

/** What lives leaves the state only where somebody was told: by its id, or by the option that makes the engine forget it. */
function checkForgotten(world: World, before: Before, deleted: ReadonlySet<string>): void {
  // What was deleted to be replaced is not had any more, and was not deleted where it was another's.
  const had = world.state.filter(({ isPendingReplacement }) => !isPendingReplacement);
  const known = new Set(had.map(({ id }) => id));
  // What was gone before may have been created again under its id.
  const were = new Set(before.live.map(({ id }) => id));
  const forgotten = before.state.filter(
    ({ id, isPendingReplacement }) =>
      !isPendingReplacement &&
      were.has(id) &&
      !known.has(id) &&
      !deleted.has(id) &&
      world.liveById(id) !== undefined,
  );
  for (const resource of forgotten) {
    const { id, name } = resource;
    const isTold = world.said.some(
      (message) =>
        (message.includes(id) && hasCode(message, "removed-from-state")) ||
        (message.includes(name) && /\b(deletedWith|retainOnDelete)\b/.test(message)),
    );
    assertInvariant(isTold, `${keyOf(resource)}: the state has lost ${id} without a word, and it lives`);
    world.orphans.leave(id);
  }
}

/**
 * A sibling of its name that was there before, that is neither what it replaces, under a former name too, nor another one that the
 * program keeps. Where an id was chosen somebody has chosen to have two, and so where it replaces one beside which that was.
 */
function findDuplicate(world: World, before: Before, resource: ResourceState): LiveGroup | undefined {
  const key = keyOf(resource);
  const group = world.liveById(resource.id);
  const declared = new Set(world.program.declarations.map(keyOf));
  const former = new Set(world.program.declarations.find((each) => keyOf(each) === key)?.aliases);
  const replaced = before.state.find((each) => keyOf(each) === key || former.has(keyOf(each)));
  const placeOf = ({ inputs }: ResourceState) => inputs["solutionId"] ?? inputs["specId"];
  const isReplacing =
    replaced?.outputs["name"] === group?.name &&
    (replaced?.isPendingReplacement || (replaced && placeOf(replaced) === placeOf(resource)));
  const isInPlace =
    isReplacing ||
    before.live.some(
      ({ id, name, superGroup }) =>
        id === replaced?.id && name === group?.name && superGroup === group?.superGroup,
    );
  if (!group || isInPlace || resource.inputs["groupId"] !== undefined) {
    return undefined;
  }
  return before.live.find(({ id, name, superGroup, tags }) => {
    const isSibling = name === group.name && superGroup === group.superGroup;
    const owners = [...before.state, ...world.state].filter((each) => each.id === id).map(keyOf);
    return (
      isSibling &&
      isOfType(
        { id, name, ...(tags ? { tags } : {}) },
        resource.type === "Solution" ? "Solution" : "Database",
      ) &&
      !world.manualChanges.created.has(id) &&
      !owners.some((owner) => owner === key || former.has(owner) || declared.has(owner)) &&
      !(
        world.deletionsAsked().has(id) && owners.every((owner) => !world.program.isStillDeclared(owner, name))
      )
    );
  });
}
