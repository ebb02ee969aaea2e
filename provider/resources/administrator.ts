import { z } from "zod";
import { described } from "../framework/field";
import { defineResource, listing } from "../framework/resource";
import { explainTakeover, isKeptByAdoption } from "../runtime/adoption";
import type { Context } from "../runtime/context";
import { assertGone, assertGroup, locateBy } from "../runtime/environments";
import { assertMayGo, inheritedProtection, protectionOf } from "./group/inherited-protection";
import { asInState, chosenGroupId, displayName, emailAddress, oneCase, phoneNumber } from "../runtime/inputs";
import { deletedOutside, quoted } from "../runtime/messages";
import { byGroup, importAdministrator, listAdministrators } from "./import/people";
import {
  administratorInTheWay,
  administratorOfResource,
  assertDispensable,
  createAdministrator,
  oneAfterTheOther,
} from "./people/administrators";
import { isLive } from "./people/safe-writes";
import {
  describeUser,
  emailFailures,
  knownUserId,
  removeUser,
  rewriteUser,
  usernameOf,
} from "./people/users";

const inputs = z.strictObject({
  groupId: described(
    "Id of what it administers, with everything below: an environment, a solution or a database. Cockpit itself lets only iCure's team make administrators of an environment, and the API may refuse it. Changing it makes a new administrator there and deletes the old one. (Cockpit API: POST /user/admin/inGroup/{groupId})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    displayName,
  ),
  email: described(
    "E-mail address, by which it logs in, unique within the group. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    emailAddress,
  ),
  mobilePhone: described(
    "Mobile phone: 6 to 20 digits, with + and the country code in front. Several users of a group may have the same; none may have it as login. If omitted, the existing value is kept and not reported as drift. Changed in place. (Cockpit API: PUT /user/inGroup/{groupId})",
    phoneNumber.optional(),
  ),
  userId: described("Id of its user, the second part of its id.", z.string().optional(), {
    onChange: "nothing",
    isComputed: true,
  }),
  deletionProtection: inheritedProtection,
});

const state = z.looseObject({
  deletionProtection: z.boolean().optional(),
  groupId: z.string(),
  name: z.string().default(""),
  email: z.string().default(""),
  mobilePhone: z.string().optional(),
  userId: z.string(),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
});

const changeable = ["name", "email", "mobilePhone"] as const;

export const Administrator = defineResource<Context, typeof inputs, typeof state>({
  type: "Administrator",
  description:
    "Somebody who administers an environment, a solution or a database. It is made without a password and gets no invitation e-mail. Its id, `groupId/userId`, is a name that it logs in with.",
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
  state,
  locate: locateBy("groupId"),

  async check(context, { resource, before, olds, news }) {
    const declared = { ...news, ...protectionOf(context, news.groupId, olds) };
    const userId = await knownUserId(olds, declared, { place: "groupId", changeable }, async () => {
      const groupId = String(news.groupId);
      const here = await context.environments.holding(groupId, undefined, resource.name);
      return administratorOfResource(here, [resource, before], groupId);
    });
    await explainTakeover(context, resource, { olds, groupId: news.groupId }, (here, groupId) =>
      administratorInTheWay(here, groupId, news.email),
    );
    const known = userId === undefined ? {} : { userId };
    return {
      inputs: { ...declared, ...known },
      failures: emailFailures(context, resource, news.groupId, news.email),
    };
  },

  async create(context, resource, declared) {
    const environmentId = await context.cockpit.environmentId();
    const { groupId } = declared;
    await assertGroup(context, "groupId", groupId, ["environment", "solution", "database"]);
    const { id: userId } = await createAdministrator(context, resource, declared);
    return { id: usernameOf(groupId, userId), state: { ...declared, userId, environmentId } };
  },

  async read(context, id, state) {
    const user = await context.cockpit.users.withRights(state.groupId, state.userId);
    if (!isLive(user)) {
      await assertGone(context, state.name, id);
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
      environmentId: await context.cockpit.environmentId(),
      name: user.name ?? "",
      email: asInState(state.email, user.email ?? "", oneCase),
      ...(mobilePhone === undefined || user.mobilePhone === undefined
        ? {}
        : { mobilePhone: user.mobilePhone }),
    };
  },

  import: importAdministrator,
  list: listing(byGroup, listAdministrators),

  async update(context, id, state, declared) {
    const { groupId, userId } = state;
    const environmentId = await context.cockpit.environmentId();
    if (!(await rewriteUser(context, groupId, userId, declared, state))) {
      throw deletedOutside(`the administrator ${quoted(state.name)} (id ${id})`);
    }
    return { ...declared, userId, environmentId };
  },

  async delete(context, id, state, resource) {
    const what = `the administrator ${quoted(state.name)} (id ${id})`;
    if (isKeptByAdoption(context, what, "Administrator", id)) {
      return;
    }
    const { groupId, userId } = state;
    await assertMayGo(context, what, groupId, state, resource);
    await oneAfterTheOther(async () => {
      const user = await context.cockpit.users.withRights(groupId, userId);
      if (!isLive(user)) {
        await assertGone(context, state.name, id);
        return;
      }
      await assertDispensable(context, groupId, user);
      await removeUser(context, groupId, userId);
    });
  },
});
