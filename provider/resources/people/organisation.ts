import { CockpitError } from "../../errors";
import type { HealthcareParty, User, UserFields } from "../../client";
import { computedUuid, dependentUuid, type Identity } from "../../framework/identity";
import { difference, hasOtherOwner, takeOver, type Takeover } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { createOnce, findCreated, isLive, deleteLatest, updateLatest } from "../../runtime/safe-writes";
import {
  changesOf,
  contactOf,
  describeUser,
  explainDuplicate,
  managedFields,
  rewriteUser,
  userByEmail,
  type Contact,
} from "./users";
import { createPublicKey } from "node:crypto";

/** What a program says of an organisation, or of a person, and of the user that it logs in as. */
export interface DeclaredOrganisation extends Contact {
  databaseId: string;
  publicKey?: string | undefined;
  /** What its healthcare party has besides a name. */
  party?: PartyFields | undefined;
  /** What its user has besides. */
  user?: Pick<UserFields, "status" | "autoDelegations"> | undefined;
}

export type PartyFields = Pick<HealthcareParty, "firstName" | "lastName" | "parentId">;
const partyFields = ["firstName", "lastName", "parentId"] as const;

export interface Organisation {
  party: HealthcareParty;
  /** Absent where it has none yet, or has lost it. */
  user?: User | undefined;
}

/** Generations of ids of objects that this resource may have created. */
const maxGenerations = 100;

export function describeOrganisation({ id, name }: Pick<HealthcareParty, "id" | "name">): string {
  return `the organisation ${quoted(name ?? id)} (id ${id})`;
}

/** Creates the healthcare party, or adopts an existing one with its user. */
export async function createParty(
  context: Context,
  resource: Identity,
  declared: DeclaredOrganisation,
): Promise<Organisation> {
  const { databaseId, name, email, publicKey } = declared;
  const { healthcareParties } = context.cockpit;
  const owner = email === undefined ? undefined : await userByEmail(context, databaseId, email);
  const orphan = owner && (await findUserOfDeletedParty(context, resource, declared, owner));
  if (owner && !orphan) {
    return adoptOrganisation(context, resource, declared, owner);
  }
  let found: User | undefined;
  const party = await createOnce<HealthcareParty>({
    what: `the organisation ${quoted(name)}`,
    idOf: (generation) => partyIdOf(resource, databaseId, generation),
    get: (id) => healthcareParties.get(databaseId, id),
    post: (id) =>
      healthcareParties.create(databaseId, {
        id,
        name,
        ...declared.party,
        ...withPublicKey({}, publicKey),
      }),
    isOwnedByOther: (id) => hasOtherOwner(context, resource, id),
    adoptOrRefuse: async (live) => {
      await takeOver(context, resource, {
        ...takeoverOfOrganisation(live),
        differences: async () => {
          found = await userOf(context, databaseId, live.id);
          return organisationDifferences(declared, { party: live, user: found });
        },
      });
      return live;
    },
  });
  return { party, user: orphan ?? found };
}

/** Creates the user of the organisation, unless an interrupted run already did. */
export async function ensureUser(
  context: Context,
  declared: DeclaredOrganisation,
  { party, user }: Organisation,
): Promise<User> {
  const { databaseId } = declared;
  const { users } = context.cockpit;
  const more = { healthcarePartyId: party.id, ...declared.user };
  const asDeclared = async (live: User): Promise<User> =>
    (await rewriteUser(context, databaseId, live.id, declared, {}, more)) ?? live;
  if (user) {
    return asDeclared(user);
  }
  return createOnce<User>({
    what: `the user of ${describeOrganisation(party)}`,
    idOf: (generation) => organisationUserId(party.id, generation),
    get: (id) => users.get(databaseId, id),
    post: async (id) => {
      try {
        return await users.create(databaseId, { id, ...contactOf(declared), ...more });
      } catch (error) {
        throw await explainDuplicate(context, databaseId, id, declared, error);
      }
    },
    adoptOrRefuse: (live) => {
      if (live.healthcarePartyId === party.id) {
        return asDeclared(live);
      }
      throw new CockpitError({
        code: "contact-in-use",
        what: `${describeUser(live)} belongs to another healthcare party than ${describeOrganisation(party)}. Nothing was changed.`,
        remedy: "Use a different e-mail address.",
      });
    },
  });
}

