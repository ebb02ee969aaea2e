import { z } from "zod";
import type { EnvironmentAccess } from "../client";
import { described } from "../framework/field";
import { defineFunction } from "../framework/function";
import type { Context } from "../runtime/context";
import { inOrder, searchedEnvironment } from "./results";
import { placesOf } from "./search";

const environment = z.object({
  id: described("Its id in Cockpit.", z.string()),
  name: described("Its name on Cockpit's screens, where the account may see it.", z.string().optional()),
  key: described("Its key in cockpit:environments, where it has one.", z.string().optional()),
});
type Environment = z.output<typeof environment>;

const args = z.strictObject({});

const result = z.object({
  environments: described("The environments, in the order of their names.", z.array(environment)),
});

export const getEnvironments = defineFunction<Context, typeof args, typeof result>({
  name: "getEnvironments",
  description:
    "Lists the environments that the accounts of the configuration can log in to, each once: those that the configuration names and others. (Cockpit API: GET /user/matches)",
  example: `import { getEnvironmentsOutput } from "pulumi-cockpit";

const { environments } = getEnvironmentsOutput();

export const environmentIds = environments.apply((all) => all.map(({ id }) => id));
`,
  args,
  result,

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

const clusterArgs = z.strictObject({ environment: searchedEnvironment });

const clusterResult = z.object({
  clusters: described("Their names, sorted, each once, as `cluster` takes them.", z.array(z.string())),
});

export const getClusters = defineFunction<Context, typeof clusterArgs, typeof clusterResult>({
  name: "getClusters",
  description:
    "Lists the clusters that hold what the accounts of the configuration can see. Cockpit has no list of clusters, so one on which there is nothing of yours is missing. (Cockpit API: GET /group)",
  example: `import { getClustersOutput } from "pulumi-cockpit";

export const { clusters } = getClustersOutput();
`,
  args: clusterArgs,
  result: clusterResult,

  async call(context, { environment }) {
    const places = await placesOf(context, environment);
    const groups = (await Promise.all(places.map(({ context }) => context.cockpit.groups.list()))).flat();
    const living = groups.filter(({ deletedAt }) => deletedAt === undefined);
    return { clusters: [...new Set(living.flatMap(({ servers }) => servers))].sort() };
  },
});
