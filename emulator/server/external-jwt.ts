import { constants, createPublicKey, verify, type JsonWebKey, type KeyObject } from "node:crypto";
import { z } from "zod";
import { preferredUser } from "../contract/assumptions";
import { unauthorised } from "../contract/errors";
import {
  authenticationLevels,
  type ExternalJwtConfig,
  type LoginIdentifier,
  type UserRecord,
} from "../contract/model";
import { lineage } from "../state/groups";
import type { State } from "../state/state";
import { usersInGroup } from "../state/users";
import { callerOf, type Caller } from "./caller";

export interface ExternalLogin {
  configId: string;
  token: string;
  groupId?: string | undefined;
  applicationId?: string | undefined;
}

/** Who a token of another system means, by the configurations of that id in the groups that the login asks for. */
export async function logInExternally(state: State, wish: ExternalLogin): Promise<Caller> {
  const found: { record: UserRecord; level: number; created: number; groupId: string }[] = [];
  const claimsBy = new Map<string, Promise<Record<string, unknown> | undefined>>();
  for (const { groupId, config } of configurations(state, wish)) {
    const key = JSON.stringify(config);
    const claims = claimsBy.get(key) ?? readExternalToken(state, config, wish.token).catch(() => undefined);
    claimsBy.set(key, claims);
    const known = await claims;
    const record = known && userBy(state, groupId, config, known);
    if (record !== undefined) {
      found.push({
        record,
        level: authenticationLevels[config.authenticationClass ?? "EXTERNAL_AUTHENTICATION"],
        created: record.user.created,
        groupId,
      });
    }
  }
  const chosen = preferredUser(found);
  if (chosen === undefined) {
    throw unauthorised("No user fits this token of another system.");
  }
  return callerOf(chosen.record, chosen.level, state.now());
}

/** Published: that of a parent applies to its children, unless they have one of the same id. */
function configurations(state: State, { configId, groupId, applicationId }: ExternalLogin) {
  return [...state.store.groups.entries()].flatMap(({ value: { group } }) => {
    const isAsked =
      group.deletionDate === undefined &&
      (groupId === undefined || group.id === groupId) &&
      (applicationId === undefined || group.applicationId === applicationId);
    if (!isAsked) {
      return [];
    }
    const [config] = lineage(state.store, group.id).flatMap(
      (each) => each.group.externalJwtConfig[configId] ?? [],
    );
    return config === undefined ? [] : [{ groupId: group.id, config }];
  });
}

/** What a token of another system calls somebody, by a configuration of the group or one above that selects by identifier. */
export async function claimedIdentifier(
  state: State,
  groupId: string,
  configId: string,
  token: string,
): Promise<LoginIdentifier | undefined> {
  const [config] = lineage(state.store, groupId).flatMap(
    ({ group }) => group.externalJwtConfig[configId] ?? [],
  );
  const {
    type,
    fieldName = "",
    identifierAssigner: assigner,
  } = (config?.fieldSelector ?? {}) as Record<string, string | undefined>;
  if (config === undefined || type !== "Identifier" || assigner === undefined) {
    return undefined;
  }
  const claims = await readExternalToken(state, config, token).catch(() => undefined);
  const value = claims?.[fieldName];
  return typeof value === "string" && value !== "" ? { assigner, value } : undefined;
}

const header = z.object({ alg: z.string(), kid: z.string().optional() });
const claimsSchema = z.looseObject({
  exp: z.number().optional(),
  nbf: z.number().optional(),
  iss: z.string().optional(),
  aud: z.union([z.string(), z.array(z.string())]).optional(),
});

