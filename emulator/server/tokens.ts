import { randomUUID, sign, verify } from "node:crypto";
import { z } from "zod";
import { unauthorised } from "../contract/errors";
import { authenticationClasses, authenticationLevels } from "../contract/model";
import type { State } from "../state/state";
import type { Caller } from "./caller";

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
  const header = { alg: "RS256", typ: "JWT", kid: key.id };
  const content = [header, { ...claims, exp: claims.iat + seconds }].map(encoded).join(".");
  return `${content}.${sign("RSA-SHA256", Buffer.from(content), key.private).toString("base64url")}`;
}

export async function readToken(state: State, token: string, use: Claims["use"]): Promise<Claims> {
  const key = await state.signingKey();
  const [header = "", payload = "", signature = "", ...rest] = token.split(".");
  const content = Buffer.from(`${header}.${payload}`);
  const isSigned = verify("RSA-SHA256", content, key.public, Buffer.from(signature, "base64url"));
  if (!isSigned || rest.length > 0) {
    throw unauthorised("The token is not valid.");
  }
  const claims = claimsSchema.safeParse(JSON.parse(Buffer.from(payload, "base64url").toString("utf8")));
  if (!claims.success || claims.data.use !== use) {
    throw unauthorised("This is not a token for that use.");
  }
  if (Math.floor(state.now() / 1000) >= claims.data.exp + state.settings.tokens.clockSkewSeconds) {
    throw unauthorised("The token has expired.");
  }
  if (state.store.revoked.has(claims.data.jti)) {
    throw unauthorised("The token was given back.");
  }
  return claims.data;
}

const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString("base64url");
