import { CockpitError } from "../../errors";
import type { User } from "../../client";
import { computedUuid, type Identity } from "../../framework/identity";
import { difference, hasOtherOwner, takeOver, type Takeover } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { createOnce, findCreated } from "../../runtime/safe-writes";
import type { DeclaredOrganisation } from "./organisation";
import { contactOf, describeUser, explainDuplicate, userByEmail } from "./users";

/** Creates a user without a healthcare party, or adopts an existing one. */
export async function createTechnicalUser(
  context: Context,
  resource: Identity,
  declared: DeclaredOrganisation,
): Promise<User> {
  const { databaseId, name, email } = declared;
  const { users } = context.cockpit;
  const owner = email === undefined ? undefined : await userByEmail(context, databaseId, email);
  if (owner) {
    return adoptTechnicalUser(context, resource, declared, owner);
  }
  return createOnce<User>({
    what: `the user ${quoted(name)}`,
    idOf: (generation) => technicalUserId(resource, databaseId, generation),
    get: (id) => users.get(databaseId, id),
    post: async (id) => {
      try {
        return await users.create(databaseId, { id, ...contactOf(declared), ...declared.user });
      } catch (error) {
        throw await explainDuplicate(context, databaseId, id, declared, error);
      }
    },
    isOwnedByOther: (id) => hasOtherOwner(context, resource, id),
    adoptOrRefuse: (live) => adoptTechnicalUser(context, resource, declared, live),
  });
}

/** The user that a resource created under one of its names, if no id is known. */
export async function technicalUserOfResource(
  context: Context,
  names: readonly Identity[],
  databaseId: string,
): Promise<User | undefined> {
  return findCreated(names, {
    idOf: (resource, generation) => technicalUserId(resource, databaseId, generation),
    get: (id) => context.cockpit.users.get(databaseId, id),
  });
}

/** The object that creation would adopt if COCKPIT_ADOPT names it. */
export async function findExistingTechnicalUser(
  context: Context,
  databaseId: string,
  email: unknown,
): Promise<Takeover | undefined> {
  const owner = typeof email === "string" ? await userByEmail(context, databaseId, email) : undefined;
  return owner && { what: describeUser(owner), id: owner.id };
}

/** Adopts an existing user, or throws. */
async function adoptTechnicalUser(
  context: Context,
  resource: Identity,
  declared: DeclaredOrganisation,
  live: User,
): Promise<User> {
  const what = describeUser(live);
  if (live.healthcarePartyId ?? live.patientId ?? live.deviceId) {
    throw new CockpitError({
      code: "contact-in-use",
      what: `email: ${quoted(declared.email ?? "")} already belongs to ${what} of the database ${declared.databaseId}, which is a healthcare party, a patient or a device. Nothing was created.`,
      remedy: "Use a different e-mail address.",
    });
  }
  await takeOver(context, resource, {
    what,
    id: live.id,
    otherwise: "rename this resource, or declare another e-mail address",
    differences: () =>
      (["name", "email", "mobilePhone", "login"] as const).flatMap((key) => {
        const wanted = declared[key];
        return wanted === undefined ? [] : difference(`${key}:`, live[key], wanted);
      }),
  });
  return live;
}

function technicalUserId(resource: Identity, databaseId: string, generation: number): string {
  return computedUuid(resource.type, resource, [databaseId], generation);
}
