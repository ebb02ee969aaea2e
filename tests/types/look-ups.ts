/** What the compiler must accept and refuse of the look-ups' arguments and results; checked by `npm run check:types`. */
import * as pulumi from "@pulumi/pulumi";
import {
  Database,
  getDatabase,
  getDatabaseOutput,
  getDatabasesOutput,
  getEnvironments,
  getExternalServicesOutput,
  getSolution,
  getSolutionOutput,
  getSolutions,
  type GetDatabaseArgs,
  type GetSolutionResult,
  type PropertyValues,
} from "pulumi-cockpit";

const id = pulumi.output("ic-1");

export const possible: GetDatabaseArgs[] = [
  { id: "ic-1" },
  { id: "ic-1", environment: "source" },
  { name: "France" },
  { name: "France", solutionId: "ic-1", environment: "source" },
];

export const impossible: GetDatabaseArgs[] = [
  // @ts-expect-error: neither id nor name
  {},
  // @ts-expect-error: both
  { id: "ic-1", name: "France" },
  // @ts-expect-error: an id says it all
  { id: "ic-1", solutionId: "ic-2" },
  // @ts-expect-error: neither id nor name
  { solutionId: "ic-2" },
  // @ts-expect-error: no such argument
  { name: "France", cluster: "europe-west-02" },
  // @ts-expect-error: an output, to the form that gives a promise
  { name: "France", solutionId: id },
];

// @ts-expect-error: neither id nor name
export const nothing = () => getSolutionOutput({});
// @ts-expect-error: both
export const both = () => getSolutionOutput({ id, name: "Petra" });

export async function results(): Promise<[GetSolutionResult[], PropertyValues, string, string | undefined]> {
  const { solutions } = await getSolutions();
  const { properties, solutionId } = await getDatabase({ name: "France" });
  const { applicationId } = await getSolution({ id: "ic-1" });
  const { environments } = await getEnvironments();
  return [solutions, properties, environments[0]?.key ?? solutionId, applicationId];
}

export const outputs = (): pulumi.Output<string | undefined>[] => {
  const france = getDatabaseOutput({ name: "France", solutionId: id, environment: pulumi.output("source") });
  new Database("copy", { solutionId: france.solutionId, properties: france.properties });
  const first = getDatabasesOutput({ solutionId: id }).databases.apply((all) => all[0]?.name);
  return [france.id, first, getExternalServicesOutput().friendlyCaptchaSiteKey];
};
