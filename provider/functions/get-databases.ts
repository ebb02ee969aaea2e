import { z } from "zod";
import { described } from "../framework/metadata";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";
import { findById } from "./groups/find";
import { databasesIn, databasesOf, placesOf } from "./groups/places";
import { databaseFrom, databaseResult, idArgument, inOrder } from "./groups/results";
import { searchedEnvironment } from "./searched-environment";

const args = z.strictObject({
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

export const getDatabases = defineFunction<Context, typeof args, typeof result>({
  name: "getDatabases",
  description:
    "Lists the databases of one solution, or those of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getDatabasesOutput, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });
const { databases } = getDatabasesOutput({ solutionId: petra.id });

export const databaseIds = databases.apply((all) => all.map(({ id }) => id));
`,
  args,
  result,

  async call(context, { solutionId, environment }) {
    const places = await placesOf(context, environment);
    const all =
      solutionId === undefined
        ? (await Promise.all(places.map(databasesIn))).flat()
        : await databasesOf(await findById(places, solutionId, "solution"), solutionId);
    return { databases: inOrder(all.map(databaseFrom)) };
  },
});
