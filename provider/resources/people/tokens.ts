import type { TokenFacts, User } from "../../client";
import type { Context } from "../../runtime/context";
import { isLive, issueOnce } from "../../runtime/safe-writes";
import { secondsOf, type Duration } from "../../runtime/inputs";

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
  /** By the server's clock; where that is not known it counts as live. */
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
  const life = seconds === undefined ? { never: true as const } : { validitySeconds: seconds };
  // The name was free, so what a lost request may have left under it is replaced by the next one.
  const token = await issueOnce(
    () => context.cockpit.users.createToken(place.groupId, place.userId, place.name, life),
    () => Promise.resolve(),
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
