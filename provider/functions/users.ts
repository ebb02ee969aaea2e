import { z } from "zod";
import type { User } from "../client";
import { described } from "../framework/field";
import { defineFunction } from "../framework/function";
import type { Context } from "../runtime/context";
import { chosenGroupId, oneCase } from "../runtime/inputs";
import { quoted } from "../runtime/messages";
import { isLive } from "../resources/people/safe-writes";
import { inOrder } from "./results";
import { NotFoundError } from "./search";

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

const args = z.strictObject({
  groupId: described("Id of the environment, solution or database whose users to list.", chosenGroupId),
  text: described(
    "Only those whose name, e-mail address or phone has this in it, as the server's own search finds them. Default: all.",
    z.string("must be a string").min(1, "must not be empty").optional(),
  ),
});

const result = z.object({
  users: described(
    "The users, in the order of their names.",
    z.array(described("A user.", userResult, { typeName: "GetUserResult" })),
  ),
});

export const getUsers = defineFunction<Context, typeof args, typeof result>({
  name: "getUsers",
  description:
    "Lists the users of a group without its patients and devices, whose data has no place in a state. (Cockpit API: GET /user/inGroup/{groupId}, POST /user/filter/inGroup/{groupId})",
  example: `import { getDatabaseOutput, getUsersOutput } from "pulumi-cockpit";

const france = getDatabaseOutput({ name: "Petra France" });
const { users } = getUsersOutput({ groupId: france.id });

export const names = users.apply((all) => all.map(({ name }) => name));
`,
  args,
  result,

  async call(context, { groupId, text }) {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    const found =
      text === undefined ? await cockpit.users.list(groupId) : await cockpit.users.find(groupId, { text });
    return { users: inOrder(found.filter(isShown).map((user) => userFrom(groupId, user))) };
  },
});

const oneArgs = z.strictObject({
  groupId: userGroup,
  id: described("Id of the user.", z.string("must be a string").min(1, "must not be empty").optional()),
  email: described(
    "Its e-mail address, as it logs in with it.",
    z.string("must be a string").min(1, "must not be empty").optional(),
  ),
});

export const getUser = defineFunction<Context, typeof oneArgs, typeof userResult>({
  name: "getUser",
  description:
    "Finds one user of a group, by its id or by its e-mail address, by the server's filter and without reading the others. Patients and devices are not found, because their data has no place in a state. (Cockpit API: POST /user/filter/inGroup/{groupId})",
  example: `import { AccessToken, getDatabaseOutput, getUserOutput } from "pulumi-cockpit";

const france = getDatabaseOutput({ name: "Petra France" });
const ada = getUserOutput({ groupId: france.id, email: "ada@petra.example" });

new AccessToken("ada", { groupId: france.id, userId: ada.id, expiresIn: "30d" });
`,
  args: oneArgs,
  result: userResult,
  askedBy: [
    { name: "ById", description: "By its id.", key: "id" },
    { name: "ByEmail", description: "By its e-mail address.", key: "email" },
  ],

  async call(context, { groupId, id, email }) {
    const { cockpit } = await context.environments.holding(groupId, undefined, groupId);
    const found =
      email === undefined
        ? [await cockpit.users.withRights(groupId, id ?? "")].filter((user) => user !== undefined)
        : (await cockpit.users.find(groupId, { text: email })).filter(
            (user) => user.email !== undefined && oneCase(user.email) === oneCase(email),
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
