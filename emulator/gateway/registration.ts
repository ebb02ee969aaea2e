import { randomUUID } from "node:crypto";
import { delegationTag, patientsLinkToParentBy } from "../contract/assumptions";
import { conflict } from "../contract/errors";
import { createHealthcareParty, createPatient } from "../operations/data-owner-rules";
import { createUser } from "../operations/user-rules";
import { lineage } from "../state/groups";
import type { UserRecord } from "../contract/model";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { saveUser, usersNamed } from "../state/users";
import type { Person, ProcessRecord } from "../contract/gateway-model";

/** The name of the short-lived password among a user's tokens. */
const tokenKey = "message-gateway";

/** Makes the user of a registration where there is none yet, and makes the code the short-lived password of whom it is for. */
export function completeRegistration(
  state: State,
  process: ProcessRecord,
  person: Person,
  code: string,
): void {
  const known =
    process.workflow === "login"
      ? usersToLogIn(state, process, person)
      : usersWith(state, person, (groupId) => groupId === process.groupId);
  const users = known.length > 0 ? known : [register(state, process, person)];
  const validity = state.settings.gateway.codeSeconds;
  for (const record of users) {
    const token = { token: digest(code), creationTime: state.now(), validity };
    const authenticationTokens = { ...record.user.authenticationTokens, [tokenKey]: token };
    saveUser(state.store, { ...record, user: { ...record.user, authenticationTokens } });
  }
}

/** The users that a login process is for: those of its group and of the groups below it. */
export const usersToLogIn = (state: State, { groupId }: ProcessRecord, person: Person): UserRecord[] =>
  usersWith(state, person, (id) => lineage(state.store, id).some(({ group }) => group.id === groupId));

function usersWith(
  state: State,
  { email, mobilePhone }: Person,
  isIn: (groupId: string) => boolean,
): UserRecord[] {
  return usersNamed(state.store, email ?? mobilePhone ?? "").filter(
    ({ user }) =>
      isIn(user.groupId) &&
      user.status !== "DISABLED" &&
      (email === undefined ? user.mobilePhone === mobilePhone : user.email === email),
  );
}

function register(state: State, process: ProcessRecord, person: Person): UserRecord {
  const { workflow, groupId, parentOrganisationId: parent, shareWithParent } = process;
  const { firstName, lastName, email, mobilePhone } = person;
  const name = `${firstName} ${lastName}`.trim();
  const userId = randomUUID();
  const user = {
    id: userId,
    ...(name !== "" && { name }),
    ...(email !== undefined && { email }),
    ...(mobilePhone !== undefined && { mobilePhone }),
    ...(shareWithParent === true &&
      parent !== undefined && { autoDelegations: { [delegationTag]: [parent] } }),
  };
  const names = {
    ...(firstName !== "" && { firstName }),
    ...(lastName !== "" && { lastName }),
  };
  switch (workflow) {
    case "patient-registration": {
      const patient = createPatient(state, groupId, {
        id: randomUUID(),
        ...names,
        author: userId,
        ...(parent !== undefined && { [patientsLinkToParentBy]: parent }),
      });
      return createUser(state, groupId, { ...user, patientId: patient.id }, { isAdmin: false });
    }
    case "healthcare-party-registration":
    case "organisation-registration": {
      const party = createHealthcareParty(state, groupId, {
        id: randomUUID(),
        ...(workflow === "organisation-registration" ? {} : names),
        // The server takes no healthcare party without a name.
        ...((workflow === "organisation-registration" || lastName === "") && {
          name: name || (email ?? mobilePhone),
        }),
        ...(parent !== undefined && { parentId: parent }),
      });
      return createUser(state, groupId, { ...user, healthcarePartyId: party.id }, { isAdmin: false });
    }
    case "login":
    case "generic":
      throw conflict("The user of this code is no more.");
  }
}
