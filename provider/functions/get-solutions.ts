import { z } from "zod";
import { described } from "../framework/metadata";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";
import { placesOf, solutionsIn } from "./groups/places";
import { inOrder, solutionFrom, solutionResult } from "./groups/results";
import { searchedEnvironment } from "./searched-environment";

const args = z.strictObject({ environment: searchedEnvironment });

const result = z.object({
  solutions: described(
    "The solutions, in the order of their names.",
    z.array(described("A solution.", solutionResult, { typeName: "GetSolutionResult" })),
  ),
});

export const getSolutions = defineFunction<Context, typeof args, typeof result>({
  name: "getSolutions",
  description:
    "Lists the solutions of all environments of the configuration, or of one of them. Deleted ones are left out.",
  example: `import { getSolutionsOutput } from "pulumi-cockpit";

const { solutions } = getSolutionsOutput();

export const names = solutions.apply((all) => all.map(({ name }) => name));
`,
  args,
  result,

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const all = (await Promise.all(places.map(solutionsIn))).flat();
    return { solutions: inOrder(all.map(solutionFrom)) };
  },
});
