import type { Properties } from "../../../provider/framework/values";
import type { ResourceType } from "./provider-process";

/** What a program declares: one `new Solution(…)`, `new Database(…)` or `new TransferToken(…)`. */
export interface Declaration {
  type: ResourceType;
  /** The logical name. */
  name: string;
  /** Types of what it is declared in, outermost first, as the engine writes them: `Care$Clinic`. */
  parents?: string | undefined;
  /** Keys that it had before. */
  aliases?: readonly string[] | undefined;
  args: Properties;
  /** Of a database: the solution whose `id` it is given as `solutionId`. */
  solution?: Declaration | undefined;
  /** Of a solution: the logical name of the TransferToken whose `token` it is given as `transferToken`. */
  token?: string | undefined;
  deleteBeforeReplace?: boolean | undefined;
  /** With it the engine forgets this one without asking. */
  deletedWith?: Declaration | undefined;
  retainOnDelete?: boolean | undefined;
}

export type GroupDeclaration = Declaration & { type: "Database" | "Solution" };

export const isOfGroup = (declaration: Declaration): declaration is GroupDeclaration =>
  declaration.type !== "TransferToken";

/** One resource in the state. */
export interface ResourceState {
  type: ResourceType;
  name: string;
  parents?: string | undefined;
  id: string;
  inputs: Properties;
  outputs: Properties;
  /** Key of the resource that some of its inputs came from. */
  dependsOn?: string | undefined;
  /** Key of the resource with whose deletion this one is forgotten. */
  deletedWith?: string | undefined;
  retainOnDelete?: boolean | undefined;
  initErrors: string[];
  /** Replaced by another, to be deleted still. */
  isMarkedForDeletion: boolean;
  /** Deleted already, its replacement not yet created. */
  isPendingReplacement: boolean;
}

export type ResourceKey = Pick<ResourceState, "type" | "name" | "parents">;

/** Key of the resource that some of its inputs come from. */
export function dependencyOf({ solution, token }: Declaration): string | undefined {
  const key = solution === undefined ? undefined : keyOf(solution);
  return token === undefined ? key : keyOf({ type: "TransferToken", name: token });
}

/** What the engine's URN says: the types of the parents, but not their names. */
export const keyOf = ({ type, name, parents }: ResourceKey) =>
  parents === undefined ? `${type} ${name}` : `${type} ${name} (in ${parents})`;

/** The parents of what is declared in a resource. */
export const within = ({ type, parents }: ResourceKey) =>
  parents === undefined ? type : `${parents}$${type}`;
