import { z } from "zod";
import { described } from "../framework/field";
import { defineFunction } from "../framework/function";
import type { Context } from "../runtime/context";
import { quoted } from "../runtime/messages";
import { findDatabases, findDatabasesOf, describePlaces, findById, findByName, placesOf } from "./search";
import {
  databaseFrom,
  databaseResult,
  idArgument,
  inOrder,
  nameArgument,
  searchedEnvironment,
} from "./results";

const args = z.strictObject({
  id: idArgument("database"),
  name: nameArgument("database"),
  solutionId: described(
    "Id of the solution that it belongs to. Default: it may be any.",
    idArgument("solution"),
  ),
  environment: searchedEnvironment,
});

export const getDatabase = defineFunction<Context, typeof args, typeof databaseResult>({
  name: "getDatabase",
  description:
    "Looks up one database by its id or by its name, in all environments of the configuration or in one of them. A deleted one is not found.",
  example: `import { getDatabaseOutput, getSolutionOutput, ParentOrganisation } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const france = getDatabaseOutput({ name: "Petra France", solutionId: petra.id });

new ParentOrganisation("clinic", { databaseId: france.id, name: "Clinic", email: "care@clinic.example" });

export const servers = france.servers;
`,
  args,
  result: databaseResult,
  askedBy: [
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

const listArgs = z.strictObject({
  solutionId: described(
    "Id of the solution whose databases to list. Default: those of all solutions.",
    idArgument("solution"),
  ),
  environment: searchedEnvironment,
});

const result = z.object({
  databases: described(
    "The databases, in the order of their names.",
    z.array(described("A database.", databaseResult, { typeName: "GetDatabaseResult" })),
  ),
});

export const getDatabases = defineFunction<Context, typeof listArgs, typeof result>({
  name: "getDatabases",
  description:
    "Lists the databases of one solution, or those of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getDatabasesOutput, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { databases } = getDatabasesOutput({ solutionId: petra.id });

export const databaseIds = databases.apply((all) => all.map(({ id }) => id));
`,
  args: listArgs,
  result,

  async call(context, { solutionId, environment }) {
    const places = await placesOf(context, environment);
    const all =
      solutionId === undefined
        ? (await Promise.all(places.map(findDatabases))).flat()
        : await findDatabasesOf(await findById(places, solutionId, "solution"), solutionId);
    return { databases: inOrder(all.map(databaseFrom)) };
  },
});
