import { z } from "zod";
import { within } from "../errors";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
import type { Context } from "../runtime/context";
import { databasesIn, type GroupInPlace, groupToImport, placesIn, solutionOf } from "../runtime/environments";
import { byEnvironment, chosenGroupId, groupName, type InEnvironment } from "../runtime/inputs";
import { defineGroup, existingState, listedGroup, sharedInputs } from "./group/group";
import { differenceToSolution, projectIdFailures } from "./group/project-id";

const count = z.int("must be a whole number").min(1, "must be at least 1");

const inputs = z.strictObject({
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changing it renames the database in place. (Cockpit API: PUT /group/{id}/name/{name})",
    groupName,
  ),
  solutionId: described(
    "Id of the solution it belongs to. Changing it replaces the database. (Cockpit API: query parameter superGroup)",
    chosenGroupId,
    { onChange: "replace" },
  ),
  applicationId: described(
    "Project ID that its users log in to. A solution and its databases have one, so another one than the solution's is refused. Default: the solution's, sent when the database is created; later changes of the solution's reach it by themselves. (Cockpit API: query parameter applicationId)",
    groupName.optional(),
    // What is no longer declared is the solution's again, which it was all along.
    { isKeptWhenOmitted: true },
  ),
  ...sharedInputs("database"),
  shards: described(
    "Shards of its patient and health data; 3 to 8 are recommended. Default: the server's choice. Changing it replaces the database. (Cockpit API: query parameter q)",
    count.max(64, "must not be more than 64").optional(),
    { onChange: "replace", isKeptWhenOmitted: true },
  ),
  replicas: described(
    "Copies of each shard; 3 are recommended. Default: the server's choice. Changing it replaces the database. (Cockpit API: query parameter n)",
    count.max(16, "must not be more than 16").optional(),
    { onChange: "replace", isKeptWhenOmitted: true },
  ),
});

const bySolution = z.strictObject({
  solutionId: described(
    "Only the databases of this solution. Default: those of all.",
    chosenGroupId.optional(),
  ),
  ...byEnvironment.shape,
});

export const Database = defineGroup({
  type: "Database",
  description:
    "A database of a solution, on a cluster of your choice: where patients' records are. Newer versions of Cockpit call it Tenant.",
  example: `import { Database, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });

const france = new Database("petra-france", {
  name: "Petra France",
  solutionId: petra.id,
  cluster: "europe-west-02",
});

export const databaseId = france.id;
`,
  inputs,
  within: { property: "solutionId", kind: "solution" },

  check: (context, { news }) => ({ inputs: news, failures: projectIdFailures(context, news) }),

  async beforeCreate(context, declared) {
    return { solutionsApplicationId: await assertProjectId(context, declared) };
  },

  ownState: (_context, { applicationId, solutionId }, group) => ({
    ...(applicationId === undefined ? {} : { applicationId: group.applicationId }),
    solutionId: group.parentId ?? solutionId,
  }),

  import: importDatabase,
  list: listing(bySolution, listDatabases),

  async beforeUpdate(context, _id, state, declared) {
    if (declared.applicationId !== undefined && declared.applicationId !== state.applicationId) {
      await assertProjectId(context, declared);
    }
    return undefined;
  },
});

/** Of its solution; refused where another one is declared. */
async function assertProjectId(
  context: Context,
  { solutionId, applicationId }: { solutionId: string; applicationId?: string | undefined },
): Promise<string | undefined> {
  const solution = await solutionOf(context, solutionId);
  const problem = differenceToSolution(applicationId, solution?.applicationId, solution?.name ?? solutionId);
  if (problem !== undefined) {
    throw within("applicationId", problem);
  }
  return solution?.applicationId;
}

/** The state of a database that exists. Cockpit doesn't tell its shards and its replicas. */
async function importDatabase(context: Context, id: string) {
  const found = await groupToImport(context, id, ["database"]);
  return found && databaseState(found);
}

export function databaseState(found: GroupInPlace) {
  return { ...existingState(found), solutionId: found.group.parentId ?? found.environmentId };
}

async function listDatabases(
  context: Context,
  { environment, solutionId }: InEnvironment & { solutionId?: string | undefined },
): Promise<Listed[]> {
  const all = await Promise.all((await placesIn(context, environment)).map(databasesIn));
  return all
    .flat()
    .filter(({ parentId }) => solutionId === undefined || parentId === solutionId)
    .map(listedGroup);
}
