import type { Context } from "../context";

interface Located {
  name?: unknown;
  environmentId?: unknown;
}

/** The environment that holds the group which a property names: what lies in a group is where that is. */
export function locateBy<Property extends string>(property: Property) {
  return (
    context: Context,
    properties: Located & { [Key in Property]?: string | undefined },
  ): Promise<Context> => {
    const { environmentId, name } = properties;
    const recorded = typeof environmentId === "string" ? environmentId : undefined;
    const groupId = properties[property];
    return groupId === undefined
      ? context.environments.recorded(recorded, String(name))
      : context.environments.holding(groupId, recorded, String(name));
  };
}
