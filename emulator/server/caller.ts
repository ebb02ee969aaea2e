import type { UserRecord } from "../contract/model";

export interface Caller {
  record: UserRecord;
  userId: string;
  groupId: string;
  isAdmin: boolean;
  /** The authentication level of the login behind this request. */
  level: number;
  /** When that login was made, in epoch milliseconds. */
  loggedInAt: number;
}

export const callerOf = (record: UserRecord, level: number, loggedInAt: number): Caller => ({
  record,
  userId: record.user.id,
  groupId: record.user.groupId,
  isAdmin: record.isAdmin,
  level,
  loggedInAt,
});
