import { isDeepStrictEqual } from "node:util";
import type { Properties } from "../../../provider/framework/values";
import { environmentIdOf } from "../cockpit/environments";
import type { Outcome } from "../../support/model-engine/model-engine";
import {
  keyOf,
  type Declaration,
  type ResourceKey,
  type ResourceState,
} from "../../support/model-engine/resource-state";
import type { Step } from "../../support/model-engine/step-log";
import { without } from "../generators/plans";
import type { World } from "../world/world";
import { type Before, assertInvariant } from "./assert-invariant";

const replacing = ["cluster", "shards", "replicas", "groupId"] as const;

/** Nothing is replaced or changed but what somebody has declared otherwise: least of all because of where it is. */
export function checkSteps(
  { program }: World,
  before: Before,
  { steps }: Outcome,
  forced: ResourceKey | undefined,
): void {
  const stepOf = (key: string) => steps.find((step) => step.resource === key && step.op !== "delete");
  for (const declaration of program.groups) {
    const key = keyOf(declaration);
    const step = stepOf(key);
    const old = before.state.find((resource) => keyOf(resource) === key && !resource.isMarkedForDeletion);
    // The engine takes one that is to be deleted still for the one that stays: they have one URN.
    const isMistakable = before.state.some(
      (resource) => keyOf(resource) === key && resource.isMarkedForDeletion,
    );
    // What had this name may be another one now, which says so by an alias.
    const isAnothers = program.groups.some((each) => each !== declaration && each.aliases?.includes(key));
    const isForced = forced !== undefined && keyOf(forced) === key;
    const hasOwnReason =
      isMistakable || isAnothers || isForced || old?.isPendingReplacement || old?.initErrors.length !== 0;
    const parent = declaration.solution && keyOf(declaration.solution);
    const hasNewParent = parent !== undefined && stepOf(parent)?.op === "replace";
    if (step && old && !hasOwnReason && !hasNewParent) {
      checkStep(step, declaration, old, before.state.find((each) => keyOf(each) === parent)?.id);
    }
  }
}

function checkStep(
  { op, resource }: Step,
  { type, name, args }: Declaration,
  { inputs }: ResourceState,
  solutionId: string | undefined,
): void {
  const isReplaced =
    replacing.some((key) => args[key] !== undefined && args[key] !== inputs[key]) ||
    (type === "Database" && inputs["solutionId"] !== solutionId);
  assertInvariant(op !== "replace" || isReplaced, `${resource} is replaced, though nothing asks for that`);
  const place: Properties =
    type === "Database" ? { solutionId } : { specId: environmentIdOf(args["environment"]) };
  const declared = { name, deletionProtection: true, ...args, ...place };
  const isAsBefore = isDeepStrictEqual(comparable(declared), comparable(inputs));
  assertInvariant(op === "same" || !isAsBefore, `${resource} has the step ${op}, though nothing has changed`);
}

/** What a change of does nothing is left out. */
function comparable(properties: Properties): Properties {
  return without(properties, ["environment", "transferToken", "__provider", "__identity", "__parents"]);
}
