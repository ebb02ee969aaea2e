import { ApiError } from "./errors";
import type { Groups } from "./groups";
import { printable } from "./redact";
import type { SettingNames } from "../config/settings";
import { choices } from "./session";
import type { Users } from "./users";

const maxGroupDepth = 10;
const findEnvironment = "find the environment";

/** The configured environment, if the login is in it: a server may accept an unknown one and log in elsewhere. */
export async function verifiedEnvironment(
  users: Users,
  environment: string,
  settings: SettingNames,
): Promise<string> {
  const groupId = await loginGroup(users, settings);
  if (groupId === environment) {
    return environment;
  }
  const problem = `the login is in "${printable(groupId)}", not in the environment "${printable(environment)}"`;
  throw unclear(`${problem}. ${choices(await users.matches(), settings)}`);
}

/**
 * The environment of the group that the login is in, which may be a solution or a database of it. The one that it probably is, is
 * read meanwhile.
 */
export async function ownEnvironment(
  users: Users,
  groups: Groups,
  settings: SettingNames,
  probably?: string,
): Promise<{ id: string; name?: string | undefined }> {
  const early = probably === undefined ? undefined : groups.get(probably).catch(() => undefined);
  const start = await loginGroup(users, settings);
  let id = start;
  for (let depth = 0; depth < maxGroupDepth; depth++) {
    const group = (id === probably ? await early : undefined) ?? (await groups.get(id).catch(unreadable));
    if (!group) {
      break;
    }
    if (group.kind === "environment" || group.parentId === undefined) {
      return { id, name: group.name };
    }
    id = group.parentId;
  }
  const matches = await users.matches();
  const above = matches.find(({ groupId }) => groupId === start)?.hierarchy ?? [];
  const environment = above.find(({ kind }) => kind === "environment");
  if (environment) {
    return { id: environment.id, name: environment.name };
  }
  const problem = `the login is in "${printable(start)}", whose environment the account may not read`;
  throw unclear(`${problem}. ${choices(matches, settings)}`);
}

async function loginGroup(users: Users, settings: SettingNames): Promise<string> {
  const { id, groupId } = await users.current();
  if (groupId !== undefined) {
    return groupId;
  }
  const matches = await users.matches();
  const own = matches.filter(({ userId }) => userId === id);
  if (own.length === 1 && own[0]) {
    return own[0].groupId;
  }
  throw unclear(`the server does not tell in which one the login is. ${choices(matches, settings)}`);
}

function unreadable(error: unknown): undefined {
  if (error instanceof ApiError && error.code === "forbidden") {
    return undefined;
  }
  throw error;
}

function unclear(problem: string): ApiError {
  return new ApiError({ code: "invalid-setting", operation: findEnvironment, problem });
}
