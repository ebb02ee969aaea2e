import { isDeepStrictEqual } from "node:util";
import { isSameSet, type HealthcareParty, type User as LiveUser } from "../client";
import { listing, PartialCreation } from "../framework/resource";
import { isFullyKnown, without, type Properties } from "../framework/values";
import type { CheckFailure } from "../framework/validation";
import { CockpitError, textOf } from "../errors";
import type { Context } from "../runtime/context";
import { defineContent } from "../runtime/groups/contents";
import { deletedOutside, quoted } from "../runtime/messages";
import {
  byUserDatabase,
  changeable,
  type Declared,
  importUser,
  inputs,
  listUsers,
  partyFields,
  personFields,
  outputs,
  type State,
} from "./people/declared-user";
import { asInState, normalizedEmail } from "../runtime/inputs";
import { assertNotLastAdministrator } from "./people/administrators";
import { isLive } from "../runtime/safe-writes";
import {
  createParty,
  ensureUser,
  findCreatedUser,
  findExistingOrganisation,
  removeParty,
  rewriteParty,
  userOfResource,
  type DeclaredOrganisation,
} from "./people/organisation";
import { hasRoles, isSameIdentifiers, applyRights } from "./people/rights";
import { roleFailures } from "./people/roles";
import {
  createTechnicalUser,
  findExistingTechnicalUser,
  technicalUserOfResource,
} from "./people/technical-users";
import { emailFailures, knownUserId, removeUser, rewriteUser, usernameOf } from "./people/users";

export const User = defineContent({
  type: "User",
  description:
    "Somebody or something that logs in to a database: a person who works with patients, an organisation, or another system. Its id is that of its healthcare party or, where it has none, of its user. It is created without a password and gets no invitation e-mail; an AccessToken or an ExternalJwt lets it in.",
  example: `import { AccessToken, Database, Solution, User } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const france = new Database("petra-france", { name: "Petra France", solutionId: petra.id });

const clinic = new User("clinic", {
  databaseId: france.id,
  userType: "organisation",
  name: "Clinique Petra",
  email: "clinique@petra.example",
});
const ada = new User("ada", {
  databaseId: france.id,
  userType: "healthcare-party",
  name: "Dr Ada Petrova",
  firstName: "Ada",
  lastName: "Petrova",
  email: "ada@petra.example",
  parentId: clinic.id,
  autoDelegations: { all: [clinic.id] },
});
const exporter = new User("exporter", {
  databaseId: france.id,
  userType: "user",
  login: "exporter",
  roles: ["BASIC_USER"],
});
const key = new AccessToken("exporter", { groupId: france.id, userId: exporter.userId, expiresIn: "90d" });

export const adasId = ada.id;
export const exporterLogin = exporter.username;
export const exporterToken = key.token;
`,
  inputs,
  outputs,
  within: { property: "databaseId", kinds: ["database"] },
  describe,
  isEqual: {
    // Both are healthcare parties to Cockpit, which does not tell persons from organisations.
    userType: (declared, { userType }) => (declared === "user") === (userType === "user"),
    roles: (declared, { roles }) => isSame(declared, roles, isSameSet),
    loginIdentifiers: (declared, { loginIdentifiers }) =>
      isSame(declared, loginIdentifiers, isSameIdentifiers),
    autoDelegations: (declared, { autoDelegations }) => isSame(declared, autoDelegations, isSameDelegations),
  },

  async check(context, { resource, before, olds, news }) {
    const { databaseId, userType, roles } = news;
    const failures = [
      ...fieldFailures(news),
      ...emailFailures(context, resource, databaseId, news.email),
      ...(typeof databaseId === "string" && roles !== undefined && isFullyKnown(roles)
        ? await roleFailures(context, databaseId, roles, olds?.roles)
        : []),
    ];
    if (failures.length > 0) {
      return { inputs: news, failures };
    }
    const userId = await knownUserId(olds, news, { place: "databaseId", changeable }, async () => {
      const here = await context.environments.holding(String(databaseId), undefined, resource.name);
      const find = userType === "user" ? technicalUserOfResource : userOfResource;
      return find(here, [resource, before], String(databaseId));
    });
    const known = userId === undefined ? {} : { userId, username: usernameOf(String(databaseId), userId) };
    return { inputs: { ...news, ...known }, failures: [] };
  },

  findExisting: (context, { databaseId, userType, email }) =>
    (userType === "user" ? findExistingTechnicalUser : findExistingOrganisation)(
      context,
      String(databaseId),
      email,
    ),

  async create(context, resource, declared) {
    const environmentId = await context.cockpit.environmentId();
    if (declared.userType === "user") {
      const user = await createTechnicalUser(context, resource, personOf(declared));
      return finished(context, user.id, declared, user, environmentId);
    }
    await assertParent(context, declared, undefined);
    const organisation = await createParty(context, resource, personOf(declared));
    const { party } = organisation;
    let user: LiveUser;
    try {
      user = await ensureUser(context, personOf(declared), organisation);
    } catch (error) {
      throw unfinished(party.id, declared, { environmentId, userId: "", username: "" }, error);
    }
    return finished(context, party.id, declared, user, environmentId);
  },

  async read(context, id, state) {
    const { databaseId, userType } = state;
    const { users, healthcareParties } = context.cockpit;
    const party = userType === "user" ? undefined : await healthcareParties.get(databaseId, id);
    if (userType !== "user" && !isLive(party)) {
      return undefined;
    }
    const userId =
      state.userId || (userType === "user" ? id : (await findCreatedUser(context, databaseId, id))?.id);
    const user = userId === undefined ? undefined : await users.withRights(databaseId, userId);
    if (!isLive(user)) {
      if (userType === "user") {
        return undefined;
      }
      context.warn(
        `${describe(state, id)} has lost its user, so nobody can log in as it. The next pulumi up makes a new one, with another userId.`,
      );
      return { ...without(state, "email", "mobilePhone", "login"), userId: "", username: "" };
    }
    return readState(state, party, user);
  },

  import: importUser,
  list: listing(byUserDatabase, listUsers),

  async update(context, id, state, declared) {
    const { databaseId } = declared;
    const environmentId = await context.cockpit.environmentId();
    const person = personOf(declared);
    await assertNoLockout(context, declared, state);
    if (declared.userType === "user") {
      const user = await rewriteUser(context, databaseId, id, declared, state, userFields(declared, state));
      if (!user) {
        throw deletedOutside(describe(state, id));
      }
      return (await finished(context, id, declared, user, environmentId, state)).state;
    }
    await assertParent(context, declared, id);
    const party = await rewriteParty(context, id, person, state);
    const user =
      party && state.userId !== ""
        ? await rewriteUser(context, databaseId, state.userId, declared, state, userFields(declared, state))
        : party && (await ensureUser(context, person, { party }));
    if (!user) {
      throw deletedOutside(describe(state, id));
    }
    return (await finished(context, id, declared, user, environmentId, state)).state;
  },

  async delete(context, id, state) {
    const { databaseId, userType } = state;
    const userId =
      state.userId || (userType === "user" ? id : (await findCreatedUser(context, databaseId, id))?.id);
    const user = userId === undefined ? undefined : await context.cockpit.users.get(databaseId, userId);
    if (isLive(user)) {
      await removeUser(context, databaseId, user.id);
    }
    const wasThere = userType === "user" ? isLive(user) : await removeParty(context, databaseId, id);
    return wasThere ? undefined : "gone";
  },
});

