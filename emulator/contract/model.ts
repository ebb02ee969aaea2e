export interface CodeStub {
  id?: string | undefined;
  context?: string | undefined;
  type?: string | undefined;
  code?: string | undefined;
  version?: string | undefined;
  contextLabel?: string | undefined;
  label?: Record<string, string> | undefined;
}

export const valueTypes = ["BOOLEAN", "INTEGER", "DOUBLE", "STRING", "DATE", "CLOB", "JSON"] as const;
export type ValueType = (typeof valueTypes)[number];

export interface TypedValue {
  type?: ValueType | undefined;
  booleanValue?: boolean | undefined;
  integerValue?: number | undefined;
  doubleValue?: number | undefined;
  stringValue?: string | undefined;
  dateValue?: number | undefined;
  encryptedSelf?: string | undefined;
}

export interface Property {
  id?: string | undefined;
  type?: { identifier?: string | undefined; type?: ValueType | undefined } | undefined;
  typedValue?: TypedValue | undefined;
  deletionDate?: number | undefined;
  encryptedSelf?: string | undefined;
}

export interface OperationToken {
  tokenHash: string;
  creationTime: number;
  /** Seconds. */
  validity: number;
  operation: "TRANSFER_GROUP";
  description?: string | undefined;
}

export const authenticationLevels = {
  DIGITAL_ID: 60,
  TWO_FACTOR_AUTHENTICATION: 50,
  SHORT_LIVED_TOKEN: 40,
  EXTERNAL_AUTHENTICATION: 30,
  PASSWORD: 20,
  LONG_LIVED_TOKEN: 10,
} as const;
export type AuthenticationClass = keyof typeof authenticationLevels;
export const authenticationClasses = Object.keys(authenticationLevels) as [
  AuthenticationClass,
  ...AuthenticationClass[],
];

export const userTypes = ["HCP", "PATIENT", "DEVICE", "USER"] as const;
export type UserType = (typeof userTypes)[number];

export interface ExternalJwtConfig {
  validationMethod: Record<string, unknown>;
  fieldSelector: Record<string, unknown>;
  authenticationClass?: AuthenticationClass | undefined;
}

/** A group in requests and answers. */
export interface Group {
  id: string;
  rev: string;
  deletionDate?: number | undefined;
  tags: CodeStub[];
  name: string;
  servers: string[];
  superAdmin: boolean;
  properties: Property[];
  defaultUserRoles: Partial<Record<UserType, string[]>>;
  operationTokens: Record<string, OperationToken>;
  sharedEntities: Record<string, string>;
  minimumKrakenVersion?: string | undefined;
  externalJwtConfig: Record<string, ExternalJwtConfig>;
  minimumAuthenticationClassForElevatedPrivileges: AuthenticationClass;
  superGroup?: string | undefined;
  applicationId?: string | undefined;
  /** Kept where somebody set it; what is shown is that of the nearest group upwards. */
  status?: GroupStatus | undefined;
  designDocSchemaVersions: number[];
  defaultChildrenSchemaVersion?: number | undefined;
}

export const groupStatuses = ["PAYING", "FREE"] as const;
export type GroupStatus = (typeof groupStatuses)[number];

export type GroupKind = "root" | "app" | "database";

/** A stored group: the part that the API shows, and the part that it never shows. */
export interface GroupRecord {
  group: Group;
  kind: GroupKind;
  passwordHash?: string | undefined;
  shards: number;
  replicas: number;
}

export interface LoginIdentifier {
  assigner: string;
  value: string;
}

export interface AuthenticationToken {
  token: string;
  creationTime: number;
  /** Seconds; -1 never ends. */
  validity: number;
  deletionDate?: number | undefined;
}

/** A user in requests and answers, without fields that only the server may set. */
export interface User {
  id: string;
  rev: string;
  deletionDate?: number | undefined;
  created: number;
  identifier: unknown[];
  name?: string | undefined;
  properties: Property[];
  permissions: unknown[];
  roles: string[];
  status: "ACTIVE" | "DISABLED" | "REGISTERING";
  login?: string | undefined;
  groupId: string;
  healthcarePartyId?: string | undefined;
  patientId?: string | undefined;
  deviceId?: string | undefined;
  autoDelegations: Record<string, string[]>;
  termsOfUseDate?: number | undefined;
  email?: string | undefined;
  mobilePhone?: string | undefined;
  applicationTokens: Record<string, string>;
  authenticationTokens: Record<string, AuthenticationToken>;
}

export interface UserRecord {
  user: User;
  isAdmin: boolean;
  /** Roles set by name; absent: the group's default roles apply. */
  ownRoles?: string[] | undefined;
  inheritsPermissions: boolean;
  loginIdentifiers: LoginIdentifier[];
  passwordHash?: string | undefined;
  secondFactor?: { secret: string; digits: number; algorithm: "SHA1" | "SHA256" | "SHA512" } | undefined;
}

/** A healthcare party or a patient as it travels: what every one has, and whatever of the published fields a client sent. */
export interface DataOwner {
  id: string;
  rev: string;
  deletionDate?: number | undefined;
  [field: string]: unknown;
}

export type HealthcareParty = DataOwner & { parentId?: string | undefined };
export type Device = DataOwner & { parentId?: string | undefined; responsible?: string | undefined };
export type Patient = DataOwner & { responsible?: string | undefined };

/** A role of a group's own making as it travels; its id is `<group>:<name>`. */
export interface Role {
  id: string;
  rev: string;
  name: string;
  description?: string | undefined;
  /** How many levels below its group may use it; absent: all. */
  inheritableUpTo?: number | undefined;
  permissions: string[];
}

/** Keys of a data owner, encrypted by its client and opaque to the server. */
export interface RecoveryData {
  id: string;
  rev: string;
  recipient: string;
  expirationInstant?: number | undefined;
  deletionDate?: number | undefined;
  [field: string]: unknown;
}

/** Keys that two data owners share, encrypted by the clients and opaque to the server. */
export interface ExchangeData {
  id: string;
  rev: string;
  delegator: string;
  delegate: string;
  deletionDate?: number | undefined;
  [field: string]: unknown;
}
