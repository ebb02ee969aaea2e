import { CockpitError } from "../../errors";
import { ifSupported, userTypes, type Group, type HealthcareParty, type User } from "../../client";
import type { ResourceName } from "../../framework/identity";
import type { Properties } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { isLive } from "../../runtime/safe-writes";
import { tokenOf } from "../people/tokens";
import { usernameOf } from "../people/users";
import { importExternalServices } from "../gateway/spec-state";
import { processState } from "../gateway/process-place";
import { databaseState } from "../database";
import { externalJwtState } from "../external-jwt";
import { solutionState } from "../solution";
import { accessTokenState } from "../access-token";
import { administratorState } from "../administrator";
import { defaultRolesState } from "../default-roles";
import { isPerson, userState } from "../people/declared-user";
import { organisationState } from "../parent-organisation";
import { roleState } from "../role";
import { readRequestFor, type ExistingKind, type ReadRequest } from "./kinds";
import { databasesBelow, places, solutionsIn, type Place } from "../../runtime/environments";

/** What is in an environment, as an import of it would find it. */
export interface Existing {
  type: ExistingKind;
  id: string;
  state: Properties;
  /** The solution that it is or is in; absent for what the environment itself holds. */
  solution?: { id: string; name: string };
}

export interface ExistingFilters {
  /** Key of one environment. Default: all of the configuration. */
  environment?: string | undefined;
  /** Names or ids of solutions. Default: all, and what the environment itself holds. */
  solutions: readonly string[];
  /** Default: the whole environment as a team has set it up, as far as that takes few requests. */
  kinds?: readonly ExistingKind[] | undefined;
}

/** All that was found, and a sentence for each thing that was not read. */
export interface Found {
  existing: Existing[];
  notRead: string[];
}

/**
 * All that is in the environments of the configuration: one request for the solutions, one for each solution's databases and one
 * for the external services; of the other kinds one or two for each group.
 *
 * @param project whose stack it is for: external services that carry another stack's label are warned of.
 * @throws {Error} where a solution that is asked for by name or id is not there.
 */
export async function readExisting(
  context: Context,
  filters: ExistingFilters,
  project: Pick<ResourceName, "project" | "stack">,
): Promise<Found> {
  const { environment } = filters;
  const all = await places(context);
  const wanted =
    environment === undefined
      ? all
      : all.filter(({ at }) => at === context.environments.named(environment) || at.key === environment);
  const found = await Promise.all(wanted.map((place) => groupsOf(place, filters)));
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
  const groups = found.flatMap(({ held }) => held);
  const wish = readRequestFor(filters.kinds, groups.length);
  const services = await Promise.all(
    wanted.map(({ environmentId }) =>
      filters.solutions.length === 0 && wish.has("ExternalServices")
        ? externalServices(context, environmentId, project)
        : Promise.resolve([]),
    ),
  );
  const held = await Promise.all(groups.map((group) => inGroup(context, group, wish)));
  return { existing: [...services, ...held].flat(), notRead: [...new Set(wish.notRead)] };
}

/** An environment, a solution or a database. */
interface GroupToList {
  place: Place;
  id: string;
  /** Absent: the environment itself. */
  group?: Group;
  solution?: { id: string; name: string };
}

async function groupsOf(
  place: Place,
  { kinds, solutions: wanted }: ExistingFilters,
): Promise<{ solutions: Group[]; held: GroupToList[] }> {
  const solutions = await solutionsIn(place);
  const chosen = solutions.filter(
    (solution) => wanted.length === 0 || wanted.some((each) => isCalled(solution, each)),
  );
  const needsDatabases = kinds?.some((kind) => kind !== "Solution" && kind !== "ExternalServices") ?? true;
  const inSolutions = await Promise.all(
    chosen.map(async (group): Promise<GroupToList[]> => {
      const solution = { id: group.id, name: group.name ?? group.id };
      const databases = needsDatabases ? await databasesBelow(place, group.id) : [];
      return [group, ...databases].map((one) => ({ place, id: one.id, group: one, solution }));
    }),
  );
  const { environmentId } = place;
  return {
    solutions,
    held: [...(wanted.length === 0 ? [{ place, id: environmentId }] : []), ...inSolutions.flat()],
  };
}

