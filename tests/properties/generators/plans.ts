import fc from "fast-check";
import type { Properties } from "../../../provider/framework/values";
import { environmentKey } from "../cockpit/environments";
import { databaseArgs, solutionArgs } from "../args/groups";

export interface SolutionPlan {
  word: string;
  args: Properties;
  deleteBeforeReplace: boolean | undefined;
}

export interface DatabasePlan extends SolutionPlan {
  solution: number;
}

/** Args that are often left out: fewer of them make more of what matters. */
const fewer = (args: fc.Arbitrary<Properties>): fc.Arbitrary<Properties> =>
  fc
    .tuple(args, fc.subarray(["cluster", "properties", "hardDelete", "groupId", "shards", "replicas"]))
    .map(([all, dropped]) => without(all, dropped));

export function without(args: Properties, keys: readonly string[]): Properties {
  return Object.fromEntries(
    Object.entries(args).filter(([key, value]) => value !== undefined && !keys.includes(key)),
  );
}

const inSome = (args: fc.Arbitrary<Properties>): fc.Arbitrary<Properties> =>
  fc
    .tuple(args, fc.constantFrom(undefined, undefined, ...environmentKey))
    .map(([all, environment]) => without({ ...all, environment }, []));

const word = fc.constantFrom("petra", "petra", "Petra Doc", "日本", "e\u0301te\u0301", "🩺", "a-b_c");
export const deleteBeforeReplace = fc.constantFrom(undefined, undefined, true, false);
export const solutionPlan = fc.record({ word, args: fewer(solutionArgs), deleteBeforeReplace });
export const solutionPlanInSome = fc.record({ word, args: inSome(fewer(solutionArgs)), deleteBeforeReplace });
export const databasePlan = fc.record({
  word,
  args: fewer(databaseArgs),
  solution: fc.nat({ max: 2 }),
  deleteBeforeReplace,
});

/** Nothing protects it, nothing is left of it, and it may have an id that can be given again. */
const fragile = (args: fc.Arbitrary<Properties>) =>
  args.map((all) => ({ ...without(all, ["properties"]), deletionProtection: false, hardDelete: true }));
export const fragileSolutionPlan = fc.record({ word, args: fragile(solutionArgs), deleteBeforeReplace });
export const fragileDatabasePlan = fc.record({
  word,
  args: fragile(databaseArgs),
  solution: fc.constant(0),
  deleteBeforeReplace,
});

/** What is called what on Cockpit's screens is said, so that its resource may be called otherwise; little else matters. */
const named = (args: fc.Arbitrary<Properties>) =>
  fc
    .tuple(args, fc.constantFrom("Petra", "France"))
    .map(([all, name]) => ({ ...without(all, ["properties", "shards", "replicas"]), name }));
const shortWord = fc.constantFrom("petra", "care");
export const namedSolutionPlan = fc.record({
  word: shortWord,
  args: named(fewer(solutionArgs)),
  deleteBeforeReplace,
});
export const namedDatabasePlan = fc.record({
  word: shortWord,
  args: named(fewer(databaseArgs)),
  solution: fc.nat({ max: 2 }),
  deleteBeforeReplace,
});
