import { type Before, assertInvariant } from "./assert-invariant";
import { isDeepStrictEqual } from "node:util";
import { hasCode } from "../../support/codes";
import type { Outcome } from "../../support/model-engine/model-engine";
import {
  keyOf,
  type Declaration,
  type ResourceKey,
  type ResourceState,
} from "../../support/model-engine/resource-state";
import type { Operator } from "../world/operator";
import type { World } from "../world/world";
import { checkWarnings } from "./messages";
import { checkSteps } from "./steps";
import { checkTransfers } from "./transfers";

export function recordBefore(world: World): Before {
  world.emulator.clearRequests();
  world.needlessTransfers = [];
  return {
    live: world.live(),
    state: world.state,
    wholeState: world.engine.state,
    createdManually: new Map(world.manualChanges.created),
    unusedTokens: world.tokens.unused(),
  };
}

/** Checks the invariants that hold after every run, whatever failed in it. */
export function checkRun(
  world: World,
  before: Before,
  operator: Operator,
  outcome: Outcome,
  { operation, replace }: { operation: string; replace: ResourceKey | undefined },
): void {
  assertInvariant(
    world.emulatorFailures.length === 0,
    `the emulator failed: ${world.emulatorFailures.join("\n")}`,
  );
  checkMessages(world, before, outcome);
  checkLosses(world, before, operator, outcome, { operation, replace });
  checkTakeovers(world, before, operator.adopts);
  checkWarnings(world, before, operation, outcome);
  checkTransfers(world, before, outcome);
  if (operation === "up" || operation === "preview") {
    checkSteps(world, before, outcome, replace);
  }
  const writes = world.writes();
  if (operation === "preview" || operation === "refresh") {
    assertInvariant(writes.length === 0, `a ${operation} wrote: ${writes.join(", ")}`);
  }
  if (operation === "preview") {
    assertInvariant(world.engine.state === before.wholeState, "a preview changed the state");
  } else {
    checkCreated(world, outcome);
  }
  const ids = new Set(world.state.map(({ id }) => id));
  if (operation === "refresh") {
    const dropped = before.state.filter(({ id }) => !ids.has(id) && world.liveById(id));
    assertInvariant(dropped.length === 0, `refresh dropped what is there: ${dropped.map(keyOf).join(", ")}`);
  }
  // A replaced one that was taken over again carries a mark, by which it will only be forgotten.
  const twice = world.state.filter(({ id, isMarkedForDeletion, outputs }) =>
    world.state.some(
      (other) =>
        !isMarkedForDeletion &&
        other.isMarkedForDeletion &&
        other.id === id &&
        world.liveById(id) &&
        other.outputs["__adopted"] === outputs["__adopted"],
    ),
  );
  assertInvariant(
    twice.length === 0,
    `one group is both to be kept and to be deleted: ${twice.map(keyOf).join(", ")}`,
  );
  checkOwners(world);
}

/** What a resource has that is not declared any more another one may have taken over: by its mark it will only be forgotten. */
function checkOwners(world: World): void {
  const declared = new Set(world.program.declarations.map(keyOf));
  const kept = keptIn(world);
  const twice = kept.find((one) =>
    kept.some(
      (other) =>
        other !== one &&
        other.id === one.id &&
        (other.outputs["__adopted"] === one.outputs["__adopted"] ||
          [one, other].every((each) => declared.has(keyOf(each)))),
    ),
  );
  assertInvariant(!twice, `two resources have one group: ${twice && keyOf(twice)}`);
}

