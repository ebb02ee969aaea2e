import { z } from "zod";
import { within } from "../errors";
import { described } from "../framework/field";
import { defineResource, type Listed, listing } from "../framework/resource";
import type { MaybeUnknown } from "../framework/values";
import type { Context } from "../runtime/context";
import {
  databasesIn,
  type GroupInPlace,
  groupToImport,
  locateBy,
  placesIn,
  solutionOf,
} from "../runtime/environments";
import { sameProperties } from "./group/custom-properties";
import {
  createDeclared,
  deleteLive,
  groupOutputs,
  warnOfLiftedProtection,
  listedGroup,
  readLive,
  sharedInputs,
  existingState,
  stateAfterRead,
  stateAfterWrite,
  updateLive,
  warnIfMoved,
  warnIfAdoptedElsewhere,
} from "./group/lifecycle";
import { explainCreation, explainGroupTakeover } from "./group/creation";
import { byEnvironment, chosenGroupId, groupName, type InEnvironment } from "../runtime/inputs";
import { nameExistsFailures } from "./group/namesakes";
import { differenceToSolution, duplicateIdFailures, projectIdFailures } from "./group/ids";
import {
  replacementFailures,
  replaces,
  confirmReplacements as confirmReplacements,
} from "./group/replacement";

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
  ),
  ...sharedInputs("database"),
  shards: described(
    "Shards of its patient and health data; 3 to 8 are recommended. Default: the server's choice. Changing it replaces the database. (Cockpit API: query parameter q)",
    count.max(64, "must not be more than 64").optional(),
    { onChange: "replace" },
  ),
  replicas: described(
    "Copies of each shard; 3 are recommended. Default: the server's choice. Changing it replaces the database. (Cockpit API: query parameter n)",
    count.max(16, "must not be more than 16").optional(),
    { onChange: "replace" },
  ),
});

const bySolution = z.strictObject({
  solutionId: described(
    "Only the databases of this solution. Default: those of all.",
    chosenGroupId.optional(),
  ),
  ...byEnvironment.shape,
});

export const Database = defineResource<Context, typeof inputs, typeof groupOutputs>({
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
  outputs: groupOutputs,
  locate: locateBy("solutionId"),
  isEqual: {
    // What is no longer declared is the solution's again, which it was all along.
    applicationId: (declared, { applicationId }) => declared === undefined || declared === applicationId,
    cluster: (declared, { cluster }) => !replaces(cluster, declared),
    groupId: (declared, { groupId }) => !replaces(groupId, declared),
    shards: (declared, { shards }) => !replaces(shards, declared),
    replicas: (declared, { replicas }) => !replaces(replicas, declared),
    hardDelete: (declared, { hardDelete }) => (declared ?? false) === (hardDelete ?? false),
    properties: (declared, { properties }) => sameProperties(declared, properties),
  },
  onIdKnown: (context, resource, id) => context.declaredProtection.recordId(resource, id),
  confirmReplacements,

  async check(context, request) {
    const { olds, news, resource } = request;
    context.formerParents.record(resource, olds?.solutionId);
    if (!olds) {
      const { solutionId, cluster } = news;
      await explainCreation(context, resource, { solutionId }, cluster);
      await explainGroupTakeover(context, resource, { ...news, type: "Database", parentId: news.solutionId });
    }
    return {
      inputs: request.news,
      failures: [
        ...duplicateIdFailures(context, request.resource, request.news.groupId),
        ...projectIdFailures(context, request.news),
        ...(await replacementFailures(context, request, "Database")),
        ...(await nameExistsFailures(context, request, "Database", () =>
          placeOfDatabase(context, request.news),
        )),
      ],
    };
  },

  warnOfUpdate: (context, resource, id, state, news) =>
    warnOfLiftedProtection(context, { ...resource, type: "Database" }, id, state, news),

  async create(context, resource, declared) {
    const environmentId = await context.cockpit.environmentId();
    const solutionsApplicationId = await assertProjectId(context, declared);
    const wanted = {
      ...declared,
      type: "Database" as const,
      parentId: declared.solutionId,
      solutionsApplicationId,
    };
    return createDeclared(context, resource, wanted, (group, adopted) =>
      stateAfterWrite(declared, group, environmentId, adopted),
    );
  },

  async read(context, id, state) {
    const group = await readLive(context, id, state.solutionId, state);
    if (!group) {
      return undefined;
    }
    warnIfMoved(context, group, state.cluster);
    warnIfAdoptedElsewhere(context, group, state);
    const { applicationId, ...rest } = stateAfterRead(state, group);
    return {
      ...rest,
      ...(applicationId === undefined || group.applicationId === undefined
        ? {}
        : { applicationId: group.applicationId }),
      solutionId: group.parentId ?? state.solutionId,
      environmentId: await context.cockpit.environmentId(),
    };
  },

  import: importDatabase,
  list: listing(bySolution, listDatabases),

  async update(context, id, state, declared) {
    if (declared.applicationId !== undefined && declared.applicationId !== state.applicationId) {
      await assertProjectId(context, declared);
    }
    const { applicationId, ...rest } = state;
    const before = declared.applicationId === undefined ? rest : { ...rest, applicationId };
    const group = await updateLive(context, id, before, declared);
    return stateAfterWrite(declared, group, await context.cockpit.environmentId(), state.__adopted);
  },

  async delete(context, id, state, resource) {
    await deleteLive(context, id, state.solutionId, state, resource);
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

async function placeOfDatabase(
  { environments }: Context,
  { name, solutionId }: MaybeUnknown<z.output<typeof inputs>>,
): Promise<{ at: Context; parentId: string } | undefined> {
  return typeof solutionId === "string"
    ? { at: await environments.holding(solutionId, undefined, String(name)), parentId: solutionId }
    : undefined;
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
