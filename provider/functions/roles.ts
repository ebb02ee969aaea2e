import { z } from "zod";
import { isBuiltin } from "../client";
import { described } from "../framework/field";
import { defineFunction } from "../framework/function";
import type { Context } from "../runtime/context";
import { chosenGroupId } from "../runtime/inputs";
import { inOrder } from "./results";

const args = z.strictObject({
  groupId: described("Id of the environment, solution or database whose roles to list.", chosenGroupId),
});

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

const result = z.object({
  roles: described("The roles, in the order of their names.", z.array(described("A role.", role))),
});

export const getRoles = defineFunction<Context, typeof args, typeof result>({
  name: "getRoles",
  description:
    "Lists the roles that users of a group can be given: builtin ones, the group's own, and those of groups above that are inherited so far down. (Cockpit API: GET /role/inGroup/{groupId})",
  example: `import { getRolesOutput, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { roles } = getRolesOutput({ groupId: petra.id });

export const ownRoles = roles.apply((all) => all.filter((role) => !role.isBuiltin).map(({ id }) => id));
`,
  args,
  result,

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

const permissionArgs = z.strictObject({});

const permissionResult = z.object({
  permissions: described("The permissions, in the order of their names.", z.array(z.string())),
});

export const getPermissions = defineFunction<Context, typeof permissionArgs, typeof permissionResult>({
  name: "getPermissions",
  description:
    "Lists every permission that a Role can grant, as the server of the first environment of the configuration knows them. (Cockpit API: GET /aa/icure/permissions)",
  example: `import { getPermissionsOutput } from "pulumi-cockpit";

const { permissions } = getPermissionsOutput();

export const aboutUsers = permissions.apply((all) => all.filter((one) => one.startsWith("UserManagement.")));
`,
  args: permissionArgs,
  result: permissionResult,

  async call(context) {
    const [first] = await context.environments.all();
    const permissions = (await first?.cockpit.roles.permissions()) ?? [];
    return { permissions: [...permissions].sort() };
  },
});
