import { generateKeyPair, createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { promisify } from "node:util";
import type { Seed } from "./options";
import { publishedPassword, readSeed, type Settings } from "./seed";
import type { Group, GroupRecord, User } from "../contract/model";
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
  /** What a person should know about the folder that was taken up. */
  readonly remarks: readonly string[];
  readonly passwords: PasswordChecker;
  readonly signingKey: () => Promise<SigningKey>;
  /** Failed logins by user name; forgotten on restart, like a server's counters. */
  readonly failedLogins: Map<string, number[]>;
  /** When the indexes of groups began to be built, in epoch milliseconds; forgotten on restart. */
  readonly indexing: Map<string, number>;
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
  const passwords = new PasswordChecker();
  const { settings, remarks } = withWorkingPasswords(store, passwords, readSeed(seed ?? kept ?? {}), kept);
  store.write(() => {
    store.meta.put("settings", settings);
    for (const environment of settings.environments) {
      if (!store.groups.has(environment.id)) {
        createSeedEnvironment(store, settings, environment);
      }
    }
  });
  let key: Promise<SigningKey> | undefined;
  return {
    store,
    settings,
    remarks,
    passwords,
    signingKey: () => (key ??= signingKey(store)),
    failedLogins: new Map(),
    indexing: new Map(),
    now,
  };
}

/** A user that is there already keeps its password, whatever the seed says: what is told has to be the one that works. */
function withWorkingPasswords(
  store: Store,
  passwords: PasswordChecker,
  settings: Settings,
  kept: Seed | undefined,
): { settings: Settings; remarks: string[] } {
  const remarks: string[] = [];
  const earlier = kept === undefined ? [] : readSeed(kept).environments;
  const environments = settings.environments.map((environment) => ({
    ...environment,
    administrators: environment.administrators.map((administrator) => {
      const hash = store.users.get([environment.id, administratorId(administrator)])?.passwordHash;
      if (hash === undefined || passwords.matches(administrator.password, hash)) {
        return administrator;
      }
      const working = earlier
        .filter(({ id }) => id === environment.id)
        .flatMap(({ administrators }) => administrators)
        .find(({ login, password }) => login === administrator.login && passwords.matches(password, hash));
      remarks.push(
        working === undefined
          ? `The password of ${administrator.login} in ${environment.id} was changed since, so the one that is told here does not work.`
          : `${administrator.login} in ${environment.id} keeps the password that the data folder has, not the seed's.`,
      );
      return working === undefined ? administrator : { ...administrator, password: working.password };
    }),
  }));
  return { settings: { ...settings, environments }, remarks };
}

const administratorId = ({ id, login }: Settings["environments"][number]["administrators"][number]) =>
  id ?? `administrator-${digest(login).slice(0, 12)}`;

/** The administrators of environments that still have the password which the README tells everybody. */
export function withPublishedPassword({ store, passwords }: State): User[] {
  return [...store.users.entries()]
    .map(({ value }) => value)
    .filter(({ user, isAdmin, passwordHash }) => {
      const alive = user.deletionDate === undefined && store.groups.get(user.groupId)?.kind === "root";
      return (
        alive && isAdmin && passwordHash !== undefined && passwords.matches(publishedPassword, passwordHash)
      );
    })
    .map(({ user }) => user);
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

function createSeedEnvironment(
  store: Store,
  settings: Settings,
  environment: Settings["environments"][number],
): void {
  const { id, name, superAdmin, quotas, status, administrators } = environment;
  const properties = [
    ...(quotas.megabytes === undefined ? [] : [quotaProperty(0, quotas.megabytes)]),
    ...(quotas.projects === undefined ? [] : [quotaProperty(1, quotas.projects)]),
    ...(quotas.tenants === undefined ? [] : [quotaProperty(2, quotas.tenants)]),
  ];
  const servers = (environment.clusters ?? settings.clusters).slice(0, 1);
  saveGroup(store, {
    group: blankGroup({ id, name, servers, superAdmin, properties, status, tags: [kindTag("root")] }),
    kind: "root",
    shards: 0,
    replicas: 0,
  });
  for (const administrator of administrators) {
    const { password, ...names } = administrator;
    saveUser(store, {
      user: blankUser({
        ...names,
        id: administratorId(administrator),
        groupId: id,
        created: Date.now(),
      }),
      isAdmin: true,
      inheritsPermissions: true,
      loginIdentifiers: [],
      passwordHash: hashPassword(password),
    });
  }
  if (environment.externalServices !== undefined) {
    saveSpec(store, id, environment.externalServices);
  }
}

/** The folder's own key, so that logins outlive a restart. Made for the first login, not at the start: RSA keys take a while. */
async function signingKey(store: Store): Promise<SigningKey> {
  const kept = store.meta.get("signingKey") as string | undefined;
  const pem = kept ?? (await newKey());
  if (kept === undefined) {
    store.write(() => store.meta.put("signingKey", pem));
  }
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
