import { describeWorld } from "./world/describe-world";
import type { Outcome, RunOptions } from "../support/model-engine/model-engine";
import { keyOf } from "../support/model-engine/resource-state";
import { nth } from "./generators/picking";
import { Program } from "./generators/program";
import type { Round, Sequence } from "./generators/sequences";
import { checkRun, recordBefore } from "./invariants/after-each-run";
import { assertInvariant } from "./invariants/assert-invariant";
import {
  checkAsDeclared,
  checkForeignProperties,
  checkPlaces,
  checkNoChanges,
  checkSameObjects,
} from "./invariants/in-the-end";
import { Operator } from "./world/operator";
import { World } from "./world/world";

/** The operator gives up after so many runs with the same error. */
const maxRuns = 40;

/** Runs a sequence, then clears all faults and follows the messages until nothing changes any more. */
export async function runSequence(sequence: Sequence): Promise<void> {
  const world = await World.start(new Program(sequence), sequence);
  try {
    for (const round of sequence.rounds) {
      await runRounds(world, round);
    }
    world.note("from now on nothing goes wrong");
    const operator = new Operator(world);
    await untilItSucceeds(world, operator, "refresh");
    await untilItSucceeds(world, operator, "up");
    if (world.hasOrphans()) {
      // Nobody has read them since their solution was taken over.
      await untilItSucceeds(world, operator, "refresh");
      await untilItSucceeds(world, operator, "up");
    }
    checkSameObjects(world);
    checkAsDeclared(world);
    checkForeignProperties(world);
    await previewsNothing(world);
    await untilItSucceeds(world, operator, "refresh");
    await previewsNothing(world);
    checkSameObjects(world);
    checkPlaces(world);
    await checkNoChanges(world);
    await untilItSucceeds(world, operator, "destroy");
    checkSameObjects(world);
    assertInvariant(world.engine.state.length === 0, "a destroy left something in the state");
  } catch (error) {
    const { message, stack } = error as Error;
    throw new Error(
      `${message}\n${describeWorld(world)}\n${stack?.split("\n    at ").slice(1, 3).join("; ") ?? ""}`,
    );
  } finally {
    await world.close();
  }
}

async function previewsNothing(world: World): Promise<void> {
  const { failures, steps } = await run(world, new Operator(world), "preview");
  assertInvariant(
    failures.length === 0 && steps.every(({ op }) => op === "same"),
    "a preview of nothing shows something",
  );
}

async function runRounds(world: World, round: Round): Promise<void> {
  for (const edit of round.edits) {
    world.note(JSON.stringify(edit));
    await world.edit(edit);
  }
  for (const action of round.manualActions) {
    world.note(JSON.stringify(action));
    const before = world.live();
    await world.manualChanges.act(action);
    world.noteMoves(before);
  }
  if (round.earlierState !== undefined) {
    world.note(`the state of an earlier run is brought back: ${round.earlierState}`);
    world.importState(round.earlierState);
    await run(world, new Operator(world), "refresh");
  }
  const operator = new Operator(world);
  if (round.operator.types === "nonsense") {
    operator.types("Nobody");
  }
  if (round.operator.types === "a name") {
    operator.types(nth(world.live(), round.operator.at)?.name ?? "Nobody");
  }
  for (const fault of round.faults) {
    world.note(JSON.stringify(fault));
    world.injectFault(fault);
  }
  const attempts = round.operator.types === "obeys" ? 4 : 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const replace = round.replace === undefined ? undefined : nth(world.program.declarations, round.replace);
    const { isParallel, continuesOnError } = round;
    const { failures } = await run(world, operator, round.operation, {
      isParallel,
      continuesOnError,
      replace,
    });
    const [failure] = failures;
    if (!failure || attempt === attempts - 1) {
      break;
    }
    const next = await operator.follow(failure);
    if (next === "refresh") {
      await run(world, operator, "refresh", { isParallel });
    }
  }
  world.clearFaults();
}

async function untilItSucceeds(
  world: World,
  operator: Operator,
  operation: "up" | "refresh" | "destroy",
): Promise<void> {
  let last = "";
  for (let attempt = 0; attempt < maxRuns; attempt++) {
    const preview = operation === "up" ? await run(world, operator, "preview") : undefined;
    // `pulumi up` begins with its preview, and ends there where that fails.
    const outcome = preview && preview.failures.length > 0 ? preview : await run(world, operator, operation);
    const [failure] = outcome.failures;
    if (!failure) {
      const isKnown = !preview || operator.takesOver || showsTheSame(preview, outcome);
      assertInvariant(isKnown, "the preview showed something else than up then did");
      if (!operator.resume()) {
        return;
      }
      continue;
    }
    const next = await operator.follow(failure);
    if (next === "refresh") {
      await run(world, operator, "refresh");
    }
    // A failure that tells nobody what to do may go away, but not twice.
    assertInvariant(
      next !== undefined || failure.message !== last,
      `nothing that is said helps: ${failure.message}`,
    );
    last = failure.message;
  }
  assertInvariant(false, `${operation} does not come to an end`);
}

function showsTheSame(preview: Outcome, done: Outcome): boolean {
  const listed = ({ steps }: Outcome) =>
    steps
      .map(({ op, resource }) => `${op} ${resource}`)
      .sort()
      .join();
  return listed(preview) === listed(done);
}

async function run(
  world: World,
  operator: Operator,
  operation: Round["operation"],
  options: RunOptions = {},
): Promise<Outcome> {
  const { engine, program } = world;
  const { isParallel = false, continuesOnError = false, replace } = options;
  const how = { isParallel, continuesOnError };
  const variables = operator.variables();
  const before = recordBefore(world);
  const work = {
    up: () => engine.up(program.declarations, variables, { ...how, replace }),
    "up --refresh": () => engine.up(program.declarations, variables, { ...how, replace, refresh: true }),
    preview: () => engine.preview(program.declarations, variables),
    refresh: () => engine.refresh(variables, { isParallel }),
    destroy: () => engine.destroy(variables, how),
  }[operation];
  const outcome = await work();
  const forced = replace && operation.startsWith("up") ? ` --replace ${keyOf(replace)}` : "";
  world.note(
    `${operation}${forced}${continuesOnError ? " --continue-on-error" : ""}${isParallel ? " in parallel" : ""} ${JSON.stringify(variables)}`,
    outcome,
  );
  world.noteMoves(before.live);
  world.noteOrphans(before.live, outcome);
  checkRun(world, before, operator, outcome, { operation, replace });
  if (operation !== "preview") {
    world.keepState();
  }
  return outcome;
}
