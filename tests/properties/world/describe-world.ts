import { keyOf } from "../../support/model-engine/resource-state";
import type { World } from "./world";

/** Describes the whole world in the error of a violated invariant. */
export function describeWorld({
  history,
  program,
  engine,
  otherStates,
  emulator,
  manualChanges,
}: World): string {
  const declarations = program.declarations.map(
    ({ args, solution, deletedWith, ...declaration }) =>
      `  ${JSON.stringify({
        ...declaration,
        ...args,
        solution: solution && keyOf(solution),
        deletedWith: deletedWith && keyOf(deletedWith),
      })}`,
  );
  const resources = [...engine.state, ...otherStates].map(
    ({ id, isMarkedForDeletion, isPendingReplacement, initErrors, outputs, ...resource }) =>
      `  ${keyOf(resource)} ${id}${isMarkedForDeletion ? " condemned" : ""}${isPendingReplacement ? " pending replacement" : ""}` +
      `${initErrors.length > 0 ? " incomplete" : ""} ${JSON.stringify({ ...outputs, __provider: undefined })}`,
  );
  const groups = emulator
    .groups()
    .map(
      ({ id, name, superGroup, servers, deletionDate, properties }) =>
        `  ${id} ${JSON.stringify({ name, superGroup, servers, properties })}${deletionDate === undefined ? "" : " deleted"}${manualChanges.created.has(id ?? "") ? " made by hand" : ""}`,
    );
  return [
    "history:",
    ...history,
    "program:",
    ...declarations,
    "state:",
    ...resources,
    "Cockpit:",
    ...groups,
  ].join("\n");
}
