import fc from "fast-check";
import type { Resource } from "../../../provider/framework/resource";
import type { Properties } from "../../../provider/framework/values";
import * as resources from "../../../provider/resources";
import type { Context } from "../../../provider/runtime/context";
import { onWire } from "../../support/model-engine/wire";
import * as tasks from "./tasks";
import * as gateway from "./gateway";
import * as groups from "./groups";
import * as people from "./people";

type Type = keyof typeof resources;
type Args = { [Key in Type as `${Uncapitalize<Key>}Args`]: fc.Arbitrary<Properties> };

/** Valid declarations of every kind of resource there is: `roleArgs` for a Role. The compiler misses what lacks. */
const args: Args = {
  ...tasks,
  ...gateway,
  ...groups,
  ...people,
  databaseArgs: groups.databaseArgs.map((given) => ({ name: "France", solutionId: "petra", ...given })),
  solutionArgs: groups.solutionArgs.map((given) => ({ name: "Petra", ...given })),
};

export type Kind = Resource<Context>;
export const kinds: readonly Kind[] = Object.values(resources);
export const anyKind = fc.constantFrom(...kinds);

export const declarationOf = (kind: Kind): fc.Arbitrary<Properties> =>
  args[`${kind.type[0]?.toLowerCase()}${kind.type.slice(1)}Args` as keyof Args].map(onWire);
