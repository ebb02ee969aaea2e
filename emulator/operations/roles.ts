import { z } from "zod";
import { builtinPermissions } from "../contract/builtin-roles";
import { badRequest, conflict, forbidden, notFound } from "../contract/errors";
import type { Caller } from "../server/caller";
import { integer, listOfIds, text } from "../server/fields";
import { operation, publicOperation } from "../server/operation";
import { lineage, nextRevision } from "../state/groups";
import type { Role } from "../contract/model";
import type { State } from "../state/state";
import { manageable, readableGroup } from "./access";

const builtin = Object.entries(builtinPermissions).map(([id, permissions]) => ({
  id,
  name: id,
  permissions,
}));

/** Every permission that a role can grant: what the builtin ones do, between them. */
const allPermissions = [...new Set(builtin.flatMap(({ permissions }) => permissions))].sort();

const newRole = z.object({
  permissions: z.array(z.string()),
  description: z.string().max(300).optional(),
});
const visibility = z.object({ inheritsUpTo: integer.optional() });

type Place = { groupId?: string };

export const roles = [
  publicOperation({ method: "GET", path: "/aa/icure/permissions" }, () => allPermissions),
  operation({ method: "GET", path: "/role" }, (state, _input, caller) => rolesFor(state, caller.groupId)),
  operation({ method: "GET", path: "/role/inGroup/:groupId" }, (state, { path }, caller) => {
    readableGroup(state, caller, path.groupId);
    return rolesFor(state, path.groupId);
  }),
  operation(
    { method: "POST", path: "/role/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) => rolesFor(state, caller.groupId).filter(({ id }) => body.ids.includes(id)),
  ),
  ...["", "/inGroup/:groupId"].map((place) =>
    operation(
      { method: "POST", path: `/role/:name${place}/withDescription`, query: visibility, body: newRole },
      (state, { path, query, body }, caller) => {
        const { name, groupId = caller.groupId } = path as Place & { name: string };
        manageable(state, caller, groupId);
        if (!/^[A-Z0-9_]{3,40}$/.test(name)) {
          throw badRequest("A role's name has 3 to 40 upper-case letters, digits and underscores.");
        }
        if (Object.hasOwn(builtinPermissions, name) || state.store.roles.has([groupId, name])) {
          throw conflict(`There is a role ${name} already.`);
        }
        const { inheritsUpTo: inheritableUpTo } = query;
        return saveRole(state, { ...body, id: `${groupId}:${name}`, rev: "", name, inheritableUpTo });
      },
    ),
  ),
  operation({ method: "GET", path: "/role/:id" }, (state, { path }, caller) =>
    visibleRole(state, caller, path.id),
  ),
  operation(
    { method: "PUT", path: "/role/:id", body: newRole.shape.permissions },
    (state, { path, body }, caller) =>
      saveRole(state, { ...changeableRole(state, caller, path.id), permissions: body }),
  ),
  operation({ method: "PUT", path: "/role/:id/inheritsUpTo/:levels" }, (state, { path }, caller) => {
    if (!/^\d{1,9}$/.test(path.levels)) {
      throw badRequest("The levels are a whole number, from 0 on.");
    }
    return saveRole(state, {
      ...changeableRole(state, caller, path.id),
      inheritableUpTo: Number(path.levels),
    });
  }),
  operation({ method: "DELETE", path: "/role/:id/inheritsUpTo" }, (state, { path }, caller) =>
    saveRole(state, { ...changeableRole(state, caller, path.id), inheritableUpTo: undefined }),
  ),
  operation(
    { method: "DELETE", path: "/role/:id", query: z.object({ rev: text }) },
    (state, { path, query }, caller) => {
      const { id, rev, name } = changeableRole(state, caller, path.id);
      if (rev !== query.rev) {
        throw conflict(`The role ${id} was changed since revision ${query.rev}.`);
      }
      if (state.settings.assumptions.purgedRoles === "refused" && isNamed(state, id)) {
        throw conflict(`The role ${id} is in use.`);
      }
      state.store.roles.remove([groupOfPlace(id), name]);
      return { id, rev };
    },
  ),
];

/** Refuses ids of roles that a group may not use. */
export function assertRoles(state: State, groupId: string, ids: readonly string[]): void {
  const known = rolesFor(state, groupId).map(({ id }) => id);
  const unknown = ids.filter((id) => !known.includes(id));
  if (unknown.length > 0) {
    throw badRequest(`The group ${groupId} has no role ${unknown.join(", ")}.`);
  }
}

/** What a group may use: the builtin ones, its own, and those from above that reach so far down. */
function rolesFor(state: State, groupId: string): (Role | (typeof builtin)[number])[] {
  const custom = lineage(state.store, groupId).flatMap(({ group }, levels) =>
    [...ownRoles(state, group.id)].filter(
      ({ inheritableUpTo }) => inheritableUpTo === undefined || inheritableUpTo >= levels,
    ),
  );
  return [...builtin, ...custom];
}

function* ownRoles(state: State, groupId: string): Generator<Role> {
  for (const { key, value } of state.store.roles.entries({ start: [groupId, ""] })) {
    if (key[0] !== groupId) {
      return;
    }
    yield value;
  }
}

const isNamed = (state: State, id: string) =>
  [...state.store.users.entries()].some(({ value }) => value.ownRoles?.includes(id)) ||
  [...state.store.groups.entries()].some(({ value }) =>
    Object.values(value.group.defaultUserRoles).some((ids) => ids.includes(id)),
  );

const groupOfPlace = (id: string) => id.split(":")[0] ?? "";

function visibleRole(state: State, caller: Caller, id: string) {
  const usable = rolesFor(state, caller.groupId).find((role) => role.id === id);
  const found = usable ?? customRole(state, id);
  if (found === undefined) {
    throw notFound(`There is no role ${id}.`);
  }
  if (usable === undefined) {
    readableGroup(state, caller, groupOfPlace(id));
  }
  return found;
}

const customRole = (state: State, id: string) =>
  state.store.roles.get([groupOfPlace(id), id.slice(groupOfPlace(id).length + 1)]);

function changeableRole(state: State, caller: Caller, id: string): Role {
  if (Object.hasOwn(builtinPermissions, id)) {
    throw forbidden(`The role ${id} is builtin.`);
  }
  const found = customRole(state, id);
  if (found === undefined) {
    throw notFound(`There is no role ${id}.`);
  }
  manageable(state, caller, groupOfPlace(id));
  return found;
}

function saveRole(state: State, role: Role): Role {
  const unknown = role.permissions.filter((one) => !allPermissions.includes(one));
  if (unknown.length > 0) {
    throw badRequest(`There is no permission ${unknown.join(", ")}.`);
  }
  const kept = {
    ...role,
    permissions: [...new Set(role.permissions)],
    rev: nextRevision(role.rev || undefined),
  };
  state.store.roles.put([groupOfPlace(role.id), role.name], kept);
  return kept;
}
