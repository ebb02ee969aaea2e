import { z } from "zod";
import type { CheckFailure } from "../framework/validation";
import { deletedOutside, quoted } from "../runtime/messages";
import { isBuiltin, isSameSet, type Role as LiveRole, roleIdOf } from "../client";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
import { isFullyKnown, withoutUndefined } from "../framework/values";
import { difference, takeOver } from "../runtime/adoption";
import type { Context } from "../runtime/context";
import { anyGroup, defineContent, inheritedProtection } from "../runtime/groups/contents";
import { chosenGroupId } from "../runtime/inputs";
import { assertUnused, byRoleGroup, describeRole, isNameBuiltin, permissionFailures } from "./people/roles";
import { CockpitError } from "../errors";
import { groupToImport, type Place, placeOfGroup } from "../runtime/environments";

const maxDescriptionLength = 300;

const inputs = z.strictObject({
  groupId: described(
    "Id of the environment, solution or database that the role belongs to. Changing it creates a new role there and deletes the old one. (Cockpit API: POST /role/{name}/inGroup/{groupId}/withDescription)",
    chosenGroupId,
    { onChange: "replace" },
  ),
  name: described(
    "Name, unique within the group: 3 to 40 upper-case letters, digits and underscores; not that of a builtin role. Default: the resource's name, which then has to be like that. Changing it creates a new role and deletes the old one.",
    z
      .string()
      .regex(
        /^[A-Z0-9_]{3,40}$/,
        "must have 3 to 40 characters: upper-case letters, digits and underscores, such as AUDITOR",
      ),
    { onChange: "replace" },
  ),
  permissions: described(
    "What users who have the role may do, as getPermissions lists it; in any order. Changed in place. (Cockpit API: PUT /role/{id})",
    z
      .array(z.string().min(1, "must not be empty"))
      .refine((all) => new Set(all).size === all.length, "must not name a permission twice"),
    { state: z.array(z.string()).default([]) },
  ),
  description: described(
    `What the role is for, up to ${maxDescriptionLength} characters. The API can't change it: another one deletes the role and creates it again under the same id, so that users keep it.`,
    z
      .string()
      .max(maxDescriptionLength, `must not be longer than ${maxDescriptionLength} characters`)
      .optional(),
    { onChange: "replace" },
  ),
  inheritsUpTo: described(
    "How many levels below its group may use it: 0 for the group alone, 1 for what is directly in it, too. Default: all levels. Changed in place. (Cockpit API: PUT and DELETE /role/{id}/inheritsUpTo)",
    z.int("must be a whole number").min(0, "must not be less than 0").optional(),
  ),
  deletionProtection: inheritedProtection,
});

