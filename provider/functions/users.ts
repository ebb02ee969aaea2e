import { z } from "zod";
import { type User, isBuiltin } from "../client";
import { described } from "../framework/field";
import { chosenGroupId, normalizedEmail } from "../runtime/inputs";
import { quoted } from "../runtime/messages";
import { isLive } from "../runtime/safe-writes";
import { defineLookUp, inOrder, NotFoundError } from "./search";

const userResult = z.object({
  id: described("Id of the user.", z.string()),
  groupId: described("Id of the environment, solution or database that it is in.", z.string()),
  username: described("The name that it logs in with: the group's id, a slash and its own.", z.string()),
  name: described("Its name on Cockpit's screens.", z.string()),
  email: described("Its e-mail address, where it has one.", z.string().optional()),
  mobilePhone: described("Its mobile phone, where it has one.", z.string().optional()),
  login: described("Its login, where it has one.", z.string().optional()),
  isDisabled: described("Whether it may not log in.", z.boolean()),
  isAdministrator: described(
    "Whether it administers the group, where the server tells.",
    z.boolean().optional(),
  ),
  healthcarePartyId: described("Id of its healthcare party, where it has one.", z.string().optional()),
  roles: described(
    "Ids of the roles that it was given; absent where it has those that its kind of user has by default.",
    z.array(z.string()).optional(),
  ),
});

const userGroup = described(
  "Id of the environment, solution or database that the user is in.",
  chosenGroupId,
);

export const getUsers = defineLookUp({
  name: "getUsers",
  description:
    "Lists the users of a group without its patients and devices, whose data has no place in a state. (Cockpit API: GET /user/inGroup/{groupId}, POST /user/filter/inGroup/{groupId})",
  example: `import { getDatabaseOutput, getUsersOutput } from "pulumi-cockpit";

const france = getDatabaseOutput({ name: "Petra France" });
const { users } = getUsersOutput({ groupId: france.id });

export const names = users.apply((all) => all.map(({ name }) => name));
`,
  args: z.strictObject({
    groupId: described("Id of the environment, solution or database whose users to list.", chosenGroupId),
    text: described(
      "Only those whose name, e-mail address or phone has this in it, as the server's own search finds them. Default: all.",
      z.string("must be a string").min(1, "must not be empty").optional(),
    ),
  }),
  result: z.object({
    users: described(
      "The users, in the order of their names.",
      z.array(described("A user.", userResult, { typeName: "GetUserResult" })),
    ),
  }),

  async call(context, { groupId, text }) {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    const found =
      text === undefined ? await cockpit.users.list(groupId) : await cockpit.users.find(groupId, { text });
    return { users: inOrder(found.filter(isShown).map((user) => userFrom(groupId, user))) };
  },
});

export const getUser = defineLookUp({
  name: "getUser",
  description:
    "Finds one user of a group, by its id or by its e-mail address, by the server's filter and without reading the others. Patients and devices are not found, because their data has no place in a state. (Cockpit API: POST /user/filter/inGroup/{groupId})",
  example: `import { AccessToken, getDatabaseOutput, getUserOutput } from "pulumi-cockpit";

const france = getDatabaseOutput({ name: "Petra France" });
const ada = getUserOutput({ groupId: france.id, email: "ada@petra.example" });

new AccessToken("ada", { groupId: france.id, userId: ada.id, expiresIn: "30d" });
`,
  args: z.strictObject({
    groupId: userGroup,
    id: described("Id of the user.", z.string("must be a string").min(1, "must not be empty").optional()),
    email: described(
      "Its e-mail address, as it logs in with it.",
      z.string("must be a string").min(1, "must not be empty").optional(),
    ),
  }),
  result: userResult,
  variants: [
    { name: "ById", description: "By its id.", key: "id" },
    { name: "ByEmail", description: "By its e-mail address.", key: "email" },
  ],

  async call(context, { groupId, id, email }) {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    const found =
      email === undefined
        ? [await cockpit.users.withRights(groupId, id ?? "")].filter((user) => user !== undefined)
        : (await cockpit.users.find(groupId, { text: email })).filter(
            (user) => user.email !== undefined && normalizedEmail(user.email) === normalizedEmail(email),
          );
    const [user] = found.filter(isShown);
    if (!user) {
      throw new NotFoundError(
        `the group ${groupId} has no user ${email === undefined ? `of the id ${quoted(id ?? "")}` : `with the e-mail ${quoted(email)}`}, or it is a patient or a device.`,
      );
    }
    return userFrom(groupId, user);
  },
});

