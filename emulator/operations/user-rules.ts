import { randomUUID } from "node:crypto";
import { z } from "zod";
import { mask } from "../contract/assumptions";
import { badRequest, conflict, passwordTooShort } from "../contract/errors";
import type { AuthenticationToken, User, UserRecord } from "../contract/model";
import { hashPassword } from "../state/secrets";
import { blankUser, type State } from "../state/state";
import { digest } from "../state/store";
import { saveUser, takenName } from "../state/users";
import { checkId } from "./access";
import { propertySchema } from "./properties";

export const minimumPasswordLength = 6;
const recommendedPasswordLength = 8;

const storedToken = z.object({
  token: z.string().optional(),
  creationTime: z.number().optional(),
  validity: z.number().optional(),
  deletionDate: z.number().optional(),
});

/** A user as clients send it; a new one brings no tokens, what only the server sets (`systemMetadata`, `groupId`) is passed over. */
export const userInput = z.object({
  id: z.string().optional(),
  rev: z.string().optional(),
  name: z.string().optional(),
  identifier: z.array(z.unknown()).optional(),
  properties: z.array(propertySchema).optional(),
  permissions: z.array(z.unknown()).optional(),
  roles: z.array(z.string()).optional(),
  status: z.enum(["ACTIVE", "DISABLED", "REGISTERING"]).optional(),
  login: z.string().min(1).optional(),
  passwordHash: z.string().optional(),
  healthcarePartyId: z.string().optional(),
  patientId: z.string().optional(),
  deviceId: z.string().optional(),
  autoDelegations: z.record(z.string(), z.array(z.string())).optional(),
  termsOfUseDate: z.number().optional(),
  email: z.string().regex(/.+@.+/, "an e-mail address is expected").optional(),
  mobilePhone: z
    .string()
    .regex(/^\+?[0-9]{6,20}$/, "a phone number is expected")
    .optional(),
  applicationTokens: z.record(z.string(), z.string()).optional(),
  authenticationTokens: z.record(z.string(), storedToken).optional(),
});
export type UserInput = z.output<typeof userInput>;

export function createUser(
  state: State,
  groupId: string,
  input: UserInput,
  { isAdmin }: { isAdmin: boolean },
): UserRecord {
  const { id = randomUUID(), passwordHash, rev, ...fields } = input;
  checkId(id);
  if (rev !== undefined) {
    throw badRequest("A new user has no revision.");
  }
  if (state.store.users.has([groupId, id])) {
    throw conflict(`A user with the id ${id} exists already.`);
  }
  const login = input.login ?? input.email ?? input.mobilePhone;
  const created = state.now();
  const user = blankUser({
    ...definedUserFields(fields),
    id,
    groupId,
    created,
    login,
    authenticationTokens: {},
  });
  refuseBadNames(state, user, input.login);
  return saveUser(state.store, {
    user,
    isAdmin,
    inheritsPermissions: true,
    loginIdentifiers: [],
    passwordHash: passwordHash === undefined ? undefined : hashPassword(acceptablePassword(passwordHash)),
  });
}

/**
 * What a PUT makes of a user: fields left out are cleared, the password too; tokens with a deletion date are withdrawn,
 * those left out or without a value stay, and those with a value are new (kraken-common, AbstractSecureUserMapper).
 */
export function modifiedUser(state: State, record: UserRecord, input: UserInput): UserRecord {
  const { user } = record;
  if (input.rev !== user.rev) {
    throw conflict(`The user ${user.id} was changed since revision ${input.rev ?? "none"}.`);
  }
  const { authenticationTokens = {}, ...fields } = { ...input, passwordHash: undefined };
  const tokens = { ...user.authenticationTokens, ...newTokens(state, authenticationTokens) };
  const keptTokens = Object.entries(tokens).filter(
    ([key]) => authenticationTokens[key]?.deletionDate === undefined,
  );
  const modified = blankUser({
    ...definedUserFields(fields),
    id: user.id,
    groupId: user.groupId,
    created: user.created,
    login: input.login ?? input.email ?? input.mobilePhone,
    authenticationTokens: Object.fromEntries(keptTokens),
  });
  refuseBadNames(state, modified, input.login);
  return { ...record, user: modified, passwordHash: storedPassword(record, input) };
}

function storedPassword(record: UserRecord, input: UserInput): string | undefined {
  const { passwordHash } = input;
  if (passwordHash === undefined) {
    return undefined;
  }
  return setsPassword(input) ? hashPassword(acceptablePassword(passwordHash)) : record.passwordHash;
}

/** The mask that comes back stands for the password that is kept. */
export const setsPassword = ({ passwordHash }: UserInput) =>
  passwordHash !== undefined && passwordHash !== mask;

function newTokens(
  state: State,
  sent: NonNullable<UserInput["authenticationTokens"]>,
): Record<string, AuthenticationToken> {
  return Object.fromEntries(
    Object.entries(sent).flatMap(([key, { token, creationTime = state.now(), validity = -1 }]) =>
      token === undefined ? [] : [[key, { token: digest(token), creationTime, validity }]],
    ),
  );
}

export function acceptablePassword(password: string): string {
  if (password.length < recommendedPasswordLength) {
    throw passwordTooShort(`A password has at least ${recommendedPasswordLength} characters.`);
  }
  return password;
}

export function refuseBadNames(state: State, user: User, givenLogin: string | undefined): void {
  if (user.login === undefined) {
    throw badRequest("A user needs a login, an e-mail address or a mobile phone number.");
  }
  const taken = takenName(state.store, user, givenLogin);
  if (taken !== undefined) {
    throw badRequest(`A user with ${taken} ${taken === "Email" ? user.email : givenLogin} already exists`);
  }
}

type Given<T> = { [K in keyof T]: Exclude<T[K], undefined> };

/** Without the fields that are undefined, so that they don't hide defaults. */
const definedUserFields = <T extends object>(fields: T) =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<Given<T>>;
