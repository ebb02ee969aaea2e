import { z } from "zod";
import type { Group } from "../../client";
import { described } from "../../framework/field";
import { declaredProperties, propertyValues, type PropertyValues } from "./custom-properties";
import type { GroupState } from "./lifecycle";
import { chosenGroupId } from "../../runtime/inputs";

/** Inputs that Solution and Database share. */
export function sharedInputs(what: "solution" | "database") {
  return {
    cluster: described(
      `Cluster to create the ${what} on. Default: the server's choice. Cockpit has no list of clusters; those in use are in the \`servers\` of existing solutions and databases. Changing it replaces the ${what}. (Cockpit API: query parameter server)`,
      z.string().min(1, "must not be empty; leave it out for the server's choice").optional(),
      { onChange: "replace" },
    ),
    properties: described(
      "Custom properties by identifier: a boolean, a number (integer or double), a string, or an object with a type of Cockpit's (boolean, integer, double, string, date, clob, json) and a value. If omitted, existing values are kept and not reported as drift. Given, the declared ones are kept as declared; others stay as they are. (Cockpit API: PUT /group/{id}/properties)",
      propertyValues.optional(),
      { typeName: "PropertyValues" },
    ),
    deletionProtection: described(
      `If true, the ${what} cannot be deleted or replaced. To remove it, set this to false and run pulumi up first, or set COCKPIT_CONFIRM_DELETE for one change to what the refusal shows. Default: true.`,
      z.boolean().default(true),
    ),
    hardDelete: described(
      `Delete its storage too, irreversibly, instead of marking it deleted. Needs a login by password. Default: false. (Cockpit API: DELETE /group/hard/{id})`,
      // Not filled in: in a state of many databases its bytes would be time.
      z.boolean().optional(),
    ),
    groupId: described(
      `Id to create the ${what} with: letters, digits, - and _. Default: computed from project, stack and name, so that an interrupted run never creates a second one. Changing it replaces the ${what}.`,
      chosenGroupId.optional(),
      { onChange: "replace" },
    ),
  };
}

/** What the states of Solution and Database share. Lenient: what a refresh found may be against the rules for inputs. */
export const sharedState = {
  name: z.string(),
  cluster: z.string().optional(),
  properties: z.custom<PropertyValues>().optional(),
  deletionProtection: z.boolean().default(true),
  hardDelete: z.boolean().optional(),
  groupId: z.string().optional(),
  servers: described("The clusters that hold it now.", z.array(z.string()).default([])),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
  /** See `adoptionMark`. */
  __adopted: z.string().optional(),
};

/** The state after a creation or an update: what is declared, and what only Cockpit knows. */
export function stateAfterWrite<Declared extends object>(
  declared: Declared,
  group: Group,
  environmentId: string,
  adopted: string | undefined,
): Declared & { servers: string[]; environmentId: string; __adopted?: string } {
  return {
    ...declared,
    servers: group.servers,
    environmentId,
    ...(adopted === undefined ? {} : { __adopted: adopted }),
  };
}

/** The state with what Cockpit has now of it. */
export function stateAfterRead<State extends GroupState>(state: State, group: Group): State {
  const properties = declaredProperties(group.properties, state.properties);
  return {
    ...state,
    name: group.name ?? "",
    ...(properties === undefined ? {} : { properties }),
    servers: group.servers,
  };
}
