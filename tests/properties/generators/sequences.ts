import fc from "fast-check";
import type { Setting } from "../cockpit/environments";
import {
  edit,
  editOrTransfer,
  replacingEdit,
  collidingEdit,
  regroupingEdit,
  transfer,
  type Edit,
} from "./edits";
import {
  collidingManualAction,
  manualAction,
  transferringManualAction,
  type ManualAction,
} from "./manual-actions";
import { at } from "./picking";
import {
  databasePlan,
  fragileDatabasePlan,
  fragileSolutionPlan,
  namedDatabasePlan,
  namedSolutionPlan,
  solutionPlan,
  solutionPlanInSome,
  type DatabasePlan,
  type SolutionPlan,
} from "./plans";
import { injectedFault, faultInTransfers, faultInWrites, type InjectedFault } from "./faults";

/** What happens to one stack, as plain data that fast-check generates and shrinks. Numbers select one of the existing items, modulo their count. */
export interface Sequence {
  /** Default: one environment. */
  setting?: Setting | undefined;
  solutions: SolutionPlan[];
  databases: DatabasePlan[];
  rounds: Round[];
  /** Variables that were set for one run and never unset. */
  leavesSet?: readonly ("confirm" | "adopt")[];
}

export interface Round {
  edits: Edit[];
  manualActions: ManualAction[];
  faults: InjectedFault[];
  operation: "up" | "up --refresh" | "preview" | "refresh" | "destroy";
  /** What the operator types back: nothing, a wrong name, the name of some group, or what the messages say. */
  operator: { types: "nothing" | "nonsense" | "obeys" } | { types: "a name"; at: number };
  isParallel: boolean;
  /** `--continue-on-error`. */
  continuesOnError: boolean;
  /** Restores the state of an earlier run and refreshes it. */
  earlierState?: number | undefined;
  /** `--replace` of one of the declared resources. */
  replace: number | undefined;
}

interface Generators {
  edit: fc.Arbitrary<Edit>;
  manualAction: fc.Arbitrary<ManualAction>;
  injectedFault: fc.Arbitrary<InjectedFault>;
}

const roundOf = ({ edit, manualAction, injectedFault }: Generators): fc.Arbitrary<Round> =>
  fc.record({
    edits: fc.array(edit, { maxLength: 3 }),
    manualActions: fc.oneof(
      { weight: 2, arbitrary: fc.constant<ManualAction[]>([]) },
      { weight: 1, arbitrary: fc.array(manualAction, { maxLength: 2 }) },
    ),
    faults: fc.oneof(
      { weight: 2, arbitrary: fc.constant<InjectedFault[]>([]) },
      { weight: 3, arbitrary: fc.array(injectedFault, { minLength: 1, maxLength: 2 }) },
    ),
    operation: fc.oneof(
      { weight: 8, arbitrary: fc.constant("up" as const) },
      { weight: 2, arbitrary: fc.constant("up --refresh" as const) },
      { weight: 2, arbitrary: fc.constant("refresh" as const) },
      { weight: 1, arbitrary: fc.constant("preview" as const) },
      { weight: 1, arbitrary: fc.constant("destroy" as const) },
    ),
    operator: fc.oneof(
      { weight: 3, arbitrary: fc.constant({ types: "obeys" as const }) },
      { weight: 2, arbitrary: fc.constant({ types: "nothing" as const }) },
      { weight: 1, arbitrary: fc.constant({ types: "nonsense" as const }) },
      { weight: 1, arbitrary: fc.record({ types: fc.constant("a name" as const), at }) },
    ),
    isParallel: fc.constantFrom(false, false, true),
    continuesOnError: fc.constantFrom(false, false, true),
    replace: fc.oneof({ weight: 9, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: at }),
  });

/** All kinds of events. */
const broad: fc.Arbitrary<Sequence> = fc.record({
  solutions: fc.array(solutionPlan, { minLength: 1, maxLength: 3 }),
  databases: fc.array(databasePlan, { maxLength: 5 }),
  rounds: fc.array(roundOf({ edit, manualAction, injectedFault }), { minLength: 1, maxLength: 5 }),
});

/** One thing or two that are created, lost and replaced again and again, under ids that come back. */
const narrow: fc.Arbitrary<Sequence> = fc.record({
  solutions: fc.array(fragileSolutionPlan, { minLength: 1, maxLength: 1 }),
  databases: fc.array(fragileDatabasePlan, { maxLength: 1 }),
  rounds: fc.array(
    roundOf({ edit: replacingEdit, manualAction: collidingManualAction, injectedFault: faultInWrites }),
    { minLength: 2, maxLength: 5 },
  ),
});

const several = fc.constantFrom<Setting>("a default key", "a default login");

/** All kinds of events, in two environments. */
const broadInTwo: fc.Arbitrary<Sequence> = fc.record({
  setting: several,
  solutions: fc.array(solutionPlanInSome, { minLength: 1, maxLength: 2 }),
  databases: fc.array(databasePlan, { maxLength: 3 }),
  rounds: fc.array(roundOf({ edit: editOrTransfer, manualAction: transferringManualAction, injectedFault }), {
    minLength: 1,
    maxLength: 4,
  }),
});

/** A first round without faults or manual actions. */
const plainUp: Round = {
  edits: [],
  manualActions: [],
  faults: [],
  operation: "up",
  operator: { types: "obeys" },
  isParallel: false,
  continuesOnError: false,
  replace: undefined,
};

/** One thing or two that go back and forth, round by round. */
const transferring: fc.Arbitrary<Sequence> = fc.record({
  setting: several,
  solutions: fc.array(solutionPlanInSome, { minLength: 1, maxLength: 2 }),
  databases: fc.array(databasePlan, { maxLength: 1 }),
  rounds: fc
    .array(
      fc
        .record({
          transfer,
          round: roundOf({
            edit: collidingEdit,
            manualAction: transferringManualAction,
            injectedFault: faultInTransfers,
          }),
        })
        .map(({ transfer, round }) => ({ ...round, edits: [...round.edits.slice(1), transfer] })),
      { minLength: 1, maxLength: 3 },
    )
    .map((rounds) => [plainUp, ...rounds]),
});

/** One thing or two that the program calls by other names and puts elsewhere, with states of earlier and words left behind. */
const regrouping: fc.Arbitrary<Sequence> = fc.record({
  solutions: fc.array(namedSolutionPlan, { minLength: 1, maxLength: 2 }),
  databases: fc.array(namedDatabasePlan, { minLength: 1, maxLength: 2 }),
  leavesSet: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.subarray(["confirm" as const, "adopt" as const], { minLength: 1 }) },
  ),
  rounds: fc
    .array(
      fc
        .record({
          round: roundOf({
            edit: regroupingEdit,
            manualAction: collidingManualAction,
            injectedFault: faultInWrites,
          }),
          earlierState: fc.oneof(
            { weight: 6, arbitrary: fc.constant(undefined) },
            { weight: 1, arbitrary: at },
          ),
        })
        .map(({ round, earlierState }) => ({ ...round, earlierState })),
      { minLength: 1, maxLength: 4 },
    )
    .map((rounds) => [plainUp, ...rounds]),
});

export const sequences: fc.Arbitrary<Sequence> = fc.oneof(
  { weight: 2, arbitrary: broad },
  { weight: 1, arbitrary: narrow },
  { weight: 1, arbitrary: broadInTwo },
  { weight: 3, arbitrary: transferring },
  { weight: 4, arbitrary: regrouping },
);
