import { z } from "zod";
import { described } from "../../framework/field";
import { inheritedProtection } from "../group/contents";
import { chosenGroupId, displayName, emailAddress, phoneNumber } from "../../runtime/inputs";
import { roleIds } from "./roles";

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
    "Id of the database that the user is in. Somebody who works with several solutions is declared in a database of each, with the same e-mail address: it is one login, which chooses. Changing it makes a new user there and deletes the old one. (Cockpit API: POST /user/inGroup/{groupId})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  userType: described(
    'Who it is: a "healthcare-party", which is a person who works with patients, an "organisation" that such belong to, or a "user" that is neither, such as another system. Patients and devices are not declared. Changing it from or to "user" makes a new one and deletes the old one.',
    z.enum(userTypes, {
      error: ({ input }) => refused[String(input)] ?? `must be one of ${userTypes.join(", ")}`,
    }),
    { onChange: "replace" },
  ),
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId}, PUT /hcparty/inGroup/{groupId})",
    displayName,
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
    "Id of its user, as an AccessToken needs it. Empty while the user is missing; the next up makes it.",
    z.string().optional(),
    { onChange: "nothing", isComputed: true },
  ),
  username: described(
    "The name that its user logs in with: the database's id, a slash and the user's id.",
    z.string().optional(),
    { onChange: "nothing", isComputed: true },
  ),
  deletionProtection: inheritedProtection,
});

export const state = z.looseObject({
  deletionProtection: z.boolean().optional(),
  databaseId: z.string(),
  userType: z.enum(userTypes),
  name: z.string().default(""),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
  parentId: z.string().optional(),
  email: z.string().optional(),
  mobilePhone: z.string().optional(),
  login: z.string().optional(),
  status: z.enum(["active", "disabled"]).optional(),
  roles: z.array(z.string()).optional(),
  loginIdentifiers: z.array(z.object({ assigner: z.string(), value: z.string() })).optional(),
  autoDelegations: z.record(z.string(), z.array(z.string())).optional(),
  userId: z.string().default(""),
  username: z.string().default(""),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
});

export type Declared = z.output<typeof inputs>;
export type State = z.output<typeof state>;
