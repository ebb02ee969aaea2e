import type { Properties } from "../../../provider/engine/unknowns";
import type { ResourceType } from "./provider-process";

/** What a program declares: one `new Solution(…)`, `new Database(…)` or `new TransferToken(…)`. */
export interface Declaration {
  type: ResourceType;
  /** The logical name. */
  name: string;
  args: Properties;
  /** Of a database: the logical name of the solution whose `id` it is given as `solutionId`. */
  solution?: string | undefined;
  /** Of a solution: the logical name of the TransferToken whose `token` it is given as `transferToken`. */
  token?: string | undefined;
  deleteBeforeReplace?: boolean | undefined;
}

export type GroupDeclaration = Declaration & { type: "Database" | "Solution" };

export const isOfGroup = (declaration: Declaration): declaration is GroupDeclaration =>
  declaration.type !== "TransferToken";

/** One resource in the state. */
export interface ResourceState {
  type: ResourceType;
  name: string;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Key of the resource that some of its inputs came from. */
  dependsOn?: string | undefined;
  initErrors: string[];
  /** Replaced by another, to be deleted still. */
  isCondemned: boolean;
  /** Deleted already, its replacement not yet created. */
  isPendingReplacement: boolean;
}

export type ResourceKey = Pick<ResourceState, "type" | "name">;

/** Key of the resource that some of its inputs come from. */
export function dependencyOf({ solution, token }: Declaration): string | undefined {
  const key = solution === undefined ? undefined : keyOf({ type: "Solution", name: solution });
  return token === undefined ? key : keyOf({ type: "TransferToken", name: token });
}

export const keyOf = ({ type, name }: ResourceKey) => `${type} ${name}`;
