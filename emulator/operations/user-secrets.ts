import { randomUUID } from "node:crypto";
import { z } from "zod";
import { badRequest, conflict, forbidden, notFound } from "../contract/errors";
import { isShortLived } from "../server/authentication";
import { claimedIdentifier } from "../server/external-jwt";
import type { Caller } from "../server/caller";
import { flag, integer, listOfIds, text } from "../server/fields";
import { operation, Reply } from "../server/operation";
import { matchesSecondFactor } from "../server/second-factor";
import type { UserRecord } from "../contract/model";
import { lineage } from "../state/groups";
import { hashPassword } from "../state/secrets";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { saveUser, usersNamed } from "../state/users";
import { isReadable, manageable, manageableUser, requireElevation } from "./access";
import { presentUser } from "./present";
import { assertRoles } from "./roles";
import { acceptablePassword, refuseBadNames, userInput } from "./user-rules";

const tokenRequest = z.object({ tokenValidity: integer.default(3600) });
/** Published; that its removal needs a body, which the public SDK leaves out, is our reading. */
const loginIdentifier = z.object({ assigner: z.string().min(1), value: z.string().min(1) });
const newPassword = z.object({ newPassword: z.string() });
const emailChange = z.object({ newEmail: userInput.shape.email, previousEmail: text.optional() });
const phoneChange = z.object({
  newMobilePhone: userInput.shape.mobilePhone,
  previousMobilePhone: text.optional(),
});
const secondFactor = z.object({
  secret: z.string().regex(/^[A-Za-z2-7]+=*$/, "base32 is expected"),
  otpLength: z.int().min(6).max(8),
  otp: z.string(),
  algorithm: z.enum(["SHA1", "SHA256", "SHA512"]).default("SHA1"),
});

/** Within the caller's own group, and within a named one. */
const forms = ["", "/inGroup/:groupId"] as const;
const secondFactorForms = ["/user/:userId/2fa", "/user/:userId/inGroup/:groupId/2fa"] as const;

type Place = { groupId?: string; userId: string };
type HeaderOf = (name: string) => string | undefined;

