import type { Cockpit } from "../../../provider/api";
import type { Context } from "../../../provider/resources/context";
import { GatewayMemory } from "../../../provider/resources/gateway/memory";
import { GroupBirths } from "../../../provider/resources/group/births";
import { DeclaredProtection } from "../../../provider/resources/group/declared-protection";
import { GroupReader } from "../../../provider/resources/group/reader";
import { readRunVariables } from "../../../provider/resources/run-variables";

interface Surroundings {
  variables?: Readonly<Record<string, string>>;
  now?: () => number;
  warn?: (message: string) => void;
}

/** What the resources of one process work with, none of it used before. */
export function newContext(
  cockpit: Cockpit,
  { variables = {}, now, warn = () => undefined }: Surroundings = {},
): Context {
  return {
    cockpit,
    births: new GroupBirths(cockpit.groups),
    reader: new GroupReader(cockpit.groups, now),
    declaredProtection: new DeclaredProtection(),
    gatewayMemory: new GatewayMemory(cockpit.gateway),
    runVariables: () => readRunVariables(variables),
    warn,
  };
}
