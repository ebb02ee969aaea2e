import { z } from "zod";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
import { anyGroup, defineContent, inheritedProtection } from "../runtime/groups/contents";
import {
  asInState,
  chosenGroupId,
  displayName,
  emailAddress,
  normalizedEmail,
  phoneNumber,
} from "../runtime/inputs";
import { deletedOutside, quoted } from "../runtime/messages";
import {
  findExistingAdministrator,
  administratorOfResource,
  assertNotLastAdministrator,
  createAdministrator,
  administratorDeletions,
} from "./people/administrators";
import { isLive } from "../runtime/safe-writes";
import {
  describeUser,
  emailFailures,
  knownUserId,
  removeUser,
  rewriteUser,
  usernameOf,
  usersOf,
  userToImport,
} from "./people/users";
import { CockpitError } from "../errors";
import type { User } from "../client";
import type { Context } from "../runtime/context";
import { idParts } from "../runtime/environments";

const inputs = z.strictObject({
  groupId: described(
    "Id of what it administers, with everything below: an environment, a solution or a database. Cockpit itself lets only iCure's team create administrators of an environment, and the API may refuse it. Changing it creates a new administrator there and deletes the old one. (Cockpit API: POST /user/admin/inGroup/{groupId})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    displayName,
    { state: z.string().default("") },
  ),
  email: described(
    "E-mail address, by which it logs in, unique within the group. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    emailAddress,
    { state: z.string().default("") },
  ),
  mobilePhone: described(
    "Mobile phone: 6 to 20 digits, with + and the country code in front. Several users of a group may have the same; none may have it as login. If omitted, the existing value is kept and not reported as drift. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    phoneNumber.optional(),
  ),
  userId: described("Id of its user, the second part of its id.", z.string().optional(), {
    onChange: "nothing",
    isComputed: true,
    state: z.string(),
  }),
  deletionProtection: inheritedProtection,
});

const outputs = {
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

const changeable = ["name", "email", "mobilePhone"] as const;

const byGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose users to look at.", chosenGroupId),
});

export const Administrator = defineContent({
  type: "Administrator",
  description:
    "Somebody who administers an environment, a solution or a database. It is created without a password and gets no invitation e-mail. Its id, `groupId/userId`, is a name that it logs in with.",
  example: `import { Administrator, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });

const ada = new Administrator("ada", {
  groupId: petra.id,
  name: "Ada Petrova",
  email: "ada@petra.example",
  mobilePhone: "+32470123456",
});

export const adasId = ada.id;
`,
  inputs,
  outputs,
  within: { property: "groupId", kinds: anyGroup },
  describe: ({ name }, id) => `the administrator ${quoted(name)} (id ${id})`,

  async check(context, { resource, before, olds, news }) {
    const userId = await knownUserId(olds, news, { place: "groupId", changeable }, async () => {
      const groupId = String(news.groupId);
      const here = await context.environments.holding(groupId, undefined, resource.name);
      return administratorOfResource(here, [resource, before], groupId);
    });
    return {
      inputs: { ...news, ...(userId !== undefined && { userId }) },
      failures: emailFailures(context, resource, news.groupId, news.email),
    };
  },

  findExisting: (context, { groupId, email }) => findExistingAdministrator(context, String(groupId), email),

  async create(context, resource, declared) {
    const { id: userId } = await createAdministrator(context, resource, declared);
    return { id: usernameOf(declared.groupId, userId), state: { ...declared, userId } };
  },

  async read(context, _id, state) {
    const user = await context.cockpit.users.withRights(state.groupId, state.userId);
    if (!isLive(user)) {
      return undefined;
    }
    if (user.isAdministrator === false) {
      context.warn(
        `${describeUser(user)} is declared as an administrator but has lost its rights. Nothing is changed; grant them in Cockpit, or create it again with \`pulumi up --replace\`.`,
      );
    }
    const { mobilePhone, ...rest } = state;
    return {
      ...rest,
      name: user.name ?? "",
      email: asInState(state.email, user.email ?? "", normalizedEmail),
      ...(mobilePhone === undefined || user.mobilePhone === undefined
        ? {}
        : { mobilePhone: user.mobilePhone }),
    };
  },

  import: importAdministrator,
  list: listing(byGroup, listAdministrators),

  async update(context, id, state, declared) {
    const { groupId, userId } = state;
    if (!(await rewriteUser(context, groupId, userId, declared, state))) {
      throw deletedOutside(`the administrator ${quoted(state.name)} (id ${id})`);
    }
    return { ...declared, userId };
  },

  async delete(context, _id, { groupId, userId }) {
    return administratorDeletions.run(async () => {
      const user = await context.cockpit.users.withRights(groupId, userId);
      if (!isLive(user)) {
        return "gone";
      }
      await assertNotLastAdministrator(context, groupId, user);
      await removeUser(context, groupId, userId);
      return undefined;
    });
  },
});

async function importAdministrator(context: Context, id: string) {
  const [groupId = "", userId = ""] = idParts(id, "groupId/userId");
  const found = await userToImport(context, groupId, userId);
  if (!found) {
    return undefined;
  }
  const { user, environmentId } = found;
  if (user.isAdministrator === false) {
    throw new CockpitError({
      code: "wrong-kind",
      what: `${describeUser(user)} does not administer the group ${groupId}, so it was not imported.`,
      remedy: "Give the id of an administrator.",
    });
  }
  return administratorState(environmentId, groupId, user);
}

export function administratorState(environmentId: string, groupId: string, user: User) {
  return {
    groupId,
    name: user.name ?? "",
    email: user.email ?? "",
    ...(user.mobilePhone === undefined ? {} : { mobilePhone: user.mobilePhone }),
    userId: user.id,
    deletionProtection: true,
    environmentId,
  };
}

async function listAdministrators(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const users = await usersOf(context, groupId);
  return users
    .filter(({ isAdministrator }) => isAdministrator === true)
    .map(({ id, name, email }) => ({ id: usernameOf(groupId, id), name: name ?? email ?? id }));
}
