import { nextRevision } from "./groups";
import type { User, UserRecord } from "../contract/model";
import { digest, type Store } from "./store";

const loginNames = ({ user, loginIdentifiers }: UserRecord): string[] =>
  [user.id, user.login, user.email, user.mobilePhone, ...loginIdentifiers.map(({ value }) => value)].filter(
    (name) => name !== undefined,
  );

/** Keeps a user under a new revision and under every name it can log in with. */
export function saveUser(store: Store, record: UserRecord): UserRecord {
  const { groupId, id } = record.user;
  const before = store.users.get([groupId, id]);
  const saved = { ...record, user: { ...record.user, rev: nextRevision(before?.user.rev) } };
  if (before !== undefined) {
    forgetNames(store, before);
  }
  if (saved.user.deletionDate === undefined) {
    for (const name of loginNames(saved)) {
      store.logins.put([digest(name), groupId, id], true);
    }
  }
  store.users.put([groupId, id], saved);
  return saved;
}

export function eraseUser(store: Store, record: UserRecord): void {
  forgetNames(store, record);
  store.users.remove([record.user.groupId, record.user.id]);
}

function forgetNames(store: Store, record: UserRecord): void {
  for (const name of loginNames(record)) {
    store.logins.remove([digest(name), record.user.groupId, record.user.id]);
  }
}

/** Living users with that login, e-mail, phone number or id, in every group. */
export function usersNamed(store: Store, name: string): UserRecord[] {
  const key = digest(name);
  const found: UserRecord[] = [];
  for (const [hash, groupId, id] of store.logins.keys({ start: [key, "", ""] })) {
    if (hash !== key) {
      break;
    }
    const record = store.users.get([groupId, id]);
    if (record !== undefined) {
      found.push(record);
    }
  }
  return found;
}

/** The users of a group in the order of their ids, deleted ones included. */
export function* usersInGroup(store: Store, groupId: string, start = ""): Generator<UserRecord> {
  for (const { key, value } of store.users.entries({ start: [groupId, start] })) {
    if (key[0] !== groupId) {
      return;
    }
    yield value;
  }
}

/**
 * What of a user another live one of its group has already, as the server's shared code has it (kraken-common, UserLogicImpl):
 * the e-mail; then a login that is somebody's phone; then the login. So several may have one phone.
 */
export function takenName(
  store: Store,
  user: User,
  givenLogin: string | undefined,
): "Login" | "Email" | "Phone" | undefined {
  const taken = (name: string | undefined, of: (other: User) => string | undefined) =>
    name !== undefined &&
    usersNamed(store, name).some(
      (other) => other.user.groupId === user.groupId && other.user.id !== user.id && of(other.user) === name,
    );
  if (taken(user.email, (other) => other.email)) {
    return "Email";
  }
  if (taken(givenLogin, (other) => other.mobilePhone)) {
    return "Phone";
  }
  if (taken(givenLogin, (other) => other.login)) {
    return "Login";
  }
  return undefined;
}
