import { CockpitError } from "../../errors";
import { ifVisible, type Group, type GroupKind } from "../../client";
import type { Context } from "../context";
import { describeGroup, quoted } from "./words";

/** An environment holds solutions, which hold databases. */
const deepestNesting = 3;

/** A database goes into a live solution of the configured environment and nowhere else. */
export async function solutionOf(context: Context, solutionId: string): Promise<Group | undefined> {
  await assertGroup(context, "solutionId", solutionId, ["solution"]);
  return context.births.bornHere(solutionId) ?? context.births.parent(solutionId);
}

/** What lies in a group lies in a live one of the configured environment and nowhere else. */
export async function assertGroup(
  context: Context,
  property: string,
  id: string,
  kinds: readonly GroupKind[],
): Promise<void> {
  const environmentId = await context.cockpit.environmentId();
  const born = context.births.bornHere(id);
  if (id === environmentId ? kinds.includes("environment") : born?.kind && kinds.includes(born.kind)) {
    return;
  }
  const wanted = kinds.join(" or ");
  const group = born ?? (await ifVisible(context.births.parent(id)));
  if (!group || group.deletedAt !== undefined) {
    throw new CockpitError({
      code: "parent-not-found",
      what: `${property}: there is no ${wanted} ${quoted(id)} in the environment ${quoted(environmentId)}${group ? "; it was deleted" : ", or this account may not see it"}.`,
      remedy: `Give the id of a ${wanted} of this environment.`,
    });
  }
  if (group.kind !== undefined && !kinds.includes(group.kind)) {
    throw new CockpitError({
      code: "wrong-kind",
      what: `${property}: ${describeGroup(group)} is not a ${wanted}.`,
      remedy: `Give the id of a ${wanted}, such as the \`id\` of a ${kinds.map(resourceOf).join(" or ")} resource.`,
    });
  }
  const actual = await environmentOf(context, group, environmentId);
  if (actual !== environmentId) {
    throw new CockpitError({
      code: "other-environment",
      what: `${property}: ${describeGroup(group)} is in the environment ${quoted(actual)}, but the configuration points to ${quoted(environmentId)}.`,
      remedy: `Give the id of a ${wanted} of this environment, or configure the other one.`,
    });
  }
}

/** As far up as the account may see; what it may not see is not held against it. */
export async function environmentOf(context: Context, group: Group, environmentId: string): Promise<string> {
  let current = group;
  for (let depth = 0; depth < deepestNesting; depth++) {
    if (current.parentId === undefined) {
      return current.kind === "environment" ? current.id : environmentId;
    }
    if (current.parentId === environmentId || context.births.isBornHere(current.parentId)) {
      return environmentId;
    }
    const parent = await ifVisible(context.births.parent(current.parentId));
    if (!parent) {
      return current.kind === "database" ? environmentId : current.parentId;
    }
    current = parent;
  }
  return current.id;
}

function resourceOf(kind: GroupKind): string {
  return kind === "database" ? "Database" : "Solution";
}
