import { z } from "zod";
import { defaultRoles } from "../contract/assumptions";
import { badRequest, conflict, notFound } from "../contract/errors";
import { flag, integer, listOfIds, word } from "../server/fields";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import { children, lineage } from "../state/groups";
import { authenticationClasses, userTypes, type Group, type UserType } from "../contract/model";
import type { State } from "../state/state";
import { manageable, readableGroup } from "./access";
import { changeGroup } from "./change-groups";
import { assertRoles } from "./roles";

const validationMethod = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("PublicKey"),
    key: z.string(),
    signatureAlgorithm: z.string().optional(),
    clientId: z.string().optional(),
  }),
  // The wire name is misspelled; the right spelling is accepted on the way in.
  z
    .object({
      type: z.literal("Oidc"),
      issureLocation: z.string().optional(),
      issuerLocation: z.string().optional(),
      clientId: z.string().optional(),
    })
    .transform(({ issuerLocation, issureLocation = issuerLocation, ...rest }, context) => {
      if (issureLocation === undefined) {
        context.addIssue({ code: "custom", path: ["issureLocation"], message: "is required" });
      }
      return { ...rest, issureLocation };
    }),
]);

const fieldSelector = z.discriminatedUnion("type", [
  z.object({ type: z.enum(["LocalId", "Email", "MobilePhone", "Username"]), fieldName: z.string() }),
  z.object({ type: z.literal("Identifier"), identifierAssigner: z.string(), fieldName: z.string() }),
]);

const externalJwtConfig = z
  .object({ validationMethod, fieldSelector, authenticationClass: z.enum(authenticationClasses).optional() })
  .transform(({ authenticationClass, ...config }) =>
    authenticationClass === undefined || authenticationClass === "EXTERNAL_AUTHENTICATION"
      ? config
      : { ...config, authenticationClass },
  );

export const configureGroups = [
  operation(
    {
      method: "POST",
      path: "/group/:groupId/defaultRoles",
      query: z.object({ userType: word(userTypes) }),
      body: listOfIds,
    },
    (state, { path, query, body }, caller) =>
      changeGroup(state, caller, path.groupId, ({ id, defaultUserRoles }) => {
        assertRoles(state, id, body.ids);
        return { defaultUserRoles: { ...defaultUserRoles, [query.userType]: body.ids } };
      }),
  ),
  operation({ method: "GET", path: "/group/:groupId/defaultRoles" }, (state, { path }, caller) => {
    const { id } = readableGroup(state, caller, path.groupId).group;
    return Object.fromEntries(userTypes.map((type) => [type, [rolesOf(state, id, type)]]));
  }),
  operation(
    { method: "PUT", path: "/group/:groupId/externalJwtConfig/:key", body: externalJwtConfig },
    (state, { path, body }, caller) =>
      changeGroup(state, caller, path.groupId, (group) => ({
        externalJwtConfig: { ...group.externalJwtConfig, [path.key]: body },
      })),
  ),
  operation({ method: "DELETE", path: "/group/:groupId/externalJwtConfig/:key" }, (state, { path }, caller) =>
    changeGroup(state, caller, path.groupId, (group) => {
      const { [path.key]: gone, ...externalJwtConfig } = group.externalJwtConfig;
      if (gone === undefined) {
        throw notFound(`The group ${path.groupId} has no configuration ${path.key}.`);
      }
      return { externalJwtConfig };
    }),
  ),
  operation({ method: "GET", path: "/group/:appGroupId/schemaVersions" }, (state, { path }, caller) => {
    const app = readableGroup(state, caller, path.appGroupId);
    const used = [app, ...children(state.store, path.appGroupId)].flatMap(
      ({ group }) => group.designDocSchemaVersions,
    );
    return [...new Set(used)].sort((a, b) => a - b);
  }),
  operation(
    {
      method: "POST",
      path: "/group/:appGroupId/defaultSchemaVersion",
      query: z.object({ schemaVersion: integer.optional() }),
    },
    (state, { path, query }, caller) =>
      changeGroup(state, caller, path.appGroupId, () => ({
        defaultChildrenSchemaVersion: query.schemaVersion,
      })),
  ),
  operation(
    { method: "POST", path: "/group/schema/:appGroupId/add/:version", body: listOfIds },
    (state, { path, body }, caller) =>
      forChildren(state, caller, path.appGroupId, body.ids, path.version, (versions, version) =>
        [...new Set([...versions, version])].sort((a, b) => a - b),
      ),
  ),
  operation(
    {
      method: "POST",
      path: "/group/schema/:appGroupId/remove/:version",
      query: z.object({ force: flag }),
      body: listOfIds,
    },
    (state, { path, query, body }, caller) => {
      const fallback = manageable(state, caller, path.appGroupId).group.defaultChildrenSchemaVersion;
      if (!query.force && fallback === Number(path.version)) {
        throw conflict(
          `Version ${path.version} is the default of ${path.appGroupId}; force removes it anyway.`,
        );
      }
      return forChildren(state, caller, path.appGroupId, body.ids, path.version, (versions, version) =>
        versions.filter((each) => each !== version),
      );
    },
  ),
];

/** The nearest group upwards that sets roles for the type decides; without one the builtin ones apply. */
function rolesOf(state: State, id: string, type: UserType): { source: string; roles: readonly string[] } {
  const upwards = lineage(state.store, id);
  const at = upwards.findIndex(({ group }) => group.defaultUserRoles[type] !== undefined);
  const roles = upwards[at]?.group.defaultUserRoles[type];
  if (roles === undefined) {
    return { source: "DEFAULT", roles: defaultRoles[type] };
  }
  return { source: at === 0 ? "CONFIGURATION" : "INHERITED", roles };
}

function forChildren(
  state: State,
  caller: Caller,
  app: string,
  ids: readonly string[],
  versionText: string,
  by: (versions: number[], version: number) => number[],
): Partial<Group>[] {
  manageable(state, caller, app);
  if (!/^\d{1,9}$/.test(versionText)) {
    throw badRequest("A schema version is a whole number.");
  }
  for (const id of ids) {
    if (state.store.groups.get(id)?.group.superGroup !== app) {
      throw badRequest(`The group ${id} is not in ${app}.`);
    }
  }
  return ids.map((id) =>
    changeGroup(state, caller, id, ({ designDocSchemaVersions }) => ({
      designDocSchemaVersions: by(designDocSchemaVersions, Number(versionText)),
    })),
  );
}