/** Updates the live healthcare party to its declaration. Undefined: it no longer exists. */
export function rewriteParty(
  context: Context,
  id: string,
  { databaseId, name, publicKey, party = {} }: DeclaredOrganisation,
  before: PartyFields = {},
): Promise<HealthcareParty | undefined> {
  const { healthcareParties } = context.cockpit;
  const wanted = { name, ...managedFields(partyFields, party, before) };
  return updateLatest<HealthcareParty>({
    read: () => healthcareParties.get(databaseId, id),
    changes: (live) => ({ ...changesOf(live, wanted), ...withPublicKey(live, publicKey) }),
    write: (changed) => healthcareParties.update(databaseId, changed),
  });
}

/** Whether it existed. */
export function removeParty(context: Context, databaseId: string, id: string): Promise<boolean> {
  const { healthcareParties } = context.cockpit;
  return deleteLatest<HealthcareParty>({
    read: () => healthcareParties.get(databaseId, id),
    delete: (rev) => healthcareParties.delete(databaseId, id, rev),
  });
}

/** The user that was created with a healthcare party. */
export async function findCreatedUser(
  context: Context,
  databaseId: string,
  partyId: string,
): Promise<User | undefined> {
  const user = await findCreated([partyId], {
    idOf: organisationUserId,
    get: (id) => context.cockpit.users.get(databaseId, id),
  });
  return user?.healthcarePartyId === partyId ? user : undefined;
}

/** The user of the organisation that a resource created under one of its names, if no id is known. */
export async function userOfResource(
  context: Context,
  names: readonly Identity[],
  databaseId: string,
): Promise<User | undefined> {
  const party = await findCreated(names, {
    idOf: (resource, generation) => partyIdOf(resource, databaseId, generation),
    get: (id) => context.cockpit.healthcareParties.get(databaseId, id),
  });
  return party && findCreatedUser(context, databaseId, party.id);
}

/** A user of this resource whose healthcare party was deleted: it gets the new one. */
async function findUserOfDeletedParty(
  context: Context,
  resource: Identity,
  { databaseId }: DeclaredOrganisation,
  owner: User,
): Promise<User | undefined> {
  const partyId = owner.healthcarePartyId;
  const generations = Array.from({ length: maxGenerations }, (_, generation) => generation);
  const isOurs = generations.some((generation) => partyIdOf(resource, databaseId, generation) === partyId);
  if (partyId === undefined || !isOurs) {
    return undefined;
  }
  const party = await context.cockpit.healthcareParties.get(databaseId, partyId);
  return isLive(party) ? undefined : owner;
}

/** The e-mail is somebody's already: of an organisation to take over, or of one to leave alone. */
async function adoptOrganisation(
  context: Context,
  resource: Identity,
  declared: DeclaredOrganisation,
  owner: User,
): Promise<Organisation> {
  const { databaseId, email } = declared;
  const partyId = owner.healthcarePartyId;
  const party =
    partyId === undefined ? undefined : await context.cockpit.healthcareParties.get(databaseId, partyId);
  if (!isLive(party)) {
    throw new CockpitError({
      code: "contact-in-use",
      what: `email: ${quoted(email ?? "")} already belongs to ${describeUser(owner)} of the database ${databaseId}, which is not an organisation. Nothing was created.`,
      remedy: "Use a different e-mail address.",
    });
  }
  const organisation = { party, user: owner };
  await takeOver(context, resource, {
    ...takeoverOfOrganisation(party),
    otherwise: "declare another e-mail address",
    before: `email: ${quoted(email ?? "")} already belongs to ${describeUser(owner)}; `,
    differences: () => organisationDifferences(declared, organisation),
  });
  return organisation;
}

