import { isApiError, type TokenFacts, type TokenLife, type User } from "../../client";
import type { Context } from "../../runtime/context";
import { isLive } from "./safe-writes";
import { secondsOf, type Duration } from "../../runtime/inputs";

const maxAttempts = 3;
const secondsPerDay = 86_400;
const maxDefaultLead = 7 * secondsPerDay;

export interface TokenPlace {
  groupId: string;
  userId: string;
  name: string;
}

/** What Cockpit tells of a token that it holds. */
export interface StoredToken {
  /** Epoch milliseconds by the server's clock. */
  createdAt?: number;
  /** ISO 8601; absent where it never ends. */
  expiresAt?: string;
  /** By the server's clock; where that is not known it counts as living. */
  hasExpired: boolean;
}

export interface IssuedToken extends Omit<StoredToken, "hasExpired"> {
  token: string;
}

/** The token that a user has under a name. */
export function tokenOf({ cockpit }: Context, user: User, name: string): StoredToken | undefined {
  const facts = Object.hasOwn(user.authenticationTokens, name) ? user.authenticationTokens[name] : undefined;
  return facts && storedToken(facts, cockpit.serverTime());
}

/** The token as Cockpit holds it now, where its user lives. */
export async function currentToken(
  context: Context,
  { groupId, userId, name }: TokenPlace,
): Promise<StoredToken | undefined> {
  const user = await context.cockpit.users.get(groupId, userId);
  return isLive(user) ? tokenOf(context, user, name) : undefined;
}

/** Issues a token under a name that this process has just seen free, or was told to take over. */
export async function issueToken(
  context: Context,
  place: TokenPlace,
  expiresIn: Duration | undefined,
): Promise<IssuedToken> {
  const seconds = expiresIn === undefined ? undefined : secondsOf(expiresIn);
  const startedAt = context.cockpit.serverTime() ?? context.now();
  const token = await issueAccessToken(
    context,
    place,
    seconds === undefined ? { never: true } : { validitySeconds: seconds },
  );
  // The token is created and shown only now: what is still to be learnt of it must not lose it.
  const held = await currentToken(context, place).catch(() => undefined);
  const { createdAt, expiresAt } =
    held ??
    storedToken(seconds === undefined ? {} : { creationTime: startedAt, validity: seconds }, undefined);
  return {
    token,
    ...(held === undefined || createdAt === undefined ? {} : { createdAt }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  };
}

/** An answer that was lost took the token's value with it; the name was free, so what it may have left is ours to replace. */
async function issueAccessToken(
  context: Context,
  { groupId, userId, name }: TokenPlace,
  life: TokenLife,
): Promise<string> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await context.cockpit.users.createToken(groupId, userId, name, life);
    } catch (error) {
      const isLost = isApiError(error) && error.code === "unknown-outcome";
      if (!isLost || attempt >= maxAttempts) {
        throw error;
      }
    }
  }
}

/** How many seconds before its end a token is renewed. Undefined: it never ends. */
export function renewalLead(
  expiresIn: Duration | undefined,
  renewBefore: Duration | undefined,
): number | undefined {
  const life = expiresIn === undefined ? undefined : secondsOf(expiresIn);
  if (life === undefined) {
    return undefined;
  }
  const lead = renewBefore === undefined ? undefined : secondsOf(renewBefore);
  return lead ?? Math.min(maxDefaultLead, Math.floor(life / 3));
}

function storedToken({ creationTime, validity }: TokenFacts, now: number | undefined): StoredToken {
  const createdAt = creationTime === undefined ? {} : { createdAt: creationTime };
  if (creationTime === undefined || validity === undefined || validity < 0) {
    return { ...createdAt, hasExpired: false };
  }
  const end = creationTime + validity * 1000;
  return {
    ...createdAt,
    expiresAt: new Date(end).toISOString(),
    hasExpired: now !== undefined && end <= now,
  };
}

/** Epoch milliseconds by the clock of the server, which is asked where it has not told yet; or else by this machine's. */
export async function askedServerTime(context: Context): Promise<number> {
  const { cockpit } = context;
  if (cockpit.serverTime() === undefined) {
    await cockpit.users.current().catch(() => undefined);
  }
  return cockpit.serverTime() ?? context.now();
}
