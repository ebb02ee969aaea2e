import { type Caller, callerOf } from "./caller";
import { preferredUser } from "../contract/assumptions";
import { ApiError, unauthorised } from "../contract/errors";
import { authenticationLevels, type UserRecord } from "../contract/model";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { usersNamed } from "../state/users";
import { readToken } from "./tokens";
import { matchesSecondFactor } from "./second-factor";

/** The caller of a request by its `Authorization` header. */
export async function authenticate(state: State, header: string | undefined): Promise<Caller> {
  const [, scheme = "", credentials = ""] = /^(\S+)\s+(.*)$/.exec(header ?? "") ?? [];
  if (scheme.toLowerCase() === "bearer") {
    return byToken(state, credentials);
  }
  if (scheme.toLowerCase() === "basic") {
    return byBasic(state, credentials);
  }
  throw unauthorised("Log in first: Basic credentials or a Bearer token are expected.");
}

async function byToken(state: State, token: string): Promise<Caller> {
  const claims = await readToken(state, token, "access");
  return callerOf(liveUser(state, claims.g, claims.u), claims.tac, claims.auth);
}

export function liveUser(state: State, groupId: string, userId: string): UserRecord {
  const record = state.store.users.get([groupId, userId]);
  if (record === undefined || !canLogIn(state, record)) {
    throw unauthorised("The user of this token is no more.");
  }
  return record;
}

const canLogIn = (state: State, { user }: UserRecord) =>
  user.deletionDate === undefined &&
  user.status !== "DISABLED" &&
  state.store.groups.get(user.groupId)?.group.deletionDate === undefined &&
  state.store.groups.has(user.groupId);

/** A user name may hold a colon itself (`groupId:userId`), so each colon may be the one before the secret. */
function byBasic(state: State, credentials: string): Caller {
  const decoded = Buffer.from(credentials, "base64").toString("utf8");
  const first = decoded.indexOf(":");
  const second = decoded.indexOf(":", first + 1);
  let refusal: unknown = unauthorised("Basic credentials need a user name and a password.");
  for (const colon of [first, second].filter((at) => at > 0)) {
    try {
      return logIn(state, decoded.slice(0, colon), decoded.slice(colon + 1), {});
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) {
        throw error;
      }
      refusal = error;
    }
  }
  throw refusal;
}

/** Finds whom a name and a secret fit, and how strong that login is. */
export function logIn(
  state: State,
  name: string,
  secret: string,
  wish: { groupId?: string | undefined; applicationId?: string | undefined },
): Caller {
  refuseAfterTooMany(state, name);
  const fitting = candidates(state, name)
    .filter((record) => canLogIn(state, record))
    .filter(({ user }) => wish.groupId === undefined || user.groupId === wish.groupId)
    .filter(
      ({ user }) =>
        wish.applicationId === undefined || servesApplication(state, user.groupId, wish.applicationId),
    )
    .flatMap((record) => {
      const level = levelOf(state, record, secret);
      return level === undefined
        ? []
        : [{ record, level, created: record.user.created, groupId: record.user.groupId }];
    });
  const chosen = preferredUser(fitting);
  if (chosen === undefined) {
    countFailure(state, name);
    throw unauthorised("The user name or the password is wrong.");
  }
  state.failedLogins.delete(name);
  if (chosen.level instanceof ApiError) {
    throw chosen.level;
  }
  return callerOf(chosen.record, chosen.level, state.now());
}

function candidates(state: State, name: string): UserRecord[] {
  const [, groupId, rest] = /^([A-Za-z0-9_-]+)[/:](.+)$/.exec(name) ?? [];
  const qualified =
    groupId === undefined || rest === undefined
      ? []
      : usersNamed(state.store, rest).filter(({ user }) => user.groupId === groupId);
  return [...usersNamed(state.store, name), ...qualified];
}

/** As the server has it: a group without a Project ID is not a match for a login with one. */
const servesApplication = (state: State, groupId: string, applicationId: string) =>
  state.store.groups.get(groupId)?.group.applicationId === applicationId;

/** The level that a secret gives this user, the refusal that a fitting secret still meets, or nothing when it doesn't fit. */
function levelOf(state: State, record: UserRecord, secret: string): number | ApiError | undefined {
  const { passwordHash, secondFactor, user } = record;
  const [, password = secret, code] = /^(.*)\|(\d{6,8})$/s.exec(secret) ?? [];
  if (
    passwordHash !== undefined &&
    secondFactor !== undefined &&
    state.passwords.matches(password, passwordHash)
  ) {
    if (code === undefined) {
      return new ApiError(417, "A second factor is needed.");
    }
    if (!matchesSecondFactor(secondFactor, code, state.now())) {
      return new ApiError(406, "The second factor is wrong.");
    }
    return authenticationLevels.TWO_FACTOR_AUTHENTICATION;
  }
  if (
    passwordHash !== undefined &&
    secondFactor === undefined &&
    state.passwords.matches(secret, passwordHash)
  ) {
    return authenticationLevels.PASSWORD;
  }
  const hash = digest(secret);
  for (const token of Object.values(user.authenticationTokens)) {
    const ended = token.validity !== -1 && state.now() >= token.creationTime + token.validity * 1000;
    if (token.token === hash && !ended && token.deletionDate === undefined) {
      return isShortLived(token.validity)
        ? authenticationLevels.SHORT_LIVED_TOKEN
        : authenticationLevels.LONG_LIVED_TOKEN;
    }
  }
  return undefined;
}

/** Less than a second too, but for -1, which is for ever. */
export const isShortLived = (seconds: number) => seconds !== -1 && seconds <= 600;

function refuseAfterTooMany(state: State, name: string): void {
  const limit = state.settings.loginLimit;
  if (limit === undefined) {
    return;
  }
  const since = state.now() - limit.perSeconds * 1000;
  const recent = (state.failedLogins.get(name) ?? []).filter((at) => at > since);
  state.failedLogins.set(name, recent);
  if (recent.length >= limit.attempts) {
    throw new ApiError(429, "Too many attempts to log in.");
  }
}

function countFailure(state: State, name: string): void {
  if (state.settings.loginLimit === undefined) {
    return;
  }
  state.failedLogins.set(name, [...(state.failedLogins.get(name) ?? []), state.now()]);
}
