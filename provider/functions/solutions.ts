import { z } from "zod";
import { defineFunction } from "../framework/function";
import type { Context } from "../runtime/context";
import { describePlaces, findById, findByName, placesOf, findSolutions } from "./search";
import {
  idArgument,
  inOrder,
  nameArgument,
  searchedEnvironment,
  solutionFrom,
  solutionResult,
} from "./results";
import { described } from "../framework/field";

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
    const all = (await Promise.all(places.map(findSolutions))).flat();
    return solutionFrom(findByName(all, name, "solution", describePlaces(places)));
  },
});

const listArgs = z.strictObject({ environment: searchedEnvironment });

const result = z.object({
  solutions: described(
    "The solutions, in the order of their names.",
    z.array(described("A solution.", solutionResult, { typeName: "GetSolutionResult" })),
  ),
});

export const getSolutions = defineFunction<Context, typeof listArgs, typeof result>({
  name: "getSolutions",
  description:
    "Lists the solutions of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getSolutionsOutput } from "pulumi-cockpit";

const { solutions } = getSolutionsOutput();

export const names = solutions.apply((all) => all.map(({ name }) => name));
`,
  args: listArgs,
  result,

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const all = (await Promise.all(places.map(findSolutions))).flat();
    return { solutions: inOrder(all.map(solutionFrom)) };
  },
});
