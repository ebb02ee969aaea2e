import type { Group } from "../../client";
import { describeGroup, describeNames, quoted, type GroupKind } from "../../resources/group/words";
import { AmbiguousError, NotFoundError } from "../errors";
import { describePlaces, kindIn, type Found, type Place } from "./places";

/** The one group of an id. */
export async function findById(places: readonly Place[], id: string, kind: GroupKind): Promise<Found> {
  const seen = (await Promise.all(places.map((place) => look(place, id)))).flat();
  const found = seen.filter(
    ({ group, context, environmentId, actualId }) =>
      actualId === environmentId &&
      group.deletedAt === undefined &&
      kindIn({ context, environmentId }, group) === kind,
  );
  const [only] = found;
  if (!only) {
    throw new NotFoundError(`there is no ${kind} ${quoted(id)} ${describePlaces(places)}${whyNot(seen)}`);
  }
  return single(found, `${found.length} ${kind}s have the id ${quoted(id)}`, kind);
}

/** The one group of a name, among all that were searched. */
export function findByName(all: readonly Found[], name: string, kind: GroupKind, searched: string): Found {
  const found = all.filter(({ group }) => group.name === name);
  if (found.length > 0) {
    return single(found, `${found.length} ${kind}s are called ${quoted(name)}`, kind);
  }
  const names = [...new Set(all.map(({ group }) => group.name ?? group.id))].sort();
  const others =
    names.length === 0
      ? `There is no ${kind} at all that this account may see: check which environment and account the configuration names.`
      : `There ${names.length === 1 ? "is" : "are"} ${describeNames(names)}. Give one of these names, or an id; of what this program itself makes or renames, use the resource's outputs.`;
  throw new NotFoundError(`there is no ${kind} called ${quoted(name)} ${searched}. ${others}`);
}

interface Seen extends Found {
  /** Where it is, as far as the account may see. */
  actualId: string;
}

/** What an account may not see in one environment is not held against it: it may be in another. */
async function look(place: Place, id: string): Promise<Seen[]> {
  const group = await place.context.cockpit.groups.getIfVisible(id);
  return group ? [{ ...place, group, actualId: await environmentOf(place, group) }] : [];
}

async function environmentOf(place: Place, group: Group): Promise<string> {
  const { environmentId } = place;
  if (group.parentId === undefined) {
    return group.kind === "environment" ? group.id : environmentId;
  }
  if (group.parentId === environmentId || group.kind === "solution") {
    return group.parentId;
  }
  const solution = await place.context.cockpit.groups.getIfVisible(group.parentId);
  return solution ? environmentOf(place, solution) : environmentId;
}

function whyNot([seen]: readonly Seen[]): string {
  if (!seen) {
    return `, or this account may not see it. Give an id as Cockpit shows it, or a name.`;
  }
  const { group, environmentId, actualId } = seen;
  if (group.deletedAt !== undefined) {
    return `: it was deleted.`;
  }
  if (actualId !== environmentId) {
    return `: it is in the environment ${quoted(actualId)}. Name that one with \`environment\`, after adding it to cockpit:environments where it is not among them.`;
  }
  const kind = kindIn(seen, group);
  const remedy = kind === "solution" ? " Use getSolution." : kind === "database" ? " Use getDatabase." : "";
  return `: it is ${describeGroup({ ...group, kind })}.${remedy}`;
}

const mostShown = 20;

function single(found: readonly Found[], problem: string, kind: GroupKind): Found {
  const [only, ...others] = found;
  if (only && others.length === 0) {
    return only;
  }
  const shown = found.slice(0, mostShown).map((one) => describeMatch(one, kind));
  const more = found.length > mostShown ? `; and ${found.length - mostShown} more` : "";
  const ways = [
    ...(new Set(found.map(({ group }) => group.id)).size > 1 ? ["ask by `id`"] : []),
    ...(kind === "database" && new Set(found.map(({ group }) => group.parentId)).size > 1
      ? ["give `solutionId`"]
      : []),
    ...(new Set(found.map(({ context }) => context)).size > 1 ? ["give `environment`"] : []),
  ];
  throw new AmbiguousError(
    `${problem}: ${shown.join("; ")}${more}. To get one of them, ${ways.join(" or ")}.`,
  );
}

function describeMatch({ group, ...place }: Found, kind: GroupKind): string {
  const solution =
    kind === "database" && group.parentId !== undefined ? ` of the solution ${quoted(group.parentId)}` : "";
  return `${quoted(group.id)}${solution} ${describePlaces([place])}`;
}