/** What the schema can't say: what goes together. */
function fieldFailures(news: { [Key in keyof Declared]?: unknown }): CheckFailure[] {
  const { userType, email, mobilePhone, login } = news;
  const misplaced =
    userType === "user"
      ? partyFields.filter((key) => news[key] !== undefined)
      : userType === "organisation"
        ? personFields.filter((key) => news[key] !== undefined)
        : [];
  return [
    ...misplaced.map((property) => ({
      property,
      code: "excluded-property" as const,
      reason:
        property === "parentId"
          ? "can't be given for the userType user, which is nobody's healthcare party"
          : "is a person's, who is of the userType healthcare-party",
    })),
    ...([email, mobilePhone, login].every((each) => each === undefined)
      ? [
          {
            property: "",
            code: "required" as const,
            reason: "one of email, mobilePhone and login is required: without any, nobody can log in as it",
          },
        ]
      : []),
  ];
}

function personOf(declared: Declared): DeclaredOrganisation {
  const { databaseId, name, email, mobilePhone, login, firstName, lastName, parentId } = declared;
  return {
    databaseId,
    name,
    email,
    mobilePhone,
    login,
    party: {
      ...(firstName === undefined ? {} : { firstName }),
      ...(lastName === undefined ? {} : { lastName }),
      ...(parentId === undefined ? {} : { parentId }),
    },
    user: userFields(declared),
  };
}

/** Of the user itself, besides how to reach it. */
function userFields(
  { status, autoDelegations }: Pick<Declared, "status" | "autoDelegations">,
  before: Pick<State, "autoDelegations"> = {},
): NonNullable<DeclaredOrganisation["user"]> {
  const delegations = autoDelegations ?? (before.autoDelegations === undefined ? undefined : {});
  return {
    ...(status === undefined ? {} : { status: status === "active" ? "ACTIVE" : "DISABLED" }),
    ...(delegations === undefined ? {} : { autoDelegations: delegations }),
  };
}

/** Everything is created but what is stored apart from the user. */
async function finished(
  context: Context,
  id: string,
  declared: Declared,
  { id: userId }: LiveUser,
  environmentId: string,
  before?: State,
): Promise<{ id: string; state: State }> {
  const { databaseId } = declared;
  const made = { userId, username: usernameOf(databaseId, userId), environmentId };
  try {
    await applyRights(context, databaseId, userId, declared, before);
  } catch (error) {
    if (before) {
      throw error;
    }
    throw unfinished(id, declared, made, error);
  }
  return { id, state: { ...declared, ...made } };
}