async function inGroup(context: Context, held: GroupToList, request: ReadRequest): Promise<Existing[]> {
  const { place, id, group, solution } = held;
  const isDatabase = group !== undefined && group.id !== solution?.id;
  const groupItself = (): Existing[] =>
    group === undefined
      ? []
      : isDatabase
        ? [existing("Database", id, databaseState({ ...place, group }))]
        : [existing("Solution", id, solutionState(context, { ...place, group }))];
  const people = once(() => peopleOf(place, id, isDatabase));
  const { environmentId } = place;
  const found = await Promise.all([
    request.read("ExternalJwt", () => Promise.resolve(externalJwts(place, group))),
    request.read("Role", () => roles(place, id)),
    request.read("DefaultRoles", () => defaultRoles(place, id)),
    request.read("ParentOrganisation", async () =>
      (await people())
        .filter(isOrganisation)
        .map(({ party, user }) =>
          existing("ParentOrganisation", party.id, organisationState(place, id, party, user)),
        ),
    ),
    request.read("User", async () =>
      (await people())
        .filter((one) => isDatabase && !isOrganisation(one) && !isAdministrator(one) && isDeclared(one.user))
        .map(({ party, user }) => existing("User", party?.id ?? user.id, userState(place, id, party, user))),
    ),
    request.read("Administrator", async () =>
      (await people())
        .filter(isAdministrator)
        .map(({ user }) =>
          existing("Administrator", usernameOf(id, user.id), administratorState(environmentId, id, user)),
        ),
    ),
    request.read("AuthenticationProcess", () =>
      group === undefined ? Promise.resolve([]) : processes(place, id, request),
    ),
    request.read("AccessToken", async () =>
      (await people())
        .filter(({ user }) => isDeclared(user))
        .flatMap(({ user }) => accessTokens(place, id, user)),
    ),
  ]);
  return [...groupItself().filter(({ type }) => request.has(type)), ...found.flat()].map((one) =>
    solution === undefined ? one : { ...one, solution },
  );
}

/** Somebody who logs in to a group. */
interface Person {
  user: User;
  party?: HealthcareParty;
}

/** By one request, and by one more for the healthcare parties of a database. */
async function peopleOf({ at }: Place, groupId: string, hasParties: boolean): Promise<Person[]> {
  const users = (await at.cockpit.users.list(groupId)).filter(isLive);
  const ids = users.flatMap(({ healthcarePartyId }) => healthcarePartyId ?? []);
  const parties = hasParties && ids.length > 0 ? await at.cockpit.healthcareParties.byIds(groupId, ids) : [];
  const byId = new Map(parties.filter(isLive).map((party) => [party.id, party]));
  return users.map((user) => {
    const party = byId.get(user.healthcarePartyId ?? "");
    return party ? { user, party } : { user };
  });
}

/** One that a ParentOrganisation can be; any other is a User. */
function isOrganisation(one: Person): one is Required<Person> {
  const { party, user } = one;
  return party !== undefined && !isPerson(party) && user.email !== undefined;
}

function isAdministrator({ user, party }: Person): boolean {
  return user.isAdministrator === true && party === undefined;
}

/** Patients and devices are not, nor whose healthcare party is gone. */
function isDeclared({ patientId, deviceId }: User): boolean {
  return patientId === undefined && deviceId === undefined;
}

function externalJwts(place: Place, group: Group | undefined): Existing[] {
  return Object.entries(group?.externalJwts ?? {}).map(([name, config]) => {
    const groupId = group?.id ?? "";
    return existing("ExternalJwt", `${groupId}/${name}`, externalJwtState(place, groupId, name, config));
  });
}

/** The group's own, which have its id in theirs. */
async function roles(place: Place, groupId: string): Promise<Existing[]> {
  const all = await place.at.cockpit.roles.inGroup(groupId);
  return all
    .filter(({ id }) => id.startsWith(`${groupId}:`))
    .map((role) => existing("Role", role.id, roleState(place, groupId, role)));
}

async function defaultRoles(place: Place, groupId: string): Promise<Existing[]> {
  const all = await place.at.cockpit.roles.allDefaults(groupId);
  return userTypes.flatMap((userType) => {
    const live = all?.[userType];
    return live?.source === "group"
      ? [
          existing(
            "DefaultRoles",
            `${groupId}/${userType}`,
            defaultRolesState(place, groupId, userType, live.roles),
          ),
        ]
      : [];
  });
}

function accessTokens({ at, environmentId }: Place, groupId: string, user: User): Existing[] {
  return Object.keys(user.authenticationTokens).flatMap((name) => {
    const held = tokenOf(at, user, name);
    return held === undefined || held.hasExpired
      ? []
      : [
          existing(
            "AccessToken",
            [groupId, user.id, name].join("/"),
            accessTokenState(environmentId, { groupId, userId: user.id, name }, held),
          ),
        ];
  });
}

async function externalServices(
  context: Context,
  environmentId: string,
  project: Pick<ResourceName, "project" | "stack">,
): Promise<Existing[]> {
  const state = await importExternalServices(context, environmentId, { ...project, name: "services" });
  return state ? [existing("ExternalServices", environmentId, state)] : [];
}

async function processes(
  { at, environmentId }: Place,
  groupId: string,
  wish: ReadRequest,
): Promise<Existing[]> {
  const found = await ifSupported(at.cockpit.gateway.processes(environmentId, groupId));
  if (found === "unsupported") {
    wish.notRead.push("AuthenticationProcess: this gateway does not list them");
    return [];
  }
  return found.map((live) =>
    existing("AuthenticationProcess", live.id, processState(environmentId, { ...live, groupId })),
  );
}

/** For those who need the same. */
function once<Value>(work: () => Promise<Value>): () => Promise<Value> {
  let result: Promise<Value> | undefined;
  return () => (result ??= work());
}

function existing(type: ExistingKind, id: string, state: Properties): Existing {
  return { type, id, state };
}

function isCalled({ id, name }: Group, wanted: string): boolean {
  return id === wanted || name === wanted;
}
