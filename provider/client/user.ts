import { z } from "zod";
import { UnreadFields, nextKeyPair, present } from "./wire";

const userStatuses = ["ACTIVE", "DISABLED", "REGISTERING"] as const;

/** What can be set on a user. At least one of login, e-mail and mobile phone. */
export interface UserFields {
  name?: string | undefined;
  login?: string | undefined;
  email?: string | undefined;
  mobilePhone?: string | undefined;
  status?: (typeof userStatuses)[number] | undefined;
  healthcarePartyId?: string | undefined;
  patientId?: string | undefined;
  deviceId?: string | undefined;
  /** By what is shared, the healthcare parties that get it of everything that the user creates. */
  autoDelegations?: Record<string, string[]> | undefined;
}

/** What is known of a token after its creation: never its value. */
export interface TokenFacts {
  /** Epoch milliseconds. */
  creationTime?: number;
  /** Seconds; -1 for one that never expires. */
  validity?: number;
}

/** A user of a group (Cockpit API: User). */
export interface User extends UserFields {
  id: string;
  rev?: string;
  groupId?: string;
  /** By name, without those that were deleted. An update changes nothing about them. */
  authenticationTokens: Record<string, TokenFacts>;
  /** Absent where the server does not tell. */
  isAdministrator?: boolean;
  /** Ids of the roles that were given to itself; absent where it has those of its kind by default, or the server does not tell. */
  ownRoles?: string[];
  /** What identifies it to another system, at a login by an external token; absent where there is none, or the server does not tell. */
  loginIdentifiers?: LoginIdentifier[];
  /** When it was soft-deleted, in epoch milliseconds. */
  deletedAt?: number;
  /** What this client does not read. Hand it on in an update. */
  unread: UnreadFields;
}

/** What another system calls a user. */
export interface LoginIdentifier {
  assigner: string;
  value: string;
}

/** One to be created under an id that the caller chose. */
export interface NewUser extends UserFields {
  id: string;
}

/** How long a token lives. */
export type TokenLife = { validitySeconds: number } | { never: true };

const text = z.string().nullish();

const token = z.looseObject({
  creationTime: z.number().nullish(),
  validity: z.number().nullish(),
  deletionDate: z.number().nullish(),
});

/** Cockpit API: User. */
export const user = z
  .looseObject({
    id: z.string().min(1),
    rev: text,
    deletionDate: z.number().nullish(),
    groupId: text,
    name: text,
    login: text,
    email: text,
    mobilePhone: text,
    status: z.enum(userStatuses).nullish(),
    healthcarePartyId: text,
    patientId: text,
    deviceId: text,
    autoDelegations: z.record(z.string(), z.array(z.string())).nullish(),
    authenticationTokens: z.record(z.string(), token).nullish(),
    systemMetadata: z
      .looseObject({
        isAdmin: z.boolean().nullish(),
        roles: z.array(z.string()).nullish(),
        inheritsRoles: z.boolean().nullish(),
        loginIdentifiers: z.array(z.object({ assigner: z.string(), value: z.string() })).nullish(),
      })
      .nullish(),
  })
  .transform((wire): User => {
    const { id, rev, deletionDate, groupId, name, login, email, mobilePhone, status, ...others } = wire;
    const { healthcarePartyId, patientId, deviceId, autoDelegations, ...rest } = others;
    return {
      id,
      ...present("rev", rev),
      ...present("deletedAt", deletionDate),
      ...present("groupId", groupId),
      ...present("name", name),
      ...present("login", login),
      ...present("email", email),
      ...present("mobilePhone", mobilePhone),
      ...present("status", status),
      ...present("healthcarePartyId", healthcarePartyId),
      ...present("patientId", patientId),
      ...present("deviceId", deviceId),
      ...present("autoDelegations", autoDelegations),
      authenticationTokens: tokenFacts(wire.authenticationTokens ?? {}),
      ...present("isAdministrator", wire.systemMetadata?.isAdmin),
      ...present(
        "ownRoles",
        wire.systemMetadata?.inheritsRoles === false ? wire.systemMetadata.roles : undefined,
      ),
      ...present("loginIdentifiers", wire.systemMetadata?.loginIdentifiers),
      unread: new UnreadFields(rest),
    };
  });

/** Cockpit API: PaginatedList of User. */
export const userPage = z.object({ rows: z.array(user), nextKeyPair });

/**
 * The stored form: everything that was read and not changed stays as it was. Secrets come masked and go back as they
 * came: the server takes the mask (a password of `*`, a token without value) for "unchanged", but a missing
 * password for "none" (kraken-common, AbstractSecureUserMapper).
 */
export function userBody(user: User): Record<string, unknown> {
  const { unread, deletedAt, isAdministrator, ownRoles, loginIdentifiers, ...fields } = user;
  void [isAdministrator, ownRoles, loginIdentifiers];
  const { authenticationTokens } = unread.fields;
  return { ...unread.fields, ...fields, deletionDate: deletedAt, authenticationTokens };
}

/**
 * The stored form without one token. A token that is only left out stays: the server adds what is sent to what it has,
 * and removes what carries a deletion date (kraken-common, AbstractSecureUserMapper).
 */
export function userBodyWithoutToken(user: User, name: string, now: number): Record<string, unknown> {
  const tokens = Object(user.unread.fields["authenticationTokens"]) as Record<string, object>;
  const removed = { ...tokens[name], deletionDate: now };
  return { ...userBody(user), authenticationTokens: { ...tokens, [name]: removed } };
}

function tokenFacts(tokens: Record<string, z.infer<typeof token>>): Record<string, TokenFacts> {
  const live = Object.entries(tokens).filter(([, { deletionDate }]) => typeof deletionDate !== "number");
  return Object.fromEntries(
    live.map(([name, { creationTime, validity }]) => [
      name,
      { ...present("creationTime", creationTime), ...present("validity", validity) },
    ]),
  );
}