function checkMessages(world: World, before: Before, { failures, warnings }: Outcome): void {
  const { secrets } = world;
  for (const { resource, message } of failures.filter((failure) => hasCode(failure.message, "protected"))) {
    const keysOf = (declaration: Declaration) => [keyOf(declaration), ...(declaration.aliases ?? [])];
    const isNamed = (declaration: Declaration) => keysOf(declaration).includes(resource);
    const keys = [resource, ...world.program.declarations.filter(isNamed).flatMap(keysOf)];
    const states = before.state.filter((each) => keys.includes(keyOf(each)));
    // A state without parents may be of a release that did not write them down: each of its name may be the one.
    const isOfItsName = ({ type, name }: Declaration) =>
      states.some(
        (each) => each.type === type && each.name === name && each.outputs["__parents"] === undefined,
      );
    const declarations = world.program.declarations.filter((each) => isNamed(each) || isOfItsName(each));
    const isProtected =
      states.some(({ outputs }) => outputs["deletionProtection"] !== false) ||
      declarations.some(({ args }) => args["deletionProtection"] !== false);
    assertInvariant(isProtected, `refused, though nobody protects it: ${message}`);
  }
  for (const text of [...failures.map(({ message }) => message), ...warnings]) {
    assertInvariant(!secrets.some((secret) => text.includes(secret)), `a secret in the open: ${text}`);
    assertInvariant(
      !/\bundefined\b|\[object |is not a function|Cannot read|not iterable|NaN/.test(text),
      `a message that is not a sentence for people: ${text}`,
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
  assertInvariant(taken.length === 0, `taken over though nobody said so: ${taken.map(keyOf).join(", ")}`);
}

/** What a run has made is still there at its end, and what it has deleted is in the state no longer. */
function checkCreated(world: World, { steps, failures }: Outcome): void {
  const made = new Set(
    steps.filter(({ op }) => op === "create" || op === "replace").map(({ resource }) => resource),
  );
  const deleted = world.deletionsAsked();
  const lost = keptIn(world).filter(
    (resource) => (made.has(keyOf(resource)) || deleted.has(resource.id)) && !world.liveById(resource.id),
  );
  assertInvariant(
    failures.length > 0 || lost.length === 0,
    `deleted, and to be kept: ${lost.map(keyOf).join(", ")}`,
  );
}

function keptIn({ state }: World): ResourceState[] {
  return state.filter(
    ({ isMarkedForDeletion, isPendingReplacement }) => !isMarkedForDeletion && !isPendingReplacement,
  );
}

/** Nothing goes that is protected and not confirmed; what hands made is not touched. */
function checkLosses(
  world: World,
  before: Before,
  operator: Operator,
  { steps }: Outcome,
  { operation, replace }: { operation: string; replace: ResourceKey | undefined },
): void {
  const live = new Map(world.live().map((group) => [group.id, group]));
  const attacked = world.deletionsAsked();
  for (const group of before.live) {
    const { id } = group;
    const now = live.get(id);
    if (!now || attacked.has(id)) {
      const owner = before.state.find((resource) => resource.id === id);
      // What is deleted before the program comes to it is protected by the state alone.
      const isUnseen = steps.some((step) => step.isUnseen && owner && step.resource === keyOf(owner));
      const declared =
        owner && operation.startsWith("up") && !isUnseen
          ? world.program.declarations.find((each) => keyOf(each) === keyOf(owner))
          : undefined;
      const isUnprotected =
        owner?.outputs["deletionProtection"] === false &&
        (!declared || declared.args["deletionProtection"] === false);
      const solutions = [...before.live, ...live.values()].filter((each) => each.id === group.superGroup);
      const isTyped = operator.confirms(group, solutions);
      // A database whose solution is replaced goes under any name: somebody has forced that, or a run has named both.
      const { superGroup = "" } = group;
      const goesWithSolution =
        before.state.some((each) => each.id === superGroup && replace && keyOf(each) === keyOf(replace)) ||
        world.said.some((text) => text.includes(superGroup) && / with its (?:\d+ )?databases? /.test(text));
      assertInvariant(
        isTyped ||
          goesWithSolution ||
          !owner ||
          operation === "destroy" ||
          !world.program.isStillDeclared(keyOf(owner), group.name),
        `${JSON.stringify(group.name)} (${id}) was to be deleted though the program declares it, by another name or elsewhere`,
      );
      assertInvariant(
        isTyped || isUnprotected,
        `${JSON.stringify(group.name)} (${id}) was to be deleted though ${owner ? "it is protected" : "it is not ours"}`,
      );
    }
    if (!now || (attacked.has(id) && now.rev !== group.rev)) {
      world.manualChanges.forget(id);
    }
    const rev = before.createdManually.get(id);
    // Databases get the Project ID of their solution.
    const isTouched = !isDeepStrictEqual(
      { ...now, rev: "", applicationId: "" },
      { ...group, rev: "", applicationId: "" },
    );
    if (now && rev !== undefined && !isTouched) {
      world.manualChanges.created.set(id, now.rev ?? "");
    }
    assertInvariant(
      !now || rev === undefined || rev === now.rev || !isTouched,
      `${JSON.stringify(group.name)} (${id}) was made by hand and has been changed`,
    );
  }
}
