import { z } from "zod";
import { described } from "../../framework/field";
import type { StateOf } from "../../framework/state";
import { inheritedProtection } from "../../runtime/groups/contents";
import { chosenGroupId, displayName, emailAddress, phoneNumber } from "../../runtime/inputs";
import { roleIds } from "./roles";
import { CockpitError } from "../../errors";
import type { HealthcareParty, User } from "../../client";
import { withoutUndefined } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { quoted } from "../../runtime/messages";
import { isLive } from "../../runtime/safe-writes";
import { describeUser, usernameOf, usersOf } from "./users";
import { databasesIn, type Place, places } from "../../runtime/environments";
import type { Listed } from "../../framework/resource";

const userTypes = ["healthcare-party", "organisation", "user"] as const;

/** Why there are kinds of users that no program declares. */
const refused: Readonly<Record<string, string>> = {
  patient:
    "patients are not declared: what Cockpit keeps of one is encrypted with keys that only the apps have. They register by an AuthenticationProcess, or are made by an app",
  device: "devices are not declared: an app that runs on one makes it with keys of its own",
};

export const personFields = ["firstName", "lastName"] as const;
export const partyFields = [...personFields, "parentId"] as const;
/** What is compared to tell whether anything changes. */
export const changeable = [
  ...(["name", "email", "mobilePhone", "login", "status", "roles"] as const),
  ...(["loginIdentifiers", "autoDelegations"] as const),
  ...partyFields,
] as const;

const delegate = z.string().min(1, "must not be empty");

