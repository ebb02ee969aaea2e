import { z } from "zod";
import { described } from "../../framework/field";
import { environmentInput } from "../environments/input";
import { chosenGroupId } from "../group/name";
import { pathSegment } from "../people/contact";

/** What narrows a list down. */
const environment = environmentInput(
  "Key of the one environment to list. Default: all of the configuration.",
);

export const byEnvironment = z.strictObject({ environment });

export const bySolution = z.strictObject({
  solutionId: described(
    "Only the databases of this solution. Default: those of all.",
    chosenGroupId.optional(),
  ),
  environment,
});

export const byDatabase = z.strictObject({
  databaseId: described("Id of the database whose organisations to list.", chosenGroupId),
});

export const byGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose users to look at.", chosenGroupId),
});

export const byUser = z.strictObject({
  groupId: described("Id of the group that the user is in.", chosenGroupId),
  userId: described(
    "Id of the user whose tokens to list. Default: those of all users of the group.",
    pathSegment.optional(),
  ),
});

export const byProcessGroup = z.strictObject({
  groupId: described("Id of the solution or database whose processes to list.", chosenGroupId),
});

export const byRoleGroup = z.strictObject({
  groupId: described("Id of the environment, solution or database whose roles to look at.", chosenGroupId),
});
