import { CockpitError } from "../../errors";
import { ifSupported, type Group } from "../../client";
import type { ResourceName } from "../../framework/identity";
import type { Properties } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { isLive } from "../people/safe-writes";
import { usernameOf } from "../people/users";
import { importExternalServices, processState } from "./gateway";
import { databaseState, solutionState } from "./groups";
import { administratorState, organisationState } from "./people";
import { databasesOf, places, solutionsIn, type Place } from "../../runtime/environments";

/**
 * What can be taken from an environment as a whole, in the order in which one needs the other. Tokens are not among them, since
 * Cockpit shows a token only once.
 */
export const existingKinds = [
  "ExternalServices",
  "Solution",
  "Database",
  "ParentOrganisation",
  "Administrator",
  "AuthenticationProcess",
] as const;

export type ExistingKind = (typeof existingKinds)[number];

/** What is in an environment, as an import of it would find it. */
export interface Existing {
  type: ExistingKind;
  id: string;
  state: Properties;
  /** The solution that it is or lies in; absent for what the environment itself holds. */
  solution?: { id: string; name: string };
}

export interface ExistingFilters {
  /** Key of one environment. Default: all of the configuration. */
  environment?: string | undefined;
  /** Names or ids of solutions. Default: all, and what the environment itself holds. */
  solutions: readonly string[];
  kinds: readonly ExistingKind[];
}

/**
 * All that is in the environments of the configuration: one request for the solutions, one for each solution's databases and one
 * for the external services; of the other kinds one for each group.
 *
 * @param project whose stack it is for: external services that carry another stack's label are warned of.
 * @throws {Error} where a solution that is asked for by name or id is not there.
 */
export async function readExisting(
  context: Context,
  filters: ExistingFilters,
  project: Pick<ResourceName, "project" | "stack">,
): Promise<Existing[]> {
  const { environment } = filters;
  const all = await places(context);
  const wanted =
    environment === undefined
      ? all
      : all.filter(({ at }) => at === context.environments.named(environment) || at.key === environment);
  const found = await Promise.all(wanted.map((place) => readPlace(context, place, filters, project)));
  const missing = filters.solutions.filter(
    (each) => !found.some(({ solutions }) => solutions.some((solution) => isCalled(solution, each))),
  );
  if (missing.length > 0) {
    throw new CockpitError({
      code: "no-match",
      what: `there is no solution ${missing.map(quoted).join(", ")}; there are ${
        found
          .flatMap(({ solutions }) => solutions.map(({ name, id }) => quoted(name ?? id)))
          .sort()
          .join(", ") || "none"
      }.`,
    });
  }
  return found.flatMap(({ existing }) => existing);
}

async function readPlace(
  context: Context,
  place: Place,
  { kinds, solutions: wanted }: ExistingFilters,
  project: Pick<ResourceName, "project" | "stack">,
): Promise<{ existing: Existing[]; solutions: Group[] }> {
  const has = (kind: ExistingKind): boolean => kinds.includes(kind);
  const solutions = await solutionsIn(place);
  const chosen = solutions.filter(
    (solution) => wanted.length === 0 || wanted.some((each) => isCalled(solution, each)),
  );
  const needsDatabases = kinds.some((kind) => kind !== "Solution" && kind !== "ExternalServices");
  const inSolutions = chosen.map(async (group): Promise<Existing[]> => {
    const solution = { id: group.id, name: group.name ?? group.id };
    const databases = needsDatabases ? await databasesOf(place, group.id) : [];
    const others = [
      inGroup(place, group.id, has),
      ...databases.map(({ id }) => inGroup(place, id, has)),
      ...(has("ParentOrganisation") ? databases.map(({ id }) => organisations(place, id)) : []),
    ];
    return [
      ...(has("Solution")
        ? [existing("Solution", group.id, solutionState(context, { ...place, group }))]
        : []),
      ...(has("Database")
        ? databases.map((each) => existing("Database", each.id, databaseState({ ...place, group: each })))
        : []),
      ...(await Promise.all(others)).flat(),
    ].map((one) => ({ ...one, solution }));
  });
  const { environmentId } = place;
  const ofEnvironment =
    wanted.length > 0
      ? []
      : [
          ...(has("ExternalServices") ? [externalServices(context, environmentId, project)] : []),
          ...(has("Administrator") ? [administrators(place, environmentId)] : []),
        ];
  return { solutions, existing: (await Promise.all([...ofEnvironment, ...inSolutions])).flat() };
}

async function inGroup(
  place: Place,
  groupId: string,
  has: (kind: ExistingKind) => boolean,
): Promise<Existing[]> {
  return [
    ...(has("Administrator") ? await administrators(place, groupId) : []),
    ...(has("AuthenticationProcess") ? await processes(place, groupId) : []),
  ];
}

async function externalServices(
  context: Context,
  environmentId: string,
  project: Pick<ResourceName, "project" | "stack">,
): Promise<Existing[]> {
  const state = await importExternalServices(context, environmentId, { ...project, name: "services" });
  return state ? [existing("ExternalServices", environmentId, state)] : [];
}

/** Practitioners are healthcare parties too, with a name of a person. */
async function organisations(place: Place, databaseId: string): Promise<Existing[]> {
  const users = (await place.at.cockpit.users.list(databaseId)).filter(isLive);
  const found = await Promise.all(
    users.map(async (user) => {
      const id = user.healthcarePartyId;
      const party =
        id === undefined ? undefined : await place.at.cockpit.healthcareParties.get(databaseId, id);
      return id !== undefined && isLive(party) && !party.firstName && !party.lastName
        ? [existing("ParentOrganisation", id, organisationState(place, databaseId, party, user))]
        : [];
    }),
  );
  return found.flat();
}

async function administrators({ at, environmentId }: Place, groupId: string): Promise<Existing[]> {
  const users = (await at.cockpit.users.list(groupId)).filter(isLive);
  return users
    .filter(({ isAdministrator }) => isAdministrator === true)
    .map((user) =>
      existing(
        "Administrator",
        usernameOf(groupId, user.id),
        administratorState(environmentId, groupId, user),
      ),
    );
}

/** A gateway that lists no processes has none to take. */
async function processes({ at, environmentId }: Place, groupId: string): Promise<Existing[]> {
  const found = await ifSupported(at.cockpit.gateway.processes(environmentId, groupId));
  return found === "unsupported"
    ? []
    : found.map((live) =>
        existing("AuthenticationProcess", live.id, processState(environmentId, { ...live, groupId })),
      );
}

function existing(type: ExistingKind, id: string, state: Properties): Existing {
  return { type, id, state };
}

function isCalled({ id, name }: Group, wanted: string): boolean {
  return id === wanted || name === wanted;
}
