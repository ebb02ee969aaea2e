import { z } from "zod";
import { type PropertyStub, propertyStub } from "./properties";

/**
 * The wire's words and ours. A group is an environment (root), a solution (app) or a database;
 * its `superGroup` is its parent. Nothing outside this folder knows the left-hand words.
 */
const kindsOnWire = { root: "environment", app: "solution", database: "database" } as const;

export type GroupKind = (typeof kindsOnWire)[keyof typeof kindsOnWire];

/** An environment, a solution or a database (Cockpit API: Group). */
export interface Group {
  id: string;
  rev?: string;
  name?: string;
  /** Absent where the group carries no tag that tells. */
  kind?: GroupKind;
  parentId?: string;
  /** The clusters that hold it. */
  servers: string[];
  applicationId?: string;
  properties: PropertyStub[];
  /** When it was soft-deleted, in epoch milliseconds. */
  deletedAt?: number;
  /** Ids of the roles that are set by default for kinds of users in it; absent where the server does not tell. */
  defaultRoles?: string[];
  /** Whether its owner pays for it; absent on servers of before autumn 2026. */
  status?: string;
  /** Versions of the solution's own index schema that it has; absent where it has none. */
  schemaVersions?: number[];
  /** The version that databases get which are created in it. */
  defaultSchemaVersion?: number;
  /** How tokens of other systems log in, by the name of the configuration. Those of kinds that this client does not know are left out. */
  externalJwts?: Record<string, ExternalJwt>;
  /** Tokens that were issued for operations on it and not used yet; absent where this account is not shown them. */
  operationTokens?: OperationToken[];
}

/** How a token of another system logs in (Cockpit API: ExternalJwtConfig). */
export interface ExternalJwt {
  /** How its signature is checked: by a key, or by those that an OpenID Connect issuer publishes. */
  validation:
    | {
        type: "public-key";
        key: string;
        signatureAlgorithm?: string | undefined;
        clientId?: string | undefined;
      }
    | { type: "oidc"; issuer: string; clientId?: string | undefined };
  /** Which claim tells which user. */
  selector:
    | { type: "id" | "email" | "mobilePhone" | "login"; claim: string }
    | { type: "identifier"; claim: string; assigner: string };
  authenticationClass: ExternalAuthenticationClass;
}

export const authenticationClasses = [
  ...(["DIGITAL_ID", "TWO_FACTOR_AUTHENTICATION", "SHORT_LIVED_TOKEN"] as const),
  ...(["EXTERNAL_AUTHENTICATION", "PASSWORD", "LONG_LIVED_TOKEN"] as const),
] as const;
export type ExternalAuthenticationClass = (typeof authenticationClasses)[number];

/** One of the account's users: it has one in each group that it can log in to. */
export interface EnvironmentAccess {
  groupId: string;
  groupName?: string;
  userId: string;
  /** The groups that this one is in, as far as the account may see them; the API does not say in which order. */
  hierarchy: Group[];
}

/** What is shown of an operation token; its value is shown only once, when it is issued. */
export interface OperationToken {
  id: string;
  operation?: string;
  description?: string;
  /** Epoch milliseconds by the server's clock. */
  createdAt?: number;
  validitySeconds?: number;
}

const text = z.string().nullish();

const tag = z.object({ id: text, type: text, code: text });

/** Cockpit API: OperationToken. */
const operationToken = z
  .object({
    creationTime: z.number().nullish(),
    validity: z.number().nullish(),
    operation: text,
    description: text,
  })
  .transform((wire) => ({
    ...present("operation", wire.operation),
    ...present("description", wire.description),
    ...present("createdAt", wire.creationTime),
    ...present("validitySeconds", wire.validity),
  }));

const clientId = z
  .string()
  .nullish()
  .transform((value) => value ?? undefined);

