import { z } from "zod";
import { textOf } from "../errors";
import type { HealthcareParty, User } from "../client";
import { described } from "../framework/field";
import { type Listed, listing, PartialCreation } from "../framework/resource";
import { defineContent, inheritedProtection } from "../runtime/groups/contents";
import {
  asInState,
  chosenGroupId,
  displayName,
  emailAddress,
  normalizedEmail,
  phoneNumber,
} from "../runtime/inputs";
import { deletedOutside, quoted } from "../runtime/messages";
import { isLive } from "../runtime/safe-writes";
import { emailFailures, knownUserId, removeUser, rewriteUser, usernameOf, usersOf } from "./people/users";
import {
  createParty,
  describeOrganisation,
  ensureUser,
  hasPublicKey,
  findCreatedUser,
  findExistingOrganisation,
  publicKeyProblem,
  removeParty,
  rewriteParty,
  userOfResource,
} from "./people/organisation";
import type { Context } from "../runtime/context";
import { databasesIn, type Place, places } from "../runtime/environments";

const inputs = z.strictObject({
  databaseId: described(
    "Id of the database that the organisation is in. Changing it creates a new organisation there and deletes the old one. (Cockpit API: POST /hcparty/inGroup/{groupId})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  name: described(
    "Name on Cockpit's screens and for the app's users, 1 to 255 characters. Default: the resource's name. Changed in place. (Cockpit API: PUT /hcparty/inGroup/{groupId})",
    displayName,
    { state: z.string().default("") },
  ),
  email: described(
    "E-mail address of its user, unique within the database. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    emailAddress,
    { state: z.string().default("") },
  ),
  mobilePhone: described(
    "Mobile phone of its user: 6 to 20 digits, with + and the country code in front. Several users of a database may have the same; none may have it as login. If omitted, the existing value is kept and not reported as drift. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    phoneNumber.optional(),
  ),
  publicKey: described(
    "Its public key, for RSA-OAEP with SHA-256: at least 2048 bits, SPKI in lower-case hexadecimal. The private one stays with the organisation: Cockpit's own wizard creates the pair on the user's machine. A changed key is added; earlier ones stay, because what was shared with them needs them. (Cockpit API: HealthcareParty.publicKeysForOaepWithSha256)",
    z.string().optional(),
  ),
  userId: described(
    "Id of its user, as an AccessToken needs it. Empty while the user is missing; the next up creates it.",
    z.string().optional(),
    { onChange: "nothing", isComputed: true, state: z.string().default("") },
  ),
  username: described(
    "The name that its user logs in with: the database's id, a slash and the user's id.",
    z.string().optional(),
    { onChange: "nothing", isComputed: true, state: z.string().default("") },
  ),
  deletionProtection: inheritedProtection,
});

