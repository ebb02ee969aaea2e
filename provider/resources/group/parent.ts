import { isApiError } from "../../api";
import type { Context } from "../context";
import { describeGroup, quoted } from "./words";

/** A database goes into a live solution of the configured environment and nowhere else. */
export async function assertSolution(
  context: Context,
  solutionId: string,
  environmentId: string,
): Promise<void> {
  if (context.births.isBornHere(solutionId)) {
    return;
  }
  const group = await context.births.parent(solutionId).catch((error: unknown) => {
    if (isApiError(error) && error.kind === "forbidden") {
      return undefined;
    }
    throw error;
  });
  if (!group || group.deletedAt !== undefined) {
    throw new Error(
      `solutionId: there is no solution ${quoted(solutionId)} in the environment ${quoted(environmentId)}${group ? "; it was deleted" : ", or this account may not see it"}. Give the id of a solution of this environment.`,
    );
  }
  if (group.kind !== undefined && group.kind !== "solution") {
    throw new Error(
      `solutionId: ${describeGroup(group)} is no solution. Give the id of a solution, such as the \`id\` of a Solution resource.`,
    );
  }
  if (group.parentId !== undefined && group.parentId !== environmentId) {
    throw new Error(
      `solutionId: ${describeGroup(group)} is in the environment ${quoted(group.parentId)}, but the configuration points to ${quoted(environmentId)}.`,
    );
  }
}
