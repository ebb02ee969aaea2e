import { z } from "zod";
import { described } from "../framework/metadata";
import { defineFunction } from "../framework/function";
import type { Context } from "../resources/context";
import { placesOf } from "./groups/places";
import { searchedEnvironment } from "./searched-environment";

const args = z.strictObject({ environment: searchedEnvironment });

const result = z.object({
  clusters: described("Their names, sorted, each once, as `cluster` takes them.", z.array(z.string())),
});

export const getClusters = defineFunction<Context, typeof args, typeof result>({
  name: "getClusters",
  description:
    "Lists the clusters that hold what the accounts of the configuration can see. Cockpit has no list of clusters, so one on which there is nothing of yours is missing. (Cockpit API: GET /group)",
  example: `import { getClustersOutput } from "pulumi-cockpit";

export const { clusters } = getClustersOutput();
`,
  args,
  result,

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const groups = (await Promise.all(places.map(({ context }) => context.cockpit.groups.list()))).flat();
    const living = groups.filter(({ deletedAt }) => deletedAt === undefined);
    return { clusters: [...new Set(living.flatMap(({ servers }) => servers))].sort() };
  },
});
