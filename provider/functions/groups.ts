import { z } from "zod";
import type { EnvironmentAccess } from "../client";
import { described } from "../framework/field";
import {
  defineLookUp,
  inOrder,
  searchedEnvironment,
  idArgument,
  nameArgument,
  solutionFrom,
  solutionResult,
  databaseFrom,
  databaseResult,
  placesOf,
  describePlaces,
  findById,
  findByName,
  findSolutions,
  findDatabases,
  findDatabasesOf,
} from "./search";
import { quoted } from "../runtime/messages";

const environment = z.object({
  id: described("Its id in Cockpit.", z.string()),
  name: described("Its name on Cockpit's screens, where the account may see it.", z.string().optional()),
  key: described("Its key in cockpit:environments, where it has one.", z.string().optional()),
});
type Environment = z.output<typeof environment>;

export const getEnvironments = defineLookUp({
  name: "getEnvironments",
  description:
    "Lists the environments that the accounts of the configuration can log in to, each once: those that the configuration names and others. (Cockpit API: GET /user/matches)",
  example: `import { getEnvironmentsOutput } from "pulumi-cockpit";

const { environments } = getEnvironmentsOutput();

export const environmentIds = environments.apply((all) => all.map(({ id }) => id));
`,
  args: z.strictObject({}),
  result: z.object({
    environments: described("The environments, in the order of their names.", z.array(environment)),
  }),

  async call(context) {
    const contexts = await context.environments.all();
    const found = await Promise.all(
      contexts.map(async ({ cockpit }) => {
        const matches = await cockpit.users.matches();
        return matches.flatMap(environmentsOfAccess).map((one) => ({ ...one, url: cockpit.url }));
      }),
    );
    const each = new Map(found.flat().map((one) => [`${one.url} ${one.id}`, one]));
    return {
      environments: inOrder(
        [...each.values()].map(({ url, ...one }) => {
          const own = contexts.find(
            ({ configuredId, cockpit }) => configuredId === one.id && cockpit.url === url,
          );
          return { ...one, ...(own?.key === undefined ? {} : { key: own.key }) };
        }),
      ),
    };
  },
});

/** The environment of a user, which may be one of a single solution or database in it. */
function environmentsOfAccess({ groupId, groupName, hierarchy }: EnvironmentAccess): Environment[] {
  const itself = hierarchy.find(({ kind }) => kind === "environment");
  if (itself) {
    return [named(itself.id, itself.name)];
  }
  const solution = hierarchy.find(({ kind }) => kind === "solution");
  if (solution) {
    return solution.parentId === undefined ? [] : [named(solution.parentId, undefined)];
  }
  return hierarchy.some(({ kind }) => kind === "database") ? [] : [named(groupId, groupName)];
}

function named(id: string, name: string | undefined): Environment {
  return { id, ...(name === undefined ? {} : { name }) };
}

export const getClusters = defineLookUp({
  name: "getClusters",
  description:
    "Lists the clusters that hold what the accounts of the configuration can see. Cockpit has no list of clusters, so one on which there is nothing of yours is missing. (Cockpit API: GET /group)",
  example: `import { getClustersOutput } from "pulumi-cockpit";

export const { clusters } = getClustersOutput();
`,
  args: z.strictObject({ environment: searchedEnvironment }),
  result: z.object({
    clusters: described("Their names, sorted, each once, as `cluster` takes them.", z.array(z.string())),
  }),

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const groups = (await Promise.all(places.map(({ context }) => context.cockpit.groups.list()))).flat();
    const live = groups.filter(({ deletedAt }) => deletedAt === undefined);
    return { clusters: [...new Set(live.flatMap(({ servers }) => servers))].sort() };
  },
});

