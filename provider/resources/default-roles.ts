import { z } from "zod";
import type { CheckFailure } from "../framework/validation";
import { isSameSet, type UserType, userTypes } from "../client";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
import { isFullyKnown } from "../framework/values";
import { anyGroup, defineContent, inheritedProtection } from "../runtime/groups/contents";
import { chosenGroupId } from "../runtime/inputs";
import { byRoleGroup, roleFailures, roleIds } from "./people/roles";
import { CockpitError } from "../errors";
import type { Context } from "../runtime/context";
import { quoted } from "../runtime/messages";
import { groupToImport, idParts, type Place, placeOfGroup } from "../runtime/environments";

const inputs = z.strictObject({
  groupId: described(
    "Id of the environment, solution or database whose users get the roles, and those of what is in it and has no setting of its own. Changing it sets them there, and the old group back. (Cockpit API: POST /group/{groupId}/defaultRoles)",
    chosenGroupId,
    { onChange: "replace" },
  ),
  userType: described(
    "Who gets them: users with a healthcare party, patients, devices, or users that are none of these. Changing it sets those of the other, and the old ones back.",
    z.enum(userTypes, `must be one of ${userTypes.join(", ")}`),
    { onChange: "replace" },
  ),
  roles: described(
    "Ids of the roles, in any order: names of builtin ones, and ids of Role resources of the group or of one above. Users that were given roles of their own keep those. Changed in place.",
    roleIds,
    { state: z.array(z.string()).default([]) },
  ),
  deletionProtection: inheritedProtection,
});

const outputs = {
  previousRoles: described(
    "What users of the kind had by default before. Deleting the resource sets them back to it, because the API can't take a setting away.",
    z.array(z.string()).default([]),
  ),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

export const DefaultRoles = defineContent({
  type: "DefaultRoles",
  description:
    "The roles that users of a kind have in an environment, a solution or a database unless they were given roles of their own. Every group always has such a setting, of its own or from above, so creating it changes the setting, and the run says what it was.",
  example: `import { DefaultRoles, Role, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const scheduler = new Role("scheduler", {
  groupId: petra.id,
  name: "SCHEDULER",
  permissions: ["AgendaManagement.Create", "CalendarItemManagement.Create"],
});

const practitioners = new DefaultRoles("practitioners", {
  groupId: petra.id,
  userType: "healthcare-party",
  roles: ["BASIC_USER", "BASIC_DATA_OWNER", scheduler.id],
});

export const before = practitioners.previousRoles;
`,
  inputs,
  outputs,
  within: { property: "groupId", kinds: anyGroup },
  describe: describeDefaultRoles,
  // The old setting goes back to what it was before the new one is created, which may be of the same group.
  deleteBeforeReplace: true,
  isEqual: { roles: (declared, { roles }) => isSameSet(declared ?? [], roles) },

  async check(context, { resource, olds, news }) {
    const { groupId, userType, roles } = news;
    const failures: CheckFailure[] = [];
    if (typeof groupId === "string" && typeof userType === "string") {
      if (!context.idReservations.reserve(defaultRolesId(groupId, userType), resource)) {
        failures.push({
          property: "userType",
          code: "id-declared-twice",
          reason: `another resource of this program sets the default roles of ${userType} in the group ${groupId} too`,
        });
      }
      if (isFullyKnown(roles)) {
        failures.push(...(await roleFailures(context, groupId, roles, olds?.roles)));
      }
    }
    return { inputs: news, failures };
  },

  async create(context, _resource, declared) {
    const { groupId, userType, roles } = declared;
    const before = await context.cockpit.roles.defaults(groupId, userType);
    const previousRoles = before?.roles ?? [];
    if (before?.source === "group" && !isSameSet(previousRoles, roles)) {
      context.warn(
        `${describeDefaultRoles(declared)} had been set to ${roleList(previousRoles)} and are now ${roleList(roles)}. Deleting this resource sets them back.`,
      );
    }
    await context.cockpit.roles.setDefaults(groupId, userType, roles);
    return { id: defaultRolesId(groupId, userType), state: { ...declared, previousRoles } };
  },

  async read(context, _id, state) {
    const live = await context.cockpit.roles.defaults(state.groupId, state.userType);
    const group = live && (await context.cockpit.groups.get(state.groupId));
    return !group || group.deletedAt !== undefined
      ? undefined
      : { ...state, roles: isSameSet(live.roles, state.roles) ? state.roles : live.roles };
  },

  import: importDefaultRoles,
  list: listing(byRoleGroup, listDefaultRoles),

  async update(context, _id, { previousRoles }, declared) {
    const { groupId, userType, roles } = declared;
    await context.cockpit.roles.setDefaults(groupId, userType, roles);
    return { ...declared, previousRoles };
  },

  async delete(context, _id, state) {
    const { groupId, userType, roles, previousRoles } = state;
    const live = await context.cockpit.roles.defaults(groupId, userType);
    if (!live) {
      return "gone";
    }
    if (isSameSet(live.roles, roles)) {
      await context.cockpit.roles.setDefaults(groupId, userType, previousRoles);
    } else {
      context.warn(
        `${describeDefaultRoles(state)} were changed outside of this program since, so they are left as they are.`,
      );
    }
    return undefined;
  },
});

function defaultRolesId(groupId: string, userType: UserType): string {
  return `${groupId}/${userType}`;
}

function describeDefaultRoles({ groupId, userType }: { groupId: string; userType: UserType }): string {
  return `the default roles of ${userType} in the group ${groupId}`;
}

function roleList(roles: readonly string[]): string {
  return roles.length === 0 ? "none" : [...roles].sort().join(", ");
}

async function importDefaultRoles(context: Context, id: string) {
  const [groupId = "", kind = ""] = idParts(id, "groupId/userType");
  const userType = userTypes.find((one) => one === kind);
  if (userType === undefined) {
    throw new CockpitError({
      code: "invalid-value",
      what: `the id to import ends with one of ${userTypes.join(", ")}, not with ${quoted(kind)}.`,
    });
  }
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const live = await place?.at.cockpit.roles.defaults(groupId, userType);
  if (!place || live?.source !== "group") {
    return undefined;
  }
  return defaultRolesState(place, groupId, userType, live.roles);
}

/** What users had before is not known any more: deleting it leaves what is there. */
export function defaultRolesState(
  { environmentId }: Place,
  groupId: string,
  userType: UserType,
  roles: string[],
) {
  return { groupId, userType, roles, previousRoles: roles, deletionProtection: true, environmentId };
}

/** Those that are set for the group itself. */
async function listDefaultRoles(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const all = await at.cockpit.roles.allDefaults(groupId);
  return userTypes
    .filter((name) => all?.[name].source === "group")
    .map((name) => ({ id: `${groupId}/${name}`, name }));
}