async function readExternalToken(
  state: State,
  { validationMethod }: ExternalJwtConfig,
  token: string,
): Promise<Record<string, unknown> | undefined> {
  const [head = "", payload = "", signature = "", ...rest] = token.split(".");
  const { alg, kid } = header.parse(decodedPart(head));
  const claims = claimsSchema.parse(decodedPart(payload));
  const { type, key, signatureAlgorithm, issureLocation, clientId } = validationMethod as Record<
    string,
    string | undefined
  >;
  if (rest.length > 0 || (signatureAlgorithm !== undefined && signatureAlgorithm !== alg)) {
    return undefined;
  }
  const keys = type === "Oidc" ? await issuerKeys(issureLocation ?? "", kid) : [parsePublicKey(key ?? "")];
  const content = Buffer.from(`${head}.${payload}`);
  if (!keys.some((each) => isSigned(alg, content, each, Buffer.from(signature, "base64url")))) {
    return undefined;
  }
  const now = state.now() / 1000;
  const skew = state.settings.tokens.clockSkewSeconds;
  const isCurrent =
    (claims.exp === undefined || now < claims.exp + skew) &&
    (claims.nbf === undefined || now >= claims.nbf - skew);
  const isForUs = clientId === undefined || [claims.aud].flat().includes(clientId);
  const isOfIssuer =
    type !== "Oidc" || withoutTrailingSlash(claims.iss ?? "") === withoutTrailingSlash(issureLocation ?? "");
  return isCurrent && isForUs && isOfIssuer ? claims : undefined;
}

const withoutTrailingSlash = (url: string) => url.replace(/\/+$/, "");
const decodedPart = (part: string): unknown => JSON.parse(Buffer.from(part, "base64url").toString("utf8"));

/** Published: PEM, or base64 of the same. */
function parsePublicKey(text: string): KeyObject {
  return text.includes("-----BEGIN")
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
}

/** Asymmetric ones only: whoever knows a public key could sign by the others. */
function isSigned(alg: string, content: Buffer, key: KeyObject, signature: Buffer): boolean {
  const [, family, bits] = /^(RS|PS|ES)(256|384|512)$/.exec(alg) ?? [];
  if (family === undefined || key.asymmetricKeyType !== (family === "ES" ? "ec" : "rsa")) {
    return false;
  }
  const how =
    family === "ES"
      ? { key, dsaEncoding: "ieee-p1363" as const }
      : family === "PS"
        ? { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST }
        : { key };
  return verify(`sha${bits}`, content, how, signature);
}

const discovery = z.object({ jwks_uri: z.string() });
const keySet = z.object({ keys: z.array(z.looseObject({ kid: z.string().optional() })) });

/** The keys that an issuer publishes: OpenID Connect Discovery. */
async function issuerKeys(issuer: string, kid: string | undefined): Promise<KeyObject[]> {
  const ask = async (url: string): Promise<unknown> => {
    const answer = await fetch(url, { signal: AbortSignal.timeout(5000) });
    if (!answer.ok) {
      throw new Error(`${url} answered ${answer.status}.`);
    }
    return answer.json();
  };
  const { jwks_uri } = discovery.parse(
    await ask(`${withoutTrailingSlash(issuer)}/.well-known/openid-configuration`),
  );
  const { keys } = keySet.parse(await ask(jwks_uri));
  return keys
    .filter((key) => kid === undefined || key.kid === kid)
    .map((key) => createPublicKey({ key: key as JsonWebKey, format: "jwk" }));
}

function userBy(
  state: State,
  groupId: string,
  { fieldSelector }: ExternalJwtConfig,
  claims: Record<string, unknown>,
): UserRecord | undefined {
  const { type, fieldName = "", identifierAssigner } = fieldSelector as Record<string, string | undefined>;
  const value = claims[fieldName];
  if (typeof value !== "string" || value === "") {
    return undefined;
  }
  return [...usersInGroup(state.store, groupId)].find(({ user, loginIdentifiers }) => {
    if (user.deletionDate !== undefined || user.status === "DISABLED") {
      return false;
    }
    const held = { LocalId: user.id, Email: user.email, MobilePhone: user.mobilePhone, Username: user.login };
    return type === "Identifier"
      ? loginIdentifiers.some((one) => one.assigner === identifierAssigner && one.value === value)
      : held[type as keyof typeof held] === value;
  });
}