export const inputs = z.strictObject({
  databaseId: described(
    "Id of the database that the user is in. Somebody who works with several solutions is declared in a database of each, with the same e-mail address: it is one login, which chooses. Changing it creates a new user there and deletes the old one. (Cockpit API: POST /user/inGroup/{groupId})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  userType: described(
    'Who it is: a "healthcare-party", which is a person who works with patients, an "organisation" that such belong to, or a "user" that is neither, such as another system. Patients and devices are not declared. Changing it from or to "user" creates a new one and deletes the old one.',
    z.enum(userTypes, {
      error: ({ input }) => refused[String(input)] ?? `must be one of ${userTypes.join(", ")}`,
    }),
    { onChange: "replace" },
  ),
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId}, PUT /hcparty/inGroup/{groupId})",
    displayName,
    { state: z.string().default("") },
  ),
  firstName: described("First name of a person. Changed in place.", displayName.optional()),
  lastName: described("Last name of a person. Changed in place.", displayName.optional()),
  parentId: described(
    "Id of the organisation above it, in the same database: the `id` of a User of that type or of a ParentOrganisation. Changed in place. (Cockpit API: HealthcareParty.parentId)",
    z.string().min(1, "must not be empty").optional(),
  ),
  email: described(
    "E-mail address, by which it logs in, unique within the database. One of email, mobilePhone and login is required. Changed in place.",
    emailAddress.optional(),
  ),
  mobilePhone: described(
    "Mobile phone: 6 to 20 digits, with + and the country code in front. If omitted, the existing value is left alone and not reported as drift. Changed in place.",
    phoneNumber.optional(),
  ),
  login: described(
    "A name to log in with besides, unique within the database. Default: the e-mail address or, without one, the phone. Changed in place.",
    displayName.optional(),
  ),
  status: described(
    "Whether it may log in: active or disabled. If omitted, the existing value is left alone and not reported as drift. Changed in place.",
    z.enum(["active", "disabled"], "must be active or disabled").optional(),
  ),
  roles: described(
    "Ids of the roles that it has, in any order: names of builtin ones, and ids of Role resources of the database or of a group above. If omitted, it has those that its kind of user has by default. Changed in place. (Cockpit API: POST /user/{userId}/inGroup/{groupId}/roles/set)",
    roleIds.optional(),
  ),
  loginIdentifiers: described(
    "What other systems call it, one name each, for a login by their tokens (ExternalJwt with a field selector of the type identifier). If omitted, they are left alone. Changed in place. (Cockpit API: PUT /user/{userId}/inGroup/{groupId}/identifiers)",
    z
      .array(
        z.strictObject({
          assigner: described("The other system.", z.string().min(1, "must not be empty")),
          value: described("What it calls the user.", z.string().min(1, "must not be empty")),
        }),
      )
      .refine(
        (all) => new Set(all.map(({ assigner }) => assigner)).size === all.length,
        "must not name an assigner twice",
      )
      .optional(),
  ),
  autoDelegations: described(
    'Who gets what the user creates, without being asked: ids of healthcare parties of the database by what is shared, such as "all" or "medicalInformation". If omitted, they are left alone. Changed in place. (Cockpit API: User.autoDelegations)',
    z.record(z.string().min(1, "must not be empty"), z.array(delegate)).optional(),
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

export const outputs = {
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

export type Declared = z.output<typeof inputs>;
export type State = StateOf<typeof inputs, typeof outputs>;

/** By its id alone it may be in any database: that of its healthcare party or, without one, of itself. */
export async function importUser(context: Context, id: string) {
  for (const place of await places(context)) {
    const { cockpit } = place.at;
    for (const { id: databaseId } of await databasesIn(place)) {
      const party: HealthcareParty | undefined = await cockpit.healthcareParties.get(databaseId, id);
      const isParty = isLive(party);
      const found = isParty
        ? (await cockpit.users.find(databaseId, { healthcarePartyId: id })).find(isLive)
        : await cockpit.users.withRights(databaseId, id);
      const user = isLive(found) ? found : undefined;
      if (!isParty && !user) {
        continue;
      }
      const isOther = user?.patientId ?? user?.deviceId ?? (isParty ? undefined : user?.healthcarePartyId);
      if (user && isOther !== undefined) {
        throw new CockpitError({
          code: "wrong-kind",
          what: `${describeUser(user)} is a patient, a device, or the user of the healthcare party ${quoted(isOther)}, so it was not imported.`,
          remedy: "Import a healthcare party by its own id; patients and devices are not declared.",
        });
      }
      return userState(place, databaseId, isParty ? party : undefined, user);
    }
  }
  return undefined;
}

/** Somebody with a first or last name is a person, any other healthcare party an organisation, and who is none a technical user. */
export function userState(
  { environmentId }: Place,
  databaseId: string,
  party: HealthcareParty | undefined,
  user: User | undefined,
) {
  return {
    databaseId,
    userType: party
      ? isPerson(party)
        ? ("healthcare-party" as const)
        : ("organisation" as const)
      : ("user" as const),
    name: user?.name ?? party?.name ?? "",
    ...withoutUndefined({
      firstName: party?.firstName,
      lastName: party?.lastName,
      parentId: party?.parentId,
      email: user?.email,
      mobilePhone: user?.mobilePhone,
      login: user?.login === user?.email ? undefined : user?.login,
      roles: user?.ownRoles,
    }),
    userId: user?.id ?? "",
    username: user ? usernameOf(databaseId, user.id) : "",
    deletionProtection: true,
    environmentId,
  };
}

export function isPerson({ firstName, lastName }: HealthcareParty): boolean {
  return firstName !== undefined || lastName !== undefined;
}

/** Healthcare parties by their own ids, others by that of the user; patients and devices are left out. */
export async function listUsers(context: Context, { databaseId }: { databaseId: string }): Promise<Listed[]> {
  const users = await usersOf(context, databaseId);
  return users
    .filter(({ patientId, deviceId }) => patientId === undefined && deviceId === undefined)
    .map(({ id, healthcarePartyId, name, email }) => ({
      id: healthcarePartyId ?? id,
      name: name ?? email ?? id,
    }));
}

export const byUserDatabase = z.strictObject({
  databaseId: described("Id of the database whose users to list, without patients.", chosenGroupId),
});
