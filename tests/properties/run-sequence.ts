import { describeWorld } from "./world/describe-world";
import type { Outcome, RunOptions } from "../support/model-engine/model-engine";
import { keyOf } from "../support/model-engine/resource-state";
import { nth } from "./happenings/picking";
import { Program } from "./happenings/program";
import type { Round, Sequence } from "./happenings/sequences";
import { checkRun, lookBefore } from "./invariants/after-each-run";
import { holds } from "./invariants/holds";
import {
  checkAsDeclared,
  checkForeignProperties,
  checkPlaces,
  checkQuiet,
  checkSameThings,
} from "./invariants/in-the-end";
import { Person } from "./world/person";
import { World } from "./world/world";

/** A person gives up asking when the same thing does not get better. */
const mostRuns = 40;

/** Lives through a sequence, then clears all trouble away and does what the messages say, until everything is quiet. */
export async function runSequence(sequence: Sequence): Promise<void> {
  const world = await World.start(new Program(sequence), sequence);
  try {
    for (const round of sequence.rounds) {
      await liveThrough(world, round);
    }
    world.note("from now on nothing goes wrong");
    const person = new Person(world);
    await untilItSucceeds(world, person, "refresh");
    await untilItSucceeds(world, person, "up");
    if (world.hasStrays()) {
      // Nobody has read them since their solution was taken over.
      await untilItSucceeds(world, person, "refresh");
      await untilItSucceeds(world, person, "up");
    }
    checkSameThings(world);
    checkAsDeclared(world);
    checkForeignProperties(world);
    await previewsNothing(world);
    await untilItSucceeds(world, person, "refresh");
    await previewsNothing(world);
    checkSameThings(world);
    checkPlaces(world);
    await checkQuiet(world);
    await untilItSucceeds(world, person, "destroy");
    checkSameThings(world);
    holds(world.engine.state.length === 0, "a destroy left something in the state");
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
  const { failures, steps } = await run(world, new Person(world), "preview");
  holds(
    failures.length === 0 && steps.every(({ op }) => op === "same"),
    "a preview of nothing shows something",
  );
}

async function liveThrough(world: World, round: Round): Promise<void> {
  for (const edit of round.edits) {
    world.note(JSON.stringify(edit));
    await world.edit(edit);
  }
  for (const action of round.byHand) {
    world.note(JSON.stringify(action));
    const before = world.live();
    await world.hands.act(action);
    world.noteMoves(before);
  }
  if (round.earlierState !== undefined) {
    world.note(`the state of an earlier run is brought back: ${round.earlierState}`);
    world.importState(round.earlierState);
    await run(world, new Person(world), "refresh");
  }
  const person = new Person(world);
  if (round.person.types === "nonsense") {
    person.types("Nobody");
  }
  if (round.person.types === "a name") {
    person.types(nth(world.live(), round.person.at)?.name ?? "Nobody");
  }
  for (const trouble of round.troubles) {
    world.note(JSON.stringify(trouble));
    world.disturb(trouble);
  }
  const attempts = round.person.types === "obeys" ? 4 : 1;
  for (let attempt = 0; attempt < attempts; attempt++) {
    const replace = round.replace === undefined ? undefined : nth(world.program.declarations, round.replace);
    const { isParallel, continuesOnError } = round;
    const { failures } = await run(world, person, round.operation, { isParallel, continuesOnError, replace });
    const [failure] = failures;
    if (!failure || attempt === attempts - 1) {
      break;
    }
    const next = await person.follow(failure);
    if (next === "refresh") {
      await run(world, person, "refresh", { isParallel });
    }
  }
  world.calm();
}

async function untilItSucceeds(
  world: World,
  person: Person,
  operation: "up" | "refresh" | "destroy",
): Promise<void> {
  let last = "";
  for (let attempt = 0; attempt < mostRuns; attempt++) {
    const preview = operation === "up" ? await run(world, person, "preview") : undefined;
    // `pulumi up` begins with its preview, and ends there where that fails.
    const outcome = preview && preview.failures.length > 0 ? preview : await run(world, person, operation);
    const [failure] = outcome.failures;
    if (!failure) {
      const isKnown = !preview || person.takesOver || showsTheSame(preview, outcome);
      holds(isKnown, "the preview showed something else than up then did");
      if (!person.resume()) {
        return;
      }
      continue;
    }
    const next = await person.follow(failure);
    if (next === "refresh") {
      await run(world, person, "refresh");
    }
    // A failure that tells nobody what to do may go away, but not twice.
    holds(next !== undefined || failure.message !== last, `nothing that is said helps: ${failure.message}`);
    last = failure.message;
  }
  holds(false, `${operation} does not come to an end`);
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
  person: Person,
  operation: Round["operation"],
  options: RunOptions = {},
): Promise<Outcome> {
  const { engine, program } = world;
  const { isParallel = false, continuesOnError = false, replace } = options;
  const how = { isParallel, continuesOnError };
  const variables = person.variables();
  const before = lookBefore(world);
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
  checkRun(world, before, person, outcome, { operation, replace });
  if (operation !== "preview") {
    world.keepState();
  }
  return outcome;
}