const outputs = {
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

const changeable = ["name", "email", "mobilePhone", "publicKey"] as const;

const byDatabase = z.strictObject({
  databaseId: described("Id of the database whose organisations to list.", chosenGroupId),
});

export const ParentOrganisation = defineContent({
  type: "ParentOrganisation",
  description:
    "The organisation above an app's users, with which they share data: a healthcare party of a database, and the user that it logs in as. Its id is what an app needs as PARENT_ORGANISATION_ID.",
  example: `import { Database, ParentOrganisation, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const france = new Database("petra-france", { name: "Petra France", solutionId: petra.id });

const clinic = new ParentOrganisation("clinic", {
  databaseId: france.id,
  name: "Clinique Petra",
  email: "clinique@petra.example",
});

export const parentOrganisationId = clinic.id;
export const username = clinic.username;
`,
  inputs,
  outputs,
  within: { property: "databaseId", kinds: ["database"] },
  describe: ({ name }, id) => describeOrganisation({ id, name }),

  async check(context, { resource, before, olds, news }) {
    const { publicKey, databaseId } = news;
    const problem = typeof publicKey === "string" ? publicKeyProblem(publicKey) : undefined;
    if (problem !== undefined) {
      // Without a property, because the engine would print its value.
      return {
        inputs: news,
        failures: [{ property: "", code: "invalid-value", reason: `publicKey: ${problem}` }],
      };
    }
    if (olds?.databaseId !== undefined && olds.databaseId !== databaseId) {
      context.warn(
        `ParentOrganisation "${resource.name}": changing databaseId makes a new organisation and deletes the one in ${quoted(olds.databaseId)}, with which its patients share their data.`,
      );
    }
    const userId = await knownUserId(olds, news, { place: "databaseId", changeable }, async () => {
      const here = await context.environments.holding(String(databaseId), undefined, resource.name);
      return userOfResource(here, [resource, before], String(databaseId));
    });
    const known = userId === undefined ? {} : { userId, username: usernameOf(String(databaseId), userId) };
    return {
      inputs: { ...news, ...known },
      failures: emailFailures(context, resource, databaseId, news.email),
    };
  },

  findExisting: (context, { databaseId, email }) =>
    findExistingOrganisation(context, String(databaseId), email),

  async create(context, resource, declared) {
    const organisation = await createParty(context, resource, declared);
    const { party } = organisation;
    try {
      const user = await ensureUser(context, declared, organisation);
      return { id: party.id, state: { ...declared, ...userOutputs(declared.databaseId, user) } };
    } catch (error) {
      // Without e-mail, so that the next run sees a change and goes on.
      const { databaseId, name, publicKey, deletionProtection } = declared;
      const created = {
        databaseId,
        name,
        ...(deletionProtection === undefined ? {} : { deletionProtection }),
        ...(publicKey === undefined ? {} : { publicKey }),
        environmentId: await context.cockpit.environmentId(),
      };
      const what = `${describeOrganisation(party)} was created, but has no user yet: ${textOf(error)}`;
      throw new PartialCreation(party.id, created, what);
    }
  },

  async read(context, id, state) {
    const { databaseId } = state;
    const party = await context.cockpit.healthcareParties.get(databaseId, id);
    if (!isLive(party)) {
      return undefined;
    }
    const user =
      state.userId === ""
        ? await findCreatedUser(context, databaseId, id)
        : await context.cockpit.users.get(databaseId, state.userId);
    const { mobilePhone, publicKey, ...rest } = state;
    const read = {
      ...rest,
      name: party.name ?? "",
      ...(publicKey !== undefined && hasPublicKey(party, publicKey) ? { publicKey } : {}),
    };
    if (!isLive(user)) {
      context.warn(
        `${describeOrganisation(party)} has lost its user, so nobody can log in as it. The next pulumi up makes a new one, with another userId.`,
      );
      return { ...read, email: "", userId: "", username: "" };
    }
    return {
      ...read,
      email: asInState(state.email, user.email ?? "", normalizedEmail),
      ...(mobilePhone === undefined || user.mobilePhone === undefined
        ? {}
        : { mobilePhone: user.mobilePhone }),
      ...userOutputs(databaseId, user),
    };
  },

  import: importOrganisation,
  list: listing(byDatabase, listOrganisations),

  async update(context, id, state, declared) {
    const party = await rewriteParty(context, id, declared);
    const user =
      party && state.userId !== ""
        ? await rewriteUser(context, declared.databaseId, state.userId, declared, state)
        : party && (await ensureUser(context, declared, { party }));
    if (!user) {
      throw deletedOutside(
        party ? `the user of ${describeOrganisation(party)}` : `${quoted(state.name)} (id ${id})`,
      );
    }
    return { ...declared, ...userOutputs(declared.databaseId, user) };
  },

  async delete(context, id, state) {
    const { databaseId } = state;
    const userId = state.userId || (await findCreatedUser(context, databaseId, id))?.id;
    if (userId !== undefined) {
      await removeUser(context, databaseId, userId);
    }
    return (await removeParty(context, databaseId, id)) ? undefined : "gone";
  },
});

function userOutputs(databaseId: string, { id }: User): { userId: string; username: string } {
  return { userId: id, username: usernameOf(databaseId, id) };
}

/** By its id alone it may be in any database. Which of its public keys the program declares is not told. */
async function importOrganisation(context: Context, id: string) {
  for (const place of await places(context)) {
    const { cockpit } = place.at;
    for (const { id: databaseId } of await databasesIn(place)) {
      const party: HealthcareParty | undefined = await cockpit.healthcareParties.get(databaseId, id);
      if (!isLive(party)) {
        continue;
      }
      // One that was created manually has an id of Cockpit's choice.
      const user =
        (await findCreatedUser(place.at, databaseId, id)) ??
        (await cockpit.users.list(databaseId)).find((one) => isLive(one) && one.healthcarePartyId === id);
      return organisationState(place, databaseId, party, user);
    }
  }
  return undefined;
}

export function organisationState(
  { environmentId }: Place,
  databaseId: string,
  party: HealthcareParty,
  user: User | undefined,
) {
  return {
    databaseId,
    name: party.name ?? "",
    email: user?.email ?? "",
    ...(user?.mobilePhone === undefined ? {} : { mobilePhone: user.mobilePhone }),
    userId: user?.id ?? "",
    username: user ? usernameOf(databaseId, user.id) : "",
    deletionProtection: true,
    environmentId,
  };
}

/** By the users that log in as them, since the API lists no healthcare parties of another group. */
async function listOrganisations(
  context: Context,
  { databaseId }: { databaseId: string },
): Promise<Listed[]> {
  const users = await usersOf(context, databaseId);
  return users.flatMap(({ healthcarePartyId: id, name }) =>
    id === undefined ? [] : [{ id, name: name ?? id }],
  );
}