function takeoverOfOrganisation(party: HealthcareParty): Takeover {
  return { what: describeOrganisation(party), id: party.id };
}

/** The object that creation would adopt if COCKPIT_ADOPT names it. */
export async function findExistingOrganisation(
  context: Context,
  databaseId: string,
  email: unknown,
): Promise<Takeover | undefined> {
  const owner = typeof email === "string" ? await userByEmail(context, databaseId, email) : undefined;
  const id = owner?.healthcarePartyId;
  const party = id === undefined ? undefined : await context.cockpit.healthcareParties.get(databaseId, id);
  return isLive(party) ? takeoverOfOrganisation(party) : undefined;
}

function organisationDifferences(declared: DeclaredOrganisation, { party, user }: Organisation): string[] {
  const { name, email, mobilePhone, publicKey } = declared;
  return [
    ...difference("name:", party.name, name),
    ...(user === undefined || email === undefined ? [] : difference("email:", user.email, email)),
    ...(user === undefined || mobilePhone === undefined
      ? []
      : difference("mobilePhone:", user.mobilePhone, mobilePhone)),
    ...partyFields.flatMap((key) =>
      declared.party?.[key] === undefined ? [] : difference(`${key}:`, party[key], declared.party[key]),
    ),
    ...(publicKey === undefined || hasPublicKey(party, publicKey) ? [] : ["publicKey: it has another one"]),
  ];
}

/** Any user of the healthcare party, including one that Cockpit created. */
async function userOf(context: Context, databaseId: string, partyId: string): Promise<User | undefined> {
  const users = await context.cockpit.users.find(databaseId, { healthcarePartyId: partyId });
  return users.find((user) => user.healthcarePartyId === partyId && user.deletedAt === undefined);
}

function partyIdOf(resource: Identity, databaseId: string, generation: number): string {
  return computedUuid(resource.type, resource, [databaseId], generation);
}

function organisationUserId(partyId: string, generation: number): string {
  return dependentUuid(partyId, "user", generation);
}

const minKeyBits = 2048;

/**
 * What is wrong with a public key, in words that hold nothing of it: somebody may have pasted the private one.
 * The API takes SPKI in hexadecimal.
 */
export function publicKeyProblem(text: string): string | undefined {
  if (/PRIVATE KEY/.test(text)) {
    return "is a private key, which must never leave the organisation; give the public one";
  }
  const howTo =
    "it must be the SPKI form in hexadecimal, as `openssl pkey -in private.pem -pubout -outform DER | xxd -p -c 0` prints it";
  if (!/^([0-9a-f]{2})+$/.test(text)) {
    return `is not written in lower-case hexadecimal: ${howTo}`;
  }
  try {
    const key = createPublicKey({ key: Buffer.from(text, "hex"), format: "der", type: "spki" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType !== "rsa" || bits < minKeyBits
      ? `must be an RSA key of at least ${minKeyBits} bits`
      : undefined;
  } catch {
    return `is not a public key: ${howTo}`;
  }
}

type Keys = Pick<HealthcareParty, "publicKey" | "publicKeysForOaepWithSha256">;

export function hasPublicKey(party: Keys, key: string): boolean {
  return party.publicKey === key || (party.publicKeysForOaepWithSha256 ?? []).includes(key);
}

/** A key is only ever added: data that was shared with an earlier one still needs it. */
export function withPublicKey(party: Keys, key: string | undefined): Keys {
  return key === undefined || hasPublicKey(party, key)
    ? {}
    : { publicKeysForOaepWithSha256: [...(party.publicKeysForOaepWithSha256 ?? []), key] };
}
