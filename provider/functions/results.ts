import { z } from "zod";
import { described } from "../framework/field";
import { allProperties, type PropertyValues } from "../resources/group/custom-properties";
import { chosenGroupId, environmentInput } from "../runtime/inputs";
import type { Found } from "./search";

const shared = {
  id: described("Its id in Cockpit.", z.string()),
  name: described("Its name on Cockpit's screens.", z.string()),
  applicationId: described(
    'The project ID, a reverse domain such as "com.petra.app"; absent where none is set.',
    z.string().optional(),
  ),
  environmentId: described("Id of the environment it is in.", z.string()),
  servers: described("The clusters that hold it.", z.array(z.string())),
  properties: described(
    "Its custom properties by identifier, as the resource's `properties` take them. Those that Cockpit keeps for itself are left out.",
    z.custom<PropertyValues>((value) => value !== undefined),
    { typeName: "PropertyValues" },
  ),
};

const status = described(
  'Whether its owner pays for it: "PAYING" or "FREE"; absent on servers of before autumn 2026.',
  z.string().optional(),
);

export const solutionResult = z.object({
  ...shared,
  status,
  defaultSchemaVersion: described(
    "The version of the solution's own index schema that new databases of it get; absent where there is none.",
    z.number().optional(),
  ),
  specId: described(
    "Id of the environment's external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID.",
    z.string(),
  ),
});

export const databaseResult = z.object({
  ...shared,
  status,
  schemaVersions: described(
    "The versions of the solution's own index schema that it has.",
    z.array(z.number()),
  ),
  solutionId: described(
    "Id of the solution it belongs to; of the environment, where it lies in no solution.",
    z.string(),
  ),
});

export const idArgument = (what: string) =>
  described(`Id of the ${what} in Cockpit.`, chosenGroupId.optional());

export const nameArgument = (what: string) =>
  described(
    `Name of the ${what} as shown in Cockpit (exact match).`,
    z.string("must be a string").min(1, "must not be empty").optional(),
  );

export function solutionFrom({ group, environmentId }: Found): z.output<typeof solutionResult> {
  const { defaultSchemaVersion } = group;
  return {
    ...sharedFrom(group, environmentId),
    specId: environmentId,
    ...(defaultSchemaVersion === undefined ? {} : { defaultSchemaVersion }),
  };
}

export function databaseFrom({ group, environmentId }: Found): z.output<typeof databaseResult> {
  return {
    ...sharedFrom(group, environmentId),
    solutionId: group.parentId ?? environmentId,
    schemaVersions: group.schemaVersions ?? [],
  };
}

/** In an order that does not change from run to run. */
export function inOrder<Item extends { id: string; name?: string | undefined }>(
  items: readonly Item[],
): Item[] {
  const key = ({ id, name = id }: Item): string => `${name}\u0000${id}`;
  return [...items].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function sharedFrom(
  { id, name, applicationId, servers, properties, status }: Found["group"],
  environmentId: string,
) {
  return {
    id,
    name: name ?? "",
    ...(applicationId === undefined ? {} : { applicationId }),
    ...(status === undefined ? {} : { status }),
    environmentId,
    servers,
    properties: allProperties(properties),
  };
}

/** The argument that narrows a look-up down to one environment. */
export const searchedEnvironment = environmentInput(
  "Key of the one environment to search. Default: all environments of the configuration.",
);