/** Neither gone, nor a patient, nor a device. */
function isShown(user: User): boolean {
  return isLive(user) && user.patientId === undefined && user.deviceId === undefined;
}

function userFrom(groupId: string, user: User): z.output<typeof userResult> {
  const { id, name, email, mobilePhone, login, isAdministrator, healthcarePartyId, ownRoles } = user;
  return {
    id,
    groupId,
    username: `${groupId}/${id}`,
    name: name ?? "",
    isDisabled: user.status === "DISABLED",
    ...(email === undefined ? {} : { email }),
    ...(mobilePhone === undefined ? {} : { mobilePhone }),
    ...(login === undefined ? {} : { login }),
    ...(isAdministrator === undefined ? {} : { isAdministrator }),
    ...(healthcarePartyId === undefined ? {} : { healthcarePartyId }),
    ...(ownRoles === undefined ? {} : { roles: ownRoles }),
  };
}

const role = z.object({
  id: described("Its id, as `roles` of other resources take it.", z.string()),
  name: described("Its name.", z.string()),
  description: described("What it is for, where that is told.", z.string().optional()),
  permissions: described("What it grants.", z.array(z.string())),
  inheritsUpTo: described(
    "How many levels below its group may use it; absent where all may.",
    z.number().optional(),
  ),
  isBuiltin: described("Whether every server has it, and nobody can change it.", z.boolean()),
});

export const getRoles = defineLookUp({
  name: "getRoles",
  description:
    "Lists the roles that users of a group can be given: builtin ones, the group's own, and those of groups above that are inherited so far down. (Cockpit API: GET /role/inGroup/{groupId})",
  example: `import { getRolesOutput, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { roles } = getRolesOutput({ groupId: petra.id });

export const ownRoles = roles.apply((all) => all.filter((role) => !role.isBuiltin).map(({ id }) => id));
`,
  args: z.strictObject({
    groupId: described("Id of the environment, solution or database whose roles to list.", chosenGroupId),
  }),
  result: z.object({
    roles: described("The roles, in the order of their names.", z.array(described("A role.", role))),
  }),

  async call(context, { groupId }) {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    const roles = await cockpit.roles.inGroup(groupId);
    return {
      roles: inOrder(
        roles.map(({ id, name, description, permissions, inheritsUpTo }) => ({
          id,
          name: name ?? id,
          permissions,
          isBuiltin: isBuiltin({ id }),
          ...(description === undefined ? {} : { description }),
          ...(inheritsUpTo === undefined ? {} : { inheritsUpTo }),
        })),
      ),
    };
  },
});

export const getPermissions = defineLookUp({
  name: "getPermissions",
  description:
    "Lists every permission that a Role can grant, as the server of the first environment of the configuration knows them. (Cockpit API: GET /aa/icure/permissions)",
  example: `import { getPermissionsOutput } from "pulumi-cockpit";

const { permissions } = getPermissionsOutput();

export const aboutUsers = permissions.apply((all) => all.filter((one) => one.startsWith("UserManagement.")));
`,
  args: z.strictObject({}),
  result: z.object({
    permissions: described("The permissions, in the order of their names.", z.array(z.string())),
  }),

  async call(context) {
    const [first] = await context.environments.all();
    const permissions = (await first?.cockpit.roles.permissions()) ?? [];
    return { permissions: [...permissions].sort() };
  },
});