const outputs = {
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

type Declared = Omit<z.output<typeof inputs>, "deletionProtection">;

export const Role = defineContent({
  type: "Role",
  description:
    "A role of a team's own: a set of permissions that users of an environment, a solution or a database can be given, here or below. Its id, `groupId:name`, is what `roles` of a User and of DefaultRoles take. One that is still in use is not deleted.",
  example: `import { Role, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });

const auditor = new Role("auditor", {
  groupId: petra.id,
  name: "AUDITOR",
  description: "Reads who did what, and changes nothing",
  permissions: ["AccessLogManagement.ExtendedRead.Any", "UserManagement.Search"],
});

export const auditorId = auditor.id;
`,
  inputs,
  outputs,
  within: { property: "groupId", kinds: anyGroup },
  describe: (_state, id) => describeRole({ id }),
  // A second role can't have the name of the first.
  deleteBeforeReplace: true,
  isEqual: { permissions: (declared, { permissions }) => isSameSet(declared ?? [], permissions) },

  async check(context, { resource, olds, news }) {
    const { groupId, name, permissions } = news;
    const failures: CheckFailure[] = [];
    if (typeof groupId === "string" && typeof name === "string") {
      const id = roleIdOf(groupId, name);
      if (!context.idReservations.reserve(id, resource)) {
        failures.push({
          property: "name",
          code: "id-declared-twice",
          reason: `another resource of this program is ${describeRole({ id })} too`,
        });
      }
    }
    const at = await contextOfGroup(context, groupId, resource.name);
    if (at && typeof name === "string" && olds?.name !== name && (await isNameBuiltin(at, name))) {
      failures.push({
        property: "name",
        code: "invalid-value",
        reason: `${name} is a builtin role, which nobody can change. Use it by its name, or choose another one`,
      });
    }
    if (at && isFullyKnown(permissions)) {
      failures.push(...(await permissionFailures(at, permissions, olds?.permissions)));
    }
    return { inputs: news, failures };
  },

  async findExisting(context, { groupId, name }) {
    const live = await context.cockpit.roles.get(roleIdOf(String(groupId), String(name)));
    return live && { what: describeRole(live), id: live.id };
  },

  async create(context, resource, declared) {
    const id = roleIdOf(declared.groupId, declared.name);
    const live = await context.cockpit.roles.get(id);
    if (live) {
      await takeOver(context, resource, {
        what: describeRole(live),
        id,
        otherwise: "declare another name",
        differences: () => roleDifferences(live, declared),
      });
    } else {
      await context.cockpit.roles.create(declared);
    }
    return { id, state: declared };
  },

  async read(context, id, state) {
    const live = await context.cockpit.roles.getOf(state.groupId, id);
    if (!live) {
      return undefined;
    }
    const { description, inheritsUpTo, ...rest } = state;
    void [description, inheritsUpTo];
    return {
      ...rest,
      permissions: isSameSet(live.permissions, state.permissions) ? state.permissions : live.permissions,
      ...withoutUndefined({ description: live.description, inheritsUpTo: live.inheritsUpTo }),
    };
  },

  import: importRole,
  list: listing(byRoleGroup, listRoles),

  async update(context, id, state, declared) {
    const { roles } = context.cockpit;
    if (!(await roles.get(id))) {
      throw deletedOutside(describeRole({ id }));
    }
    if (!isSameSet(state.permissions, declared.permissions)) {
      await roles.setPermissions(id, declared.permissions);
    }
    if (state.inheritsUpTo !== declared.inheritsUpTo) {
      await roles.setInheritance(id, declared.inheritsUpTo);
    }
    return declared;
  },

  async delete(context, id, state, resource) {
    const live = await context.cockpit.roles.get(id);
    if (!live) {
      return "gone";
    }
    // Where only the description changes, the role comes back under the same id.
    if (!context.run.isReplaced(resource)) {
      await assertUnused(context, state.groupId, state.name);
    }
    await context.cockpit.roles.delete(id, live.rev ?? "");
    return undefined;
  },
});

/** Where permissions are asked for: in any environment where the group is yet to be created, since all have the same. */
async function contextOfGroup(
  context: Context,
  groupId: unknown,
  name: string,
): Promise<Context | undefined> {
  try {
    return typeof groupId === "string"
      ? await context.environments.holding(groupId, undefined, name)
      : (await context.environments.all())[0];
  } catch {
    return undefined;
  }
}

function roleDifferences(live: LiveRole, declared: Declared): string[] {
  const levels = (count: number | undefined) => (count === undefined ? "all" : String(count));
  return [
    ...(isSameSet(live.permissions, declared.permissions) ? [] : ["permissions: it has others"]),
    ...difference("description:", live.description, declared.description ?? "(none)").filter(
      () => live.description !== declared.description,
    ),
    ...difference("inheritsUpTo:", levels(live.inheritsUpTo), levels(declared.inheritsUpTo)),
  ];
}

async function importRole(context: Context, id: string) {
  const groupId = id.split(":")[0] ?? "";
  if (isBuiltin({ id })) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import has the form <group id>:<NAME>, like the resource's own id; ${quoted(id)} has not. Builtin roles can't be managed.`,
    });
  }
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const role = await place?.at.cockpit.roles.get(id);
  if (!place || !role) {
    return undefined;
  }
  return roleState(place, groupId, role);
}

export function roleState({ environmentId }: Place, groupId: string, role: LiveRole) {
  const { id, description, inheritsUpTo, permissions } = role;
  return {
    groupId,
    name: id.slice(groupId.length + 1),
    permissions,
    ...(description === undefined ? {} : { description }),
    ...(inheritsUpTo === undefined ? {} : { inheritsUpTo }),
    deletionProtection: true,
    environmentId,
  };
}

/** The group's own; not the builtin ones, and not those from above. */
async function listRoles(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const roles = await at.cockpit.roles.inGroup(groupId);
  return roles
    .filter(({ id }) => id.startsWith(`${groupId}:`))
    .map(({ id, name }) => ({ id, name: name ?? id }));
}
