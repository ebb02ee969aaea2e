import { generateKeyPair, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Seed } from "../options";
import { readSeed, type Settings } from "../seed";
import type { Group, GroupRecord, User } from "./model";
import { saveGroup } from "./groups";
import { hashPassword, PasswordChecker } from "./secrets";
import { saveSpec } from "./specs";
import { digest, type Store } from "./store";
import { saveUser } from "./users";

export interface SigningKey {
  id: string;
  private: KeyObject;
  public: KeyObject;
}

/** What every operation works on. */
export interface State {
  readonly store: Store;
  readonly settings: Settings;
  readonly passwords: PasswordChecker;
  readonly signingKey: () => Promise<SigningKey>;
  /** Failed logins by user name; forgotten on restart, like a server's counters. */
  readonly failedLogins: Map<string, number[]>;
  readonly now: () => number;
}

/**
 * Takes up the folder where it was left. A seed adds the environments that aren't there yet and its settings replace the
 * former ones; without a seed the folder's own settings go on, and an empty folder gets the default seed.
 */
export function openState(
  store: Store,
  seed: Seed | string | undefined,
  now: () => number = Date.now,
): State {
  const kept = store.meta.get("settings") as Seed | undefined;
  const settings = readSeed(seed ?? kept ?? {});
  store.write(() => {
    store.meta.put("settings", settings);
    for (const environment of settings.environments)
      if (!store.groups.has(environment.id)) plant(store, settings, environment);
  });
  let key: Promise<SigningKey> | undefined;
  return {
    store,
    settings,
    passwords: new PasswordChecker(),
    signingKey: () => (key ??= signingKey(store)),
    failedLogins: new Map(),
    now,
  };
}

export const kindTag = (kind: GroupRecord["kind"]) => ({
  id: `IC-GROUP|${kind}|1.0`,
  type: "IC-GROUP",
  code: kind,
  version: "1.0",
});

export const quotaProperty = (level: 0 | 1 | 2, value: number): Group["properties"][number] => ({
  type: { identifier: `com.icure.dbs.quota.${level}`, type: "INTEGER" },
  typedValue: { type: "INTEGER", integerValue: value },
});

/** A group with nothing in it but what is given. */
export const blankGroup = (given: Pick<Group, "id" | "name" | "servers"> & Partial<Group>): Group => ({
  rev: "",
  tags: [],
  superAdmin: false,
  properties: [],
  defaultUserRoles: {},
  operationTokens: {},
  sharedEntities: {},
  externalJwtConfig: {},
  minimumAuthenticationClassForElevatedPrivileges: "PASSWORD",
  designDocSchemaVersions: [],
  ...given,
});

export const blankUser = (given: Pick<User, "id" | "groupId" | "created"> & Partial<User>): User => ({
  rev: "",
  identifier: [],
  properties: [],
  permissions: [],
  roles: [],
  status: "ACTIVE",
  autoDelegations: {},
  applicationTokens: {},
  authenticationTokens: {},
  ...given,
});

function plant(store: Store, settings: Settings, environment: Settings["environments"][number]): void {
  const { id, name, superAdmin, quotas, administrators } = environment;
  const properties = [
    ...(quotas.projects === undefined ? [] : [quotaProperty(1, quotas.projects)]),
    ...(quotas.tenants === undefined ? [] : [quotaProperty(2, quotas.tenants)]),
  ];
  const servers = (environment.clusters ?? settings.clusters).slice(0, 1);
  saveGroup(store, {
    group: blankGroup({ id, name, servers, superAdmin, properties, tags: [kindTag("root")] }),
    kind: "root",
    shards: 0,
    replicas: 0,
  });
  for (const { password, id: userId, ...names } of administrators)
    saveUser(store, {
      user: blankUser({
        id: userId ?? `administrator-${digest(names.login).slice(0, 12)}`,
        groupId: id,
        created: Date.now(),
        ...names,
      }),
      isAdmin: true,
      inheritsPermissions: true,
      loginIdentifiers: [],
      passwordHash: hashPassword(password),
    });
  if (environment.externalServices !== undefined) saveSpec(store, id, environment.externalServices);
}

/** The folder's own key, so that logins outlive a restart. Made for the first login, not at the start: RSA keys take a while. */
async function signingKey(store: Store): Promise<SigningKey> {
  const kept = store.meta.get("signingKey") as string | undefined;
  const pem = kept ?? (await newKey());
  if (kept === undefined) store.write(() => store.meta.put("signingKey", pem));
  const key = createPrivateKey(pem);
  return { id: digest(pem).slice(0, 16), private: key, public: createPublicKey(key) };
}

async function newKey(): Promise<string> {
  const { privateKey } = await promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
  return privateKey;
}
