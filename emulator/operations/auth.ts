import { createPublicKey } from "node:crypto";
import { z } from "zod";
import { maximumJwtSeconds } from "../contract/assumptions";
import { ApiError, badRequest, elevationRequired, forbidden, unauthorised } from "../contract/errors";
import { liveUser, logIn } from "../server/authentication";
import { type Caller, callerOf } from "../server/caller";
import { authenticationClasses, authenticationLevels } from "../contract/model";
import { logInExternally } from "../server/external-jwt";
import { flag, integer, text, word } from "../server/fields";
import { publicOperation, Reply } from "../server/operation";
import { readToken, signToken } from "../server/tokens";
import type { State } from "../state/state";
import { usersSharingIdentity } from "./identity";
import { minimumPasswordLength } from "./user-rules";

const credentials = z.object({ username: z.string(), password: z.string() });

type HeaderOf = (name: string) => string | undefined;

export const auth = [
  publicOperation(
    {
      method: "POST",
      path: "/auth/login",
      query: z.object({
        duration: integer.optional(),
        groupId: text.optional(),
        applicationId: text.optional(),
        scopeDataOwner: text.optional(),
      }),
      body: credentials,
    },
    async (state, { query, body }) => {
      const longest = Math.max(maximumJwtSeconds, state.settings.tokens.jwtSeconds);
      if (query.duration !== undefined && (query.duration < 1 || query.duration > longest)) {
        throw badRequest(`duration has to be between 1 and ${longest} seconds.`);
      }
      const caller = logIn(state, body.username, body.password, query);
      if (body.password.length < minimumPasswordLength) {
        throw new ApiError(412, "The password is too short.");
      }
      if (query.scopeDataOwner !== undefined) {
        requireOwnData(caller, query.scopeDataOwner);
      }
      return {
        token: await accessToken(state, caller, query.duration),
        refreshToken: await signToken(state, caller, "refresh", state.settings.tokens.refreshSeconds),
        successful: true,
      };
    },
  ),
  publicOperation(
    {
      method: "POST",
      path: "/auth/login/external/:configId",
      query: z.object({
        groupId: text.optional(),
        applicationId: text.optional(),
        minimumAuthenticationClass: word(authenticationClasses).optional(),
        scopeDataOwner: text.optional(),
        doNotUseApplicationIdForGroupSelection: flag.default(false),
      }),
    },
    async (state, { path, query, header }) => {
      const token = header("token");
      if (token === undefined) {
        throw badRequest("The header token is required.");
      }
      const { groupId, applicationId, minimumAuthenticationClass: least } = query;
      const caller = await logInExternally(state, {
        configId: path.configId,
        token,
        groupId,
        applicationId: query.doNotUseApplicationIdForGroupSelection ? undefined : applicationId,
      });
      if (least !== undefined && caller.level < authenticationLevels[least]) {
        throw elevationRequired(authenticationLevels[least]);
      }
      if (query.scopeDataOwner !== undefined) {
        requireOwnData(caller, query.scopeDataOwner);
      }
      return {
        token: await accessToken(state, caller),
        refreshToken: await signToken(state, caller, "refresh", state.settings.tokens.refreshSeconds),
        successful: true,
      };
    },
  ),
  publicOperation(
    { method: "POST", path: "/auth/check", body: credentials, reads: true },
    (state, { body }) => {
      logIn(state, body.username, body.password, {});
      return new Reply(204);
    },
  ),
  publicOperation({ method: "POST", path: "/auth/refresh" }, async (state, { header }) => ({
    token: await accessToken(state, await byRefreshToken(state, header)),
    successful: true,
  })),
  publicOperation({ method: "POST", path: "/auth/switch/:groupId" }, async (state, { path, header }) => {
    const caller = await byRefreshToken(state, header);
    const there = usersSharingIdentity(state, caller.record).find(
      ({ user }) => user.groupId === path.groupId,
    );
    if (there === undefined) {
      throw forbidden(`You have no user in the group ${path.groupId}.`);
    }
    const switched = callerOf(there, caller.level, caller.loggedInAt);
    return {
      token: await accessToken(state, switched),
      refreshToken: await signToken(state, switched, "refresh", state.settings.tokens.refreshSeconds),
      successful: true,
    };
  }),
  publicOperation({ method: "POST", path: "/auth/scoped/:dataOwnerId" }, async (state, { path, header }) => {
    const caller = await byRefreshToken(state, header);
    requireOwnData(caller, path.dataOwnerId);
    const { jwtSeconds } = state.settings.tokens;
    return {
      token: await signToken(state, caller, "access", jwtSeconds, { doId: path.dataOwnerId }),
      successful: true,
    };
  }),
  publicOperation({ method: "POST", path: "/auth/invalidate" }, async (state, { header }) => {
    const { jti } = await readToken(state, refreshTokenOf(header), "refresh");
    state.store.write(() => state.store.revoked.put(jti, true));
    return new Reply(200);
  }),
  publicOperation({ method: "GET", path: "/auth/publicKey/authJwt" }, async (state) => {
    const key = await state.signingKey();
    return createPublicKey(key.private).export({ type: "spki", format: "pem" }).toString();
  }),
];

const accessToken = (state: State, caller: Caller, seconds = state.settings.tokens.jwtSeconds) =>
  signToken(state, caller, "access", seconds);

function refreshTokenOf(header: HeaderOf): string {
  const token = header("Refresh-Token")?.replace(/^Bearer /i, "");
  if (token === undefined || token === "") {
    throw unauthorised("The header Refresh-Token is required.");
  }
  return token;
}

async function byRefreshToken(state: State, header: HeaderOf): Promise<Caller> {
  const claims = await readToken(state, refreshTokenOf(header), "refresh");
  return callerOf(liveUser(state, claims.g, claims.u), claims.tac, claims.auth);
}

function requireOwnData({ record: { user } }: Caller, dataOwner: string): void {
  if (![user.healthcarePartyId, user.patientId, user.deviceId].includes(dataOwner)) {
    throw forbidden(`You are not the data owner ${dataOwner}.`);
  }
}
