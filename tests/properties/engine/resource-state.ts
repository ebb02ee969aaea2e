import type { Properties } from "../../../provider/engine/unknowns";
import type { ResourceType } from "./provider-process";

/** What a program declares: one `new Solution(…)` or `new Database(…)`. */
export interface Declaration {
  type: ResourceType;
  /** The logical name. */
  name: string;
  args: Properties;
  /** Of a database: the logical name of the solution whose `id` it is given as `solutionId`. */
  solution?: string | undefined;
  deleteBeforeReplace?: boolean | undefined;
}

/** One resource in the state. */
export interface ResourceState {
  type: ResourceType;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** The solution that its inputs came from. */
  dependsOn?: string | undefined;
  initErrors: string[];
  /** Replaced by another, to be deleted still. */
  isCondemned: boolean;
  /** Deleted already, its replacement not yet created. */
  isPendingReplacement: boolean;
}

export type ResourceKey = Pick<ResourceState, "type" | "name">;

export const keyOf = ({ type, name }: ResourceKey) => `${type} ${name}`;