export const getSolution = defineLookUp({
  name: "getSolution",
  description:
    "Looks up one solution by its id or by its name, in all environments of the configuration or in one of them. A deleted one is not found.",
  example: `import { Database, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });

new Database("petra-belgium", { name: "Petra Belgium", solutionId: petra.id });

export const specId = petra.specId;
`,
  args: z.strictObject({
    id: idArgument("solution"),
    name: nameArgument("solution"),
    environment: searchedEnvironment,
  }),
  result: solutionResult,
  variants: [
    { name: "ById", description: "The solution that has an id.", key: "id" },
    { name: "ByName", description: "The one solution that has a name.", key: "name" },
  ],

  async call(context, { id, name = "", environment }) {
    const places = await placesOf(context, environment);
    if (id !== undefined) {
      return solutionFrom(await findById(places, id, "solution"));
    }
    const all = (await Promise.all(places.map(findSolutions))).flat();
    return solutionFrom(findByName(all, name, "solution", describePlaces(places)));
  },
});

export const getSolutions = defineLookUp({
  name: "getSolutions",
  description:
    "Lists the solutions of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getSolutionsOutput } from "pulumi-cockpit";

const { solutions } = getSolutionsOutput();

export const names = solutions.apply((all) => all.map(({ name }) => name));
`,
  args: z.strictObject({ environment: searchedEnvironment }),
  result: z.object({
    solutions: described(
      "The solutions, in the order of their names.",
      z.array(described("A solution.", solutionResult, { typeName: "GetSolutionResult" })),
    ),
  }),

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const all = (await Promise.all(places.map(findSolutions))).flat();
    return { solutions: inOrder(all.map(solutionFrom)) };
  },
});

export const getDatabase = defineLookUp({
  name: "getDatabase",
  description:
    "Looks up one database by its id or by its name, in all environments of the configuration or in one of them. A deleted one is not found.",
  example: `import { getDatabaseOutput, getSolutionOutput, ParentOrganisation } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const france = getDatabaseOutput({ name: "Petra France", solutionId: petra.id });

new ParentOrganisation("clinic", { databaseId: france.id, name: "Clinic", email: "care@clinic.example" });

export const servers = france.servers;
`,
  args: z.strictObject({
    id: idArgument("database"),
    name: nameArgument("database"),
    solutionId: described(
      "Id of the solution that it belongs to. Default: it may be any.",
      idArgument("solution"),
    ),
    environment: searchedEnvironment,
  }),
  result: databaseResult,
  variants: [
    { name: "ById", description: "The database that has an id.", key: "id", excludes: ["solutionId"] },
    {
      name: "ByName",
      description: "The one database that has a name, of one solution or of all.",
      key: "name",
    },
  ],

  async call(context, { id, name = "", solutionId, environment }) {
    const places = await placesOf(context, environment);
    if (id !== undefined) {
      return databaseFrom(await findById(places, id, "database"));
    }
    if (solutionId === undefined) {
      const all = (await Promise.all(places.map(findDatabases))).flat();
      return databaseFrom(findByName(all, name, "database", describePlaces(places)));
    }
    const solution = await findById(places, solutionId, "solution");
    const all = await findDatabasesOf(solution, solutionId);
    return databaseFrom(findByName(all, name, "database", `in the solution ${quoted(solutionId)}`));
  },
});

export const getDatabases = defineLookUp({
  name: "getDatabases",
  description:
    "Lists the databases of one solution, or those of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getDatabasesOutput, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { databases } = getDatabasesOutput({ solutionId: petra.id });

export const databaseIds = databases.apply((all) => all.map(({ id }) => id));
`,
  args: z.strictObject({
    solutionId: described(
      "Id of the solution whose databases to list. Default: those of all solutions.",
      idArgument("solution"),
    ),
    environment: searchedEnvironment,
  }),
  result: z.object({
    databases: described(
      "The databases, in the order of their names.",
      z.array(described("A database.", databaseResult, { typeName: "GetDatabaseResult" })),
    ),
  }),

  async call(context, { solutionId, environment }) {
    const places = await placesOf(context, environment);
    const all =
      solutionId === undefined
        ? (await Promise.all(places.map(findDatabases))).flat()
        : await findDatabasesOf(await findById(places, solutionId, "solution"), solutionId);
    return { databases: inOrder(all.map(databaseFrom)) };
  },
});