/** Cockpit API: ExternalJwtConfig. */
const externalJwt = z
  .object({
    validationMethod: z.discriminatedUnion("type", [
      z.object({ type: z.literal("PublicKey"), key: z.string(), signatureAlgorithm: clientId, clientId }),
      // The server's own spelling of the field is misspelt, the SDK reads both.
      z.object({ type: z.literal("Oidc"), issuerLocation: text, issureLocation: text, clientId }),
    ]),
    fieldSelector: z.object({
      type: z.enum(["LocalId", "Email", "MobilePhone", "Username", "Identifier"]),
      fieldName: z.string(),
      identifierAssigner: text,
    }),
    authenticationClass: z.enum(authenticationClasses).nullish(),
  })
  .transform(({ validationMethod, fieldSelector, authenticationClass }): ExternalJwt => {
    const claim = fieldSelector.fieldName;
    return {
      validation:
        validationMethod.type === "Oidc"
          ? {
              type: "oidc",
              issuer: validationMethod.issuerLocation ?? validationMethod.issureLocation ?? "",
              ...present("clientId", validationMethod.clientId),
            }
          : {
              type: "public-key",
              key: validationMethod.key,
              ...present("signatureAlgorithm", validationMethod.signatureAlgorithm),
              ...present("clientId", validationMethod.clientId),
            },
      selector:
        fieldSelector.type === "Identifier"
          ? { type: "identifier", claim, assigner: fieldSelector.identifierAssigner ?? "" }
          : { type: selectors[fieldSelector.type], claim },
      authenticationClass: authenticationClass ?? "EXTERNAL_AUTHENTICATION",
    };
  });

const selectors = { LocalId: "id", Email: "email", MobilePhone: "mobilePhone", Username: "login" } as const;
const selectorsOnWire = {
  id: "LocalId",
  email: "Email",
  mobilePhone: "MobilePhone",
  login: "Username",
} as const;

/** As the API takes it. */
export function externalJwtBody({ validation, selector, authenticationClass }: ExternalJwt): object {
  const { clientId: client } = validation;
  return {
    validationMethod:
      validation.type === "oidc"
        ? { type: "Oidc", issuerLocation: validation.issuer, clientId: client }
        : {
            type: "PublicKey",
            key: validation.key,
            signatureAlgorithm: validation.signatureAlgorithm,
            clientId: client,
          },
    fieldSelector:
      selector.type === "identifier"
        ? { type: "Identifier", identifierAssigner: selector.assigner, fieldName: selector.claim }
        : { type: selectorsOnWire[selector.type], fieldName: selector.claim },
    authenticationClass,
  };
}

/** Cockpit API: Group. */
export const group = z
  .object({
    id: z.string().min(1),
    rev: text,
    deletionDate: z.number().nullish(),
    tags: z.array(tag).nullish(),
    name: text,
    servers: z.array(z.string()).nullish(),
    properties: z.array(propertyStub).nullish(),
    superGroup: text,
    applicationId: text,
    operationTokens: z.record(z.string(), operationToken).nullish(),
    status: text,
    designDocSchemaVersions: z.array(z.number()).nullish(),
    defaultChildrenSchemaVersion: z.number().nullish(),
    defaultUserRoles: z.record(z.string(), z.array(z.string())).nullish(),
    externalJwtConfig: z.record(z.string(), externalJwt.nullish().catch(undefined)).nullish(),
  })
  .transform((wire): Group => ({
    id: wire.id,
    ...present("rev", wire.rev),
    ...present("name", wire.name),
    ...present("kind", kindOfTags(wire.tags ?? [])),
    ...present("parentId", wire.superGroup),
    servers: wire.servers ?? [],
    ...present("applicationId", wire.applicationId),
    properties: wire.properties ?? [],
    ...present("deletedAt", wire.deletionDate),
    ...present("status", wire.status),
    ...present("schemaVersions", wire.designDocSchemaVersions),
    ...present("defaultSchemaVersion", wire.defaultChildrenSchemaVersion),
    ...present("defaultRoles", wire.defaultUserRoles && Object.values(wire.defaultUserRoles).flat()),
    ...(wire.externalJwtConfig && {
      externalJwts: Object.fromEntries(
        Object.entries(wire.externalJwtConfig).flatMap(([name, config]) => (config ? [[name, config]] : [])),
      ),
    }),
    ...(wire.operationTokens && {
      operationTokens: Object.entries(wire.operationTokens).map(([id, token]) => ({ id, ...token })),
    }),
  }));

