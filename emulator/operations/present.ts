import { defaultRoles, mask } from "../contract/assumptions";
import type { AuthenticationToken, Group, GroupRecord, User, UserRecord } from "../contract/model";
import { lineage } from "../state/groups";
import type { State } from "../state/state";

/** A group as it is answered; fields that older clients don't know are left out while they are empty. */
export function presentGroup({ store }: State, { group }: GroupRecord): Partial<Group> {
  const { externalJwtConfig, designDocSchemaVersions, ...always } = group;
  // Published (SDK 2.13.5): that of the nearest group upwards which has one, else FREE, which stops clients of before that.
  const status = lineage(store, group.id).find((each) => each.group.status !== undefined)?.group.status;
  return {
    ...always,
    status: status === "FREE" ? undefined : status,
    ...(Object.keys(externalJwtConfig).length > 0 && { externalJwtConfig }),
    ...(designDocSchemaVersions.length > 0 && { designDocSchemaVersions }),
  };
}

export type PresentedUser = Omit<User, "authenticationTokens"> & {
  /** Without their values: one that came with a value would be taken for a new one. */
  authenticationTokens: Record<string, Omit<AuthenticationToken, "token"> & { token?: undefined }>;
  passwordHash?: string | undefined;
  systemMetadata: Record<string, unknown>;
};

export function presentUser(state: State, record: UserRecord): PresentedUser {
  const { user, passwordHash, isAdmin, ownRoles, inheritsPermissions, loginIdentifiers, secondFactor } =
    record;
  return {
    ...user,
    passwordHash: passwordHash === undefined ? undefined : mask,
    authenticationTokens: Object.fromEntries(
      Object.entries(user.authenticationTokens).map(([key, token]) => [key, { ...token, token: undefined }]),
    ),
    systemMetadata: {
      roles: ownRoles ?? inheritedRoles(state, user),
      isAdmin,
      inheritsRoles: ownRoles === undefined && inheritsPermissions,
      ...(loginIdentifiers.length > 0 && { loginIdentifiers }),
      ...(secondFactor !== undefined && { uses2fa: true }),
    },
  };
}

/**
 * Published: lists and filters have a flag (`includeMetadataFromGlobalUser`) that asks for rights and roles, a single user of a
 * group has none. What is told unasked is unknown; here it is nothing, so that who relies on it is found out.
 */
export function withoutRights({
  systemMetadata,
  ...user
}: PresentedUser): Omit<PresentedUser, "systemMetadata"> {
  void systemMetadata;
  return user;
}

function inheritedRoles(state: State, user: User): string[] {
  const type =
    user.healthcarePartyId !== undefined
      ? "HCP"
      : user.patientId !== undefined
        ? "PATIENT"
        : user.deviceId !== undefined
          ? "DEVICE"
          : "USER";
  const setting = lineage(state.store, user.groupId).find(
    ({ group }) => group.defaultUserRoles[type] !== undefined,
  );
  return setting?.group.defaultUserRoles[type] ?? [...defaultRoles[type]];
}
