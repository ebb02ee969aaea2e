import { lineage } from "../state/groups";
import type { UserRecord } from "../contract/model";
import type { State } from "../state/state";
import { usersNamed } from "../state/users";
import { presentGroup } from "./present";

/** The users of all live groups that share an e-mail, phone number or login with this one, itself included. */
export function usersSharingIdentity(state: State, record: UserRecord): UserRecord[] {
  const { login, email, mobilePhone } = record.user;
  const found = new Map([[record.user.groupId, record]]);
  for (const name of [login, email, mobilePhone].filter((each) => each !== undefined)) {
    for (const other of usersNamed(state.store, name)) {
      if (!found.has(other.user.groupId) && isLiveGroup(state, other.user.groupId)) {
        found.set(other.user.groupId, other);
      }
    }
  }
  return [...found.values()];
}

const isLiveGroup = (state: State, groupId: string) => {
  const record = state.store.groups.get(groupId);
  return record !== undefined && record.group.deletionDate === undefined;
};

export function userGroup(state: State, { user }: UserRecord) {
  const downwards = lineage(state.store, user.groupId).reverse();
  return {
    groupId: user.groupId,
    groupName: downwards.at(-1)?.group.name,
    groupsHierarchy: downwards.map((record) => presentGroup(state, record)),
    userId: user.id,
    login: user.login,
    name: user.name,
    email: user.email,
    phone: user.mobilePhone,
    patientId: user.patientId,
    healthcarePartyId: user.healthcarePartyId,
    deviceId: user.deviceId,
  };
}
