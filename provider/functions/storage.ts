import { z } from "zod";
import { type Group, readCustomProperty } from "../client";
import { described } from "../framework/field";
import { environmentInput } from "../runtime/inputs";
import {
  defineLookUp,
  idArgument,
  inOrder,
  searchedEnvironment,
  findDatabases,
  findDatabasesOf,
  findById,
  type Found,
  placesOf,
  findSolutions,
} from "./search";

/** So many databases are asked for at a time. */
const databasesAtATime = 100;

const databaseStorage = z.object({
  id: described("Id of the database.", z.string()),
  name: described("Its name on Cockpit's screens.", z.string()),
  documents: described("How many documents are in it, deleted ones left out.", z.number()),
  diskBytes: described("What its files take on the disk, in bytes.", z.number()),
  activeBytes: described("What the documents in these files take, in bytes.", z.number()),
  uncompressedBytes: described("What these documents are before they are compressed, in bytes.", z.number()),
  attachmentBytes: described("What attachments take that are stored apart, in bytes.", z.number()),
});

export const getStorage = defineLookUp({
  name: "getStorage",
  description:
    "Returns the storage that databases use, as Cockpit's metrics do: those of one solution, or of all environments of the configuration, or of one of them. A database of which the server tells nothing is left out. The numbers are of the moment, so an output made of them changes from run to run. (Cockpit API: POST /group/storage/info)",
  example: `import { getSolutionOutput, getStorageOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { databases } = getStorageOutput({ solutionId: petra.id });

export const largest = databases.apply((all) => Math.max(0, ...all.map(({ diskBytes }) => diskBytes)));
`,
  args: z.strictObject({
    solutionId: described(
      "Id of the solution whose databases are meant. Default: those of all solutions.",
      idArgument("solution"),
    ),
    environment: searchedEnvironment,
  }),
  result: z.object({
    databases: described(
      "The databases, in the order of their names.",
      z.array(described("What a database takes up.", databaseStorage)),
    ),
  }),

  async call(context, { solutionId, environment }) {
    const places = await placesOf(context, environment);
    const all =
      solutionId === undefined
        ? (await Promise.all(places.map(findDatabases))).flat()
        : await findDatabasesOf(await findById(places, solutionId, "solution"), solutionId);
    return { databases: inOrder((await Promise.all(chunksOf(all).map(storageOf))).flat()) };
  },
});

/** Databases of one environment at a time, because each has a login of its own. */
function chunksOf(all: readonly Found[]): Found[][] {
  const environments = new Set(all.map(({ environmentId }) => environmentId));
  return [...environments].flatMap((environment) => {
    const found = all.filter(({ environmentId }) => environmentId === environment);
    return Array.from({ length: Math.ceil(found.length / databasesAtATime) }, (_, index) =>
      found.slice(index * databasesAtATime, (index + 1) * databasesAtATime),
    );
  });
}

async function storageOf(found: readonly Found[]): Promise<z.output<typeof databaseStorage>[]> {
  const names = new Map(found.map(({ group }) => [group.id, group.name ?? ""]));
  const [first] = found;
  const storage = (await first?.context.cockpit.storage.usage([...names.keys()])) ?? [];
  return storage.flatMap(({ groupId: id, parts, attachmentBytes }) => {
    const name = names.get(id);
    const total = (field: "docs" | "fileSize" | "activeSize" | "externalSize") =>
      parts.reduce((sum, part) => sum + part[field], 0);
    return name === undefined
      ? []
      : [
          {
            id,
            name,
            documents: total("docs"),
            diskBytes: total("fileSize"),
            activeBytes: total("activeSize"),
            uncompressedBytes: total("externalSize"),
            attachmentBytes,
          },
        ];
  });
}

const quota = (what: string) => described(`${what} Absent where no limit is set.`, z.number().optional());

export const getPlan = defineLookUp({
  name: "getPlan",
  description:
    "Returns the plan and the quotas of an environment. Cockpit keeps the quotas as properties of the environment (com.icure.dbs.quota.0 to 2); that they mean megabytes, solutions and databases in this order is inferred from the limits that iCure publishes. (Cockpit API: GET /group/{id}, GET /group/{id}/children)",
  example: `import { getPlanOutput } from "pulumi-cockpit";

const plan = getPlanOutput();

export const solutionsNow = plan.solutions;
`,
  args: z.strictObject({
    environment: environmentInput("Key of the environment. Default: the default one of the configuration."),
  }),
  result: z.object({
    environmentId: described("Id of the environment.", z.string()),
    status: described(
      'Whether its owner pays: "PAYING" or "FREE"; absent on servers of before autumn 2026.',
      z.string().optional(),
    ),
    solutions: described("How many solutions are in it now.", z.number()),
    maximumSolutions: quota("How many solutions may be in it."),
    maximumDatabases: quota("How many databases may be in each of its solutions."),
    maximumMegabytes: quota("How much data it may hold, in megabytes."),
  }),

  async call(context, { environment }) {
    const place = context.environments.named(environment);
    const environmentId = await place.cockpit.environmentId();
    const [group, solutions] = await Promise.all([
      place.cockpit.groups.getIfVisible(environmentId),
      findSolutions({ context: place, environmentId }),
    ]);
    const limits = {
      maximumMegabytes: quotaOf(group, 0),
      maximumSolutions: quotaOf(group, 1),
      maximumDatabases: quotaOf(group, 2),
    };
    return {
      environmentId,
      solutions: solutions.length,
      ...(group?.status === undefined ? {} : { status: group.status }),
      ...Object.fromEntries(Object.entries(limits).filter(([, limit]) => limit !== undefined)),
    };
  },
});

function quotaOf(group: Group | undefined, level: 0 | 1 | 2): number | undefined {
  const stub = group?.properties.find(({ type }) => type?.identifier === `com.icure.dbs.quota.${level}`);
  const value = stub && readCustomProperty(stub)?.property.value;
  return typeof value === "number" ? value : undefined;
}
