import { z } from "zod";
import { described } from "../framework/metadata";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";

const args = z.strictObject({});

const result = z.object({
  permissions: described("The permissions, in the order of their names.", z.array(z.string())),
});

export const getPermissions = defineFunction<Context, typeof args, typeof result>({
  name: "getPermissions",
  description:
    "Lists every permission that a Role can grant, as the server of the first environment of the configuration knows them. (Cockpit API: GET /aa/icure/permissions)",
  example: `import { getPermissionsOutput } from "pulumi-cockpit";

const { permissions } = getPermissionsOutput();

export const aboutUsers = permissions.apply((all) => all.filter((one) => one.startsWith("UserManagement.")));
`,
  args,
  result,

  async call(context) {
    const [first] = await context.environments.all();
    const permissions = (await first?.cockpit.roles.permissions()) ?? [];
    return { permissions: [...permissions].sort() };
  },
});
