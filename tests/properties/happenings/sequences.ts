import fc from "fast-check";
import { edit, type Edit } from "./edits";
import { handAction, type HandAction } from "./hand-actions";
import { at } from "./picking";
import { databasePlan, solutionPlan, type DatabasePlan, type SolutionPlan } from "./plans";
import { trouble, type Trouble } from "./troubles";

/** What happens to one stack, as plain data: fast-check makes it up and makes it smaller. Numbers count what is there, modulo. */
export interface Sequence {
  solutions: SolutionPlan[];
  databases: DatabasePlan[];
  rounds: Round[];
}

export interface Round {
  edits: Edit[];
  byHand: HandAction[];
  trouble: Trouble | undefined;
  operation: "up" | "up --refresh" | "preview" | "refresh" | "destroy";
  /** What somebody types back: nothing, a name that is not the one, the name of something, or what the messages say. */
  person: { types: "nothing" | "nonsense" | "obeys" } | { types: "a name"; at: number };
  isParallel: boolean;
  /** `--replace` of one of the declared. */
  replace: number | undefined;
}

const round: fc.Arbitrary<Round> = fc.record({
  edits: fc.array(edit, { maxLength: 3 }),
  byHand: fc.oneof(
    { weight: 2, arbitrary: fc.constant<HandAction[]>([]) },
    { weight: 1, arbitrary: fc.array(handAction, { maxLength: 2 }) },
  ),
  trouble: fc.oneof({ weight: 2, arbitrary: fc.constant(undefined) }, { weight: 3, arbitrary: trouble }),
  operation: fc.oneof(
    { weight: 8, arbitrary: fc.constant("up" as const) },
    { weight: 2, arbitrary: fc.constant("up --refresh" as const) },
    { weight: 2, arbitrary: fc.constant("refresh" as const) },
    { weight: 1, arbitrary: fc.constant("preview" as const) },
    { weight: 1, arbitrary: fc.constant("destroy" as const) },
  ),
  person: fc.oneof(
    { weight: 3, arbitrary: fc.constant({ types: "obeys" as const }) },
    { weight: 2, arbitrary: fc.constant({ types: "nothing" as const }) },
    { weight: 1, arbitrary: fc.constant({ types: "nonsense" as const }) },
    { weight: 1, arbitrary: fc.record({ types: fc.constant("a name" as const), at }) },
  ),
  isParallel: fc.constantFrom(false, false, true),
  replace: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: at }),
});

export const sequences: fc.Arbitrary<Sequence> = fc.record({
  solutions: fc.array(solutionPlan, { minLength: 1, maxLength: 3 }),
  databases: fc.array(databasePlan, { maxLength: 5 }),
  rounds: fc.array(round, { minLength: 1, maxLength: 5 }),
});
