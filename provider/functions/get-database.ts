import { z } from "zod";
import { described } from "../framework/metadata";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";
import { quoted } from "../resources/group/words";
import { findById, findByName } from "./groups/find";
import { databasesIn, databasesOf, describePlaces, placesOf } from "./groups/places";
import { databaseFrom, databaseResult, idArgument, nameArgument } from "./groups/results";
import { searchedEnvironment } from "./searched-environment";

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
      const all = (await Promise.all(places.map(databasesIn))).flat();
      return databaseFrom(findByName(all, name, "database", describePlaces(places)));
    }
    const solution = await findById(places, solutionId, "solution");
    const all = await databasesOf(solution, solutionId);
    return databaseFrom(findByName(all, name, "database", `in the solution ${quoted(solutionId)}`));
  },
});
