import { randomUUID } from "node:crypto";
import jwt from "jsonwebtoken";
import { z } from "zod";
import { unauthorised } from "../errors";
import { authenticationClasses, authenticationLevels } from "../state/model";
import type { State } from "../state/state";
import type { Caller } from "./authentication";

/** `u`, `tac`, `jwtD` and `exp` are the published claims; `g`, `use`, `auth` and `jti` are the emulator's own. */
const claimsSchema = z.object({
  u: z.string(),
  g: z.string(),
  tac: z.number(),
  use: z.enum(["access", "refresh"]),
  auth: z.number(),
  jti: z.string(),
  exp: z.number(),
});
export type Claims = z.infer<typeof claimsSchema>;

/**
 * A refreshed token keeps the time of the login behind it: a refresh doesn't make a login any fresher for elevated
 * operations.
 */
export async function signToken(
  state: State,
  caller: Caller,
  use: Claims["use"],
  seconds: number,
  extra: Record<string, unknown> = {},
): Promise<string> {
  const key = await state.signingKey();
  const claims = {
    ...extra,
    u: caller.userId,
    g: caller.groupId,
    tac: caller.level,
    a: authenticationClasses.find((name) => authenticationLevels[name] === caller.level),
    use,
    auth: caller.loggedInAt,
    jti: randomUUID(),
    jwtD: seconds,
    iat: Math.floor(state.now() / 1000),
  };
  return jwt.sign(claims, key.private, { algorithm: "RS256", keyid: key.id, expiresIn: seconds });
}

export async function readToken(state: State, token: string, use: Claims["use"]): Promise<Claims> {
  const key = await state.signingKey();
  let payload: unknown;
  try {
    payload = jwt.verify(token, key.public, {
      algorithms: ["RS256"],
      clockTolerance: state.settings.tokens.clockSkewSeconds,
      clockTimestamp: Math.floor(state.now() / 1000),
    });
  } catch (error) {
    throw unauthorised(
      error instanceof jwt.TokenExpiredError ? "The token has expired." : "The token is not valid.",
    );
  }
  const claims = claimsSchema.safeParse(payload);
  if (!claims.success || claims.data.use !== use) throw unauthorised("This is not a token for that use.");
  if (state.store.revoked.doesExist(claims.data.jti)) throw unauthorised("The token was given back.");
  return claims.data;
}
