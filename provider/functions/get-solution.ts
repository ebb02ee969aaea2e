import { z } from "zod";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";
import { findById, findByName } from "./groups/find";
import { describePlaces, placesOf, solutionsIn } from "./groups/places";
import { idArgument, nameArgument, solutionFrom, solutionResult } from "./groups/results";
import { searchedEnvironment } from "./searched-environment";

const args = z.strictObject({
  id: idArgument("solution"),
  name: nameArgument("solution"),
  environment: searchedEnvironment,
});

export const getSolution = defineFunction<Context, typeof args, typeof solutionResult>({
  name: "getSolution",
  description:
    "Looks up one solution by its id or by its name, in all environments of the configuration or in one of them. A deleted one is not found.",
  example: `import { Database, getSolutionOutput } from "pulumi-cockpit";

const petra = getSolutionOutput({ name: "Petra" });

new Database("petra-belgium", { name: "Petra Belgium", solutionId: petra.id });

export const specId = petra.specId;
`,
  args,
  result: solutionResult,
  askedBy: [
    { name: "ById", description: "The solution that has an id.", key: "id" },
    { name: "ByName", description: "The one solution that has a name.", key: "name" },
  ],

  async call(context, { id, name = "", environment }) {
    const places = await placesOf(context, environment);
    if (id !== undefined) {
      return solutionFrom(await findById(places, id, "solution"));
    }
    const all = (await Promise.all(places.map(solutionsIn))).flat();
    return solutionFrom(findByName(all, name, "solution", describePlaces(places)));
  },
});