export const userSecrets = [
  operation(
    { method: "POST", path: "/user/inGroup/:groupId/token/:userId/:key", query: tokenRequest },
    (state, { path, query, header }, caller) =>
      giveToken(state, caller, find(state, caller, path), path.key, query.tokenValidity, header),
  ),
  operation(
    { method: "POST", path: "/user/inAllGroups/token/:userIdentifier/:key", query: tokenRequest },
    (state, { path, query, header }, caller) =>
      usersNamed(state.store, path.userIdentifier).flatMap((record) => {
        const place = state.store.groups.get(record.user.groupId);
        if (place === undefined || !isReadable(state, caller, place)) {
          return [];
        }
        const token = giveToken(
          state,
          caller,
          find(state, caller, { groupId: place.group.id, userId: record.user.id }),
          path.key,
          query.tokenValidity,
          header,
        );
        return [{ token, groupId: place.group.id, groupName: place.group.name }];
      }),
  ),
  operation(
    { method: "POST", path: "/user/inAllSubGroups/:groupId/token/:userIdentifier/:key", query: tokenRequest },
    (state, { path, query, header }, caller) => {
      manageable(state, caller, path.groupId);
      return usersNamed(state.store, path.userIdentifier).flatMap(({ user }) => {
        const [place, ...above] = lineage(state.store, user.groupId);
        const isBelow = above.some(({ group }) => group.id === path.groupId);
        if (place === undefined || !isBelow || place.group.deletionDate !== undefined) {
          return [];
        }
        const { id: groupId, name: groupName } = place.group;
        const record = find(state, caller, { groupId, userId: user.id });
        const token = giveToken(state, caller, record, path.key, query.tokenValidity, header);
        return [{ token, groupId, groupName }];
      });
    },
  ),
  ...(["PUT", "DELETE"] as const).map((method) =>
    operation(
      { method, path: "/user/current/externalJwtAuth/:configId/identifiers", reads: true },
      async (state, { path, header }, caller) => {
        const token = header("externalAuthenticationToken");
        const identifier = await claimedIdentifier(state, caller.groupId, path.configId, token ?? "");
        if (identifier === undefined) {
          throw forbidden("The token of the other system is not valid, or names nobody by an identifier.");
        }
        return state.store.write(() => {
          const record = find(state, caller, { userId: caller.userId });
          const others = record.loginIdentifiers.filter(({ assigner }) => assigner !== identifier.assigner);
          const loginIdentifiers = method === "PUT" ? [...others, identifier] : others;
          saveUser(state.store, { ...record, loginIdentifiers });
          return true;
        });
      },
    ),
  ),
  operation(
    { method: "POST", path: "/user/token/:userId/:key", query: tokenRequest },
    (state, { path, query, header }, caller) =>
      giveToken(state, caller, find(state, caller, path), path.key, query.tokenValidity, header),
  ),
  ...forms.flatMap((form) => [
    operation(
      { method: "PUT", path: `/user/:userId${form}/password`, body: newPassword },
      (state, { path, body }, caller) => {
        const record = find(state, caller, path);
        requireElevation(state, caller);
        const passwordHash = hashPassword(acceptablePassword(body.newPassword));
        return presentUser(state, saveUser(state.store, { ...record, passwordHash }));
      },
    ),
    operation(
      { method: "PUT", path: `/user/:userId${form}/email`, query: emailChange },
      (state, { path, query }, caller) =>
        rename(state, find(state, caller, path), "email", query.newEmail, query.previousEmail),
    ),
    operation(
      { method: "PUT", path: `/user/:userId${form}/mobilePhone`, query: phoneChange },
      (state, { path, query }, caller) =>
        rename(
          state,
          find(state, caller, path),
          "mobilePhone",
          query.newMobilePhone,
          query.previousMobilePhone,
        ),
    ),
    operation(
      { method: "DELETE", path: `/user/:userId${form}/mobilePhone`, query: phoneChange },
      (state, { path, query }, caller) =>
        rename(state, find(state, caller, path), "mobilePhone", undefined, query.previousMobilePhone),
    ),
    operation(
      { method: "POST", path: `/user/:userId${form}/roles/set`, body: listOfIds },
      (state, { path, body }, caller) => setRoles(state, caller, path, body.ids),
    ),
    operation({ method: "POST", path: `/user/:userId${form}/roles/reset` }, (state, { path }, caller) =>
      setRoles(state, caller, path, undefined),
    ),
  ]),
  operation(
    {
      method: "PUT",
      path: "/user/:userId/inGroup/:groupId/identifiers",
      query: z.object({ replaceExisting: flag.default(false) }),
      body: loginIdentifier,
    },
    (state, { path, query, body }, caller) => {
      manageable(state, caller, path.groupId);
      const record = find(state, caller, path);
      const others = record.loginIdentifiers.filter(({ assigner }) => assigner !== body.assigner);
      if (others.length < record.loginIdentifiers.length && !query.replaceExisting) {
        throw conflict(`The user ${path.userId} has an identifier of ${body.assigner} already.`);
      }
      saveUser(state.store, { ...record, loginIdentifiers: [...others, body] });
      return true;
    },
  ),
  operation(
    { method: "DELETE", path: "/user/:userId/inGroup/:groupId/identifiers", body: loginIdentifier },
    (state, { path, body }, caller) => {
      manageable(state, caller, path.groupId);
      const record = find(state, caller, path);
      const kept = record.loginIdentifiers.filter(
        ({ assigner, value }) => assigner !== body.assigner || value !== body.value,
      );
      if (kept.length === record.loginIdentifiers.length) {
        throw notFound(`The user ${path.userId} has no such identifier.`);
      }
      saveUser(state.store, { ...record, loginIdentifiers: kept });
      return true;
    },
  ),
  operation(
    {
      method: "PUT",
      path: "/user/:userId/inGroup/:groupId/setInheritsPermissions",
      query: z.object({ value: flag }),
    },
    (state, { path, query }, caller) => {
      manageable(state, caller, path.groupId);
      saveUser(state.store, { ...find(state, caller, path), inheritsPermissions: query.value });
      return path.userId;
    },
  ),
  ...secondFactorForms.flatMap((form) => [
    operation({ method: "POST", path: form, body: secondFactor }, (state, { path, body }, caller) => {
      const record = find(state, caller, path);
      requireElevation(state, caller);
      const factor = { secret: body.secret, digits: body.otpLength, algorithm: body.algorithm };
      if (!matchesSecondFactor(factor, body.otp, state.now())) {
        throw badRequest("The one-time password doesn't fit the secret.");
      }
      saveUser(state.store, { ...record, secondFactor: factor });
      return new Reply(200);
    }),
    operation({ method: "DELETE", path: form }, (state, { path }, caller) => {
      const record = find(state, caller, path);
      requireElevation(state, caller);
      saveUser(state.store, { ...record, secondFactor: undefined });
      return new Reply(200);
    }),
  ]),
];

function find(state: State, caller: Caller, { groupId = caller.groupId, userId }: Place): UserRecord {
  return manageableUser(state, caller, groupId, userId);
}

/** Creates a token; a second one under the same key replaces the first. */
function giveToken(
  state: State,
  caller: Caller,
  record: UserRecord,
  key: string,
  validity: number,
  header: HeaderOf,
): string {
  if (isShortLived(validity)) {
    requireElevation(state, caller);
  }
  const token = header("token") ?? randomUUID();
  const kept = { token: digest(token), creationTime: state.now(), validity };
  const authenticationTokens = { ...record.user.authenticationTokens, [key]: kept };
  saveUser(state.store, { ...record, user: { ...record.user, authenticationTokens } });
  return token;
}

function setRoles(state: State, caller: Caller, place: Place, ownRoles: string[] | undefined) {
  const groupId = place.groupId ?? caller.groupId;
  manageable(state, caller, groupId);
  const record = manageableUser(state, caller, groupId, place.userId);
  requireElevation(state, caller);
  assertRoles(state, groupId, ownRoles ?? []);
  const user = { ...record.user, roles: ownRoles ?? [] };
  return presentUser(state, saveUser(state.store, { ...record, user, ownRoles }));
}

function rename(
  state: State,
  record: UserRecord,
  field: "email" | "mobilePhone",
  wanted: string | undefined,
  previous: string | undefined,
) {
  if (record.user[field] !== previous) {
    throw conflict(`The user's ${field} is another than the previous one given.`);
  }
  const user = { ...record.user, [field]: wanted };
  refuseBadNames(state, user, user.login);
  return presentUser(state, saveUser(state.store, { ...record, user }));
}
