import type { Outcome } from "../engine/model-engine";
import { keyOf, type ResourceKey, type ResourceState } from "../engine/resource-state";
import type { LiveGroup } from "../live-groups";
import type { World } from "../world";
import { holds } from "./holds";
import { checkSteps } from "./steps";
import { checkTransfers } from "./transfers";

/** How things were before a run. */
export interface Before {
  live: readonly LiveGroup[];
  state: readonly ResourceState[];
  /** With everything that is no group. */
  wholeState: readonly ResourceState[];
  handMade: ReadonlyMap<string, string>;
  unusedTokens: ReturnType<World["tokens"]["unused"]>;
}

export function lookBefore(world: World): Before {
  world.emulator.clearRequests();
  world.needlessTransfers = [];
  return {
    live: world.live(),
    state: world.state,
    wholeState: world.engine.state,
    handMade: new Map(world.hands.made),
    unusedTokens: world.tokens.unused(),
  };
}

/** What somebody typed for a run. */
interface Typed {
  adopts: readonly string[];
  confirms: readonly string[];
}

/** What holds after every single run, whatever went wrong in it. */
export function checkRun(
  world: World,
  before: Before,
  { adopts, confirms }: Typed,
  outcome: Outcome,
  { operation, replace }: { operation: string; replace: ResourceKey | undefined },
): void {
  holds(world.emulatorFailures.length === 0, `the emulator failed: ${world.emulatorFailures.join("\n")}`);
  checkMessages(world, outcome);
  checkLosses(world, before, confirms, operation, outcome);
  checkTakeovers(world, before, adopts);
  checkTransfers(world, before, outcome);
  if (operation === "up" || operation === "preview") {
    checkSteps(world, before, outcome, replace);
  }
  const writes = world.writes();
  if (operation === "preview" || operation === "refresh") {
    holds(writes.length === 0, `a ${operation} wrote: ${writes.join(", ")}`);
  }
  if (operation === "preview") {
    holds(world.engine.state === before.wholeState, "a preview changed the state");
  } else {
    checkMade(world, outcome);
  }
  const ids = new Set(world.state.map(({ id }) => id));
  if (operation === "refresh") {
    const dropped = before.state.filter(({ id }) => !ids.has(id) && world.liveById(id));
    holds(dropped.length === 0, `refresh dropped what is there: ${dropped.map(keyOf).join(", ")}`);
  }
  // A replaced one that was taken over again carries a mark, by which it will only be forgotten.
  const twice = world.state.filter(({ id, isCondemned, outputs }) =>
    world.state.some(
      (other) =>
        !isCondemned &&
        other.isCondemned &&
        other.id === id &&
        world.liveById(id) &&
        other.outputs["__adopted"] === outputs["__adopted"],
    ),
  );
  holds(twice.length === 0, `one group is both to be kept and to be deleted: ${twice.map(keyOf).join(", ")}`);
  const kept = keptIn(world);
  holds(new Set(kept.map(({ id }) => id)).size === kept.length, "two resources have one group");
}

function checkMessages(world: World, { failures, warnings }: Outcome): void {
  const { secrets } = world;
  for (const text of [...failures.map(({ message }) => message), ...warnings]) {
    holds(!secrets.some((secret) => text.includes(secret)), `a secret in the open: ${text}`);
    holds(
      !/\bundefined\b|\[object |is not a function|Cannot read|not iterable|NaN/.test(text),
      `a message that is no sentence for people: ${text}`,
    );
  }
}

/** What was there before comes under management only where somebody says so. */
function checkTakeovers(world: World, before: Before, adopts: readonly string[]): void {
  const known = new Set(before.state.map(({ id }) => id));
  const deleted = world.deletionsAsked();
  const taken = world.state.filter(
    ({ id }) =>
      !known.has(id) &&
      !deleted.has(id) &&
      !adopts.includes(id) &&
      before.live.some((group) => group.id === id),
  );
  holds(taken.length === 0, `taken over though nobody said so: ${taken.map(keyOf).join(", ")}`);
}

/** What a run has made is still there at its end, and what it has deleted is in the state no longer. */
function checkMade(world: World, { steps, failures }: Outcome): void {
  const made = new Set(
    steps.filter(({ op }) => op === "create" || op === "replace").map(({ resource }) => resource),
  );
  const deleted = world.deletionsAsked();
  const lost = keptIn(world).filter(
    (resource) => (made.has(keyOf(resource)) || deleted.has(resource.id)) && !world.liveById(resource.id),
  );
  holds(failures.length > 0 || lost.length === 0, `deleted, and to be kept: ${lost.map(keyOf).join(", ")}`);
}

function keptIn({ state }: World): ResourceState[] {
  return state.filter(({ isCondemned, isPendingReplacement }) => !isCondemned && !isPendingReplacement);
}

/** Nothing goes that is protected and not confirmed; what hands made is not touched. */
function checkLosses(
  world: World,
  before: Before,
  confirmed: readonly string[],
  operation: string,
  { steps }: Outcome,
): void {
  const live = new Map(world.live().map((group) => [group.id, group]));
  const attacked = world.deletionsAsked();
  for (const group of before.live) {
    const { id } = group;
    const now = live.get(id);
    if (!now || attacked.has(id)) {
      const owner = before.state.find((resource) => resource.id === id);
      // Whoever types a name back has looked at the one in the state.
      const isAsSeen = operation === "up --refresh" || !owner || owner.outputs["name"] === group.name;
      // What is deleted before the program comes to it is protected by the state alone.
      const isUnseen = steps.some((step) => step.isUnseen && owner && step.resource === keyOf(owner));
      const declared =
        owner && operation.startsWith("up") && !isUnseen
          ? world.program.declarations.find((each) => keyOf(each) === keyOf(owner))
          : undefined;
      const isUnprotected =
        owner?.outputs["deletionProtection"] === false &&
        (!declared || declared.args["deletionProtection"] === false);
      holds(
        isUnprotected || confirmed.includes(id) || (isAsSeen && isConfirmed(world, before, group, confirmed)),
        `${JSON.stringify(group.name)} (${id}) was to be deleted though ${owner ? "it is protected" : "it is not ours"}`,
      );
    }
    if (!now || (attacked.has(id) && now.rev !== group.rev)) {
      world.hands.forget(id);
    }
    const rev = before.handMade.get(id);
    holds(
      !now || rev === undefined || rev === now.rev,
      `${JSON.stringify(group.name)} (${id}) was made by hand and has been changed`,
    );
  }
}

/** What is typed back holds by its code, which is this group's alone, however many have its name. */
function isConfirmed(world: World, before: Before, group: LiveGroup, confirmed: readonly string[]): boolean {
  const parents = [...before.live, ...world.live()].filter(({ id }) => id === group.superGroup);
  return (
    confirmed.includes(group.name) || parents.some(({ name }) => confirmed.includes(`${name}/${group.name}`))
  );
}
