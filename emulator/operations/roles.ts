import { builtinPermissions } from "../contract/builtin-roles";
import { notFound } from "../contract/errors";
import { listOfIds } from "../server/fields";
import { operation } from "../server/operation";
import { readable } from "./access";

/** The builtin ones; making custom roles isn't emulated. */
const all = Object.entries(builtinPermissions).map(([id, permissions]) => ({ id, name: id, permissions }));

export const roles = [
  operation({ method: "GET", path: "/role" }, () => all),
  operation({ method: "GET", path: "/role/inGroup/:groupId" }, (state, { path }, caller) => {
    readable(state, caller, path.groupId);
    return all;
  }),
  operation({ method: "POST", path: "/role/byIds", body: listOfIds, reads: true }, (_state, { body }) =>
    all.filter(({ id }) => body.ids.includes(id)),
  ),
  operation({ method: "GET", path: "/role/:id" }, (_state, { path }) => {
    const role = all.find(({ id }) => id === path.id);
    if (role === undefined) throw notFound(`There is no role ${path.id}.`);
    return role;
  }),
];