export const groups = z.array(group);

/** Cockpit API: PaginatedList, where it goes on. */
export const nextKeyPair = z.object({ startKey: z.unknown(), startKeyDocId: text }).nullish();

/** Cockpit API: PaginatedList of Group. */
export const groupPage = z.object({ rows: groups, nextKeyPair });

/** Endpoints that answer with one text: bare, as the API's framework writes it whatever type is asked for, or as a JSON string. */
export const singleText = z
  .string()
  .transform((answer) => (/^["{<]/.test(answer) ? jsonText(answer) : answer))
  .pipe(z.string().min(1));

/** Endpoints that answer with nothing that is read. */
export const nothing = z.string();

/** Cockpit API: JwtResponse. */
export const loginAnswer = z.object({
  token: text,
  refreshToken: text,
  successful: z.boolean().nullish(),
});

/** What a token says of its life, in epoch seconds. */
export const tokenClaims = z
  .object({ exp: z.number().optional().catch(undefined), iat: z.number().optional().catch(undefined) })
  .transform((claims) => ({ ...present("exp", claims.exp), ...present("iat", claims.iat) }));

/** Cockpit API: User, the part that tells who and where. */
export const user = z
  .object({ id: z.string().min(1), groupId: text, login: text, email: text, name: text })
  .transform((wire) => ({
    id: wire.id,
    ...present("groupId", wire.groupId),
    ...present("login", wire.login),
    ...present("email", wire.email),
    ...present("name", wire.name),
  }));

/** Cockpit API: UserGroup[]. Entries that name no group or user lead nowhere and are left out. */
export const userGroups = z
  .array(
    z.object({ groupId: text, groupName: text, userId: text, groupsHierarchy: z.array(group).nullish() }),
  )
  .transform((entries) =>
    entries.flatMap(({ groupId, groupName, userId, groupsHierarchy }) =>
      groupId && userId
        ? [{ groupId, userId, ...present("groupName", groupName), hierarchy: groupsHierarchy ?? [] }]
        : [],
    ),
  );

/** Cockpit API: GroupDeletionReport[]. */
export const deletionReports = z.array(z.object({ id: z.string() }));

/** Cockpit API: CodeStub, whose id is `type|code|version`. */
function kindOfTags(tags: z.infer<typeof tag>[]): GroupKind | undefined {
  const codes = tags.map(({ id, type, code }) => {
    const [idType, idCode] = id?.split("|") ?? [];
    return (type ?? idType) === "IC-GROUP" ? (code ?? idCode) : undefined;
  });
  const known = codes.find((code): code is keyof typeof kindsOnWire =>
    Object.hasOwn(kindsOnWire, code ?? ""),
  );
  return known && kindsOnWire[known];
}

/** A field, or nothing where the API says null. */
export function present<Key extends string, Value>(
  key: Key,
  value: Value | null | undefined,
): { [K in Key]?: Value } {
  return value === null || value === undefined ? {} : ({ [key]: value } as { [K in Key]: Value });
}

/** What is wrong with an answer about another object than the one asked for. */
export function answeredForAnother(
  what: string,
  { id }: { id: string },
  askedId: string,
): string | undefined {
  return id === askedId ? undefined : `the server answered for another ${what}, ${id}`;
}

/** Cockpit API: DocIdentifier, the answer to a deletion. */
export const documentIdentifier = z.object({ id: text, rev: text });

function jsonText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/**
 * The fields of an answer that this client doesn't read, kept so that an update sends them back and loses nothing.
 * It is opaque, because masked and hashed secrets are among them: printed, serialised or compared it shows nothing.
 */
export class UnreadFields {
  readonly #fields: Readonly<Record<string, unknown>>;

  constructor(fields: Record<string, unknown>) {
    this.#fields = fields;
  }

  /** For the body of an update, and nothing else. */
  get fields(): Readonly<Record<string, unknown>> {
    return this.#fields;
  }
}