/** Without what is not known to be so, so that the next run sees a change and goes on. */
function unfinished(id: string, declared: Declared, created: Properties, error: unknown): PartialCreation {
  const sure =
    created["userId"] === ""
      ? without(declared, "email", "mobilePhone", "login", "roles", "loginIdentifiers")
      : without(declared, "roles", "loginIdentifiers");
  return new PartialCreation(
    id,
    { ...sure, ...created },
    `${describe(declared, id)} was created, but is not all that is declared yet: ${textOf(error)}`,
  );
}

/** What the program need not say, and what is not drift then. */
const optional = [
  ...(["email", "mobilePhone", "login", "status", "loginIdentifiers", "autoDelegations"] as const),
  ...partyFields,
];

function readState(state: State, party: HealthcareParty | undefined, user: LiveUser): State {
  const { databaseId } = state;
  const told: Pick<State, (typeof optional)[number]> = {
    email: user.email && asInState(state.email, user.email, normalizedEmail),
    mobilePhone: user.mobilePhone,
    login: user.login,
    status: user.status === "DISABLED" ? "disabled" : "active",
    loginIdentifiers: keepEquivalent(state.loginIdentifiers, user.loginIdentifiers ?? [], isSameIdentifiers),
    autoDelegations: keepEquivalent(state.autoDelegations, user.autoDelegations ?? {}, isSameDelegations),
    firstName: party?.firstName,
    lastName: party?.lastName,
    parentId: party?.parentId,
  };
  const declared = optional.filter((key) => state[key] !== undefined && told[key] !== undefined);
  const roles = hasRoles(user, state.roles) ? state.roles : user.ownRoles;
  return {
    ...without(state, ...optional, "roles"),
    databaseId,
    userType: state.userType,
    name: user.name ?? party?.name ?? "",
    ...Object.fromEntries(declared.map((key) => [key, told[key]])),
    ...(roles === undefined ? {} : { roles }),
    userId: user.id,
    username: usernameOf(databaseId, user.id),
  };
}

/** Refuses a parent that is not there, or that would be below its own child. */
async function assertParent(
  context: Context,
  { databaseId, parentId, name }: Declared,
  id: string | undefined,
): Promise<void> {
  for (let at = parentId, first = true; at !== undefined; first = false) {
    if (at === id) {
      throw new CockpitError({
        code: "invalid-value",
        what: `parentId: ${quoted(name)} would be below itself: ${quoted(parentId ?? "")} ${first ? "is its own id" : "lies below it already"}.`,
        remedy: "Give it another parent.",
      });
    }
    const party: HealthcareParty | undefined = await context.cockpit.healthcareParties.get(databaseId, at);
    if (first && !isLive(party)) {
      throw new CockpitError({
        code: "organisation-not-found",
        what: `parentId: there is no organisation ${quoted(at)} in the database ${databaseId}.`,
        remedy:
          "Give the id of a User of the type organisation, or of a ParentOrganisation, of this database.",
      });
    }
    at = party?.parentId;
  }
}

/** Refuses to disable whom nobody could enable again. */
async function assertNoLockout(
  context: Context,
  { databaseId, status }: Declared,
  { userId, status: before }: State,
): Promise<void> {
  if (status !== "disabled" || before === "disabled" || userId === "") {
    return;
  }
  const user = await context.cockpit.users.withRights(databaseId, userId);
  if (user?.isAdministrator === true) {
    await assertNotLastAdministrator(context, databaseId, user);
  }
}

function describe({ userType, name }: Pick<State, "userType" | "name">, id: string): string {
  const what = {
    "healthcare-party": "the healthcare party",
    organisation: "the organisation",
    user: "the user",
  };
  return `${what[userType]} ${quoted(name)} (id ${id})`;
}

function isSame<Value>(
  declared: Value | undefined,
  state: Value | undefined,
  by: (one: Value, other: Value) => boolean,
): boolean {
  return declared === undefined || state === undefined ? declared === state : by(declared, state);
}

/** What Cockpit has now, as the state has it where both mean the same. */
function keepEquivalent<Value>(
  state: Value | undefined,
  live: Value,
  by: (one: Value, other: Value) => boolean,
): Value {
  return state !== undefined && by(state, live) ? state : live;
}

type Delegations = Record<string, readonly string[]>;

/** Nothing shared with nobody is as good as nothing said. */
function isSameDelegations(one: Delegations, other: Delegations): boolean {
  const essence = (all: Delegations) =>
    Object.entries(all)
      .filter(([, ids]) => ids.length > 0)
      .map(([tag, ids]) => [tag, [...new Set(ids)].sort()] as const)
      .sort(([first], [second]) => (first < second ? -1 : 1));
  return isDeepStrictEqual(essence(one), essence(other));
}
