import { Cockpit, type Clock } from "../../../provider/client";
import type { Context } from "../../../provider/runtime/context";
import { createContext } from "../../../provider/runtime/create-context";

interface ProcessOptions {
  variables?: Readonly<Record<string, string>>;
  clock?: Clock;
  warn?: (message: string) => void;
}

export interface Login {
  url: string;
  gatewayUrl: string;
  username: string;
  password: string;
  /** Of the configuration, besides. */
  more?: Readonly<Record<string, string>> | undefined;
}

/** What the resources of one process work with, none of it used before. */
export interface ProcessContext {
  context: Context;
  /** Ends its connections. */
  close: () => Promise<void>;
}

export function newContext(
  { url, gatewayUrl, username, password, more = {} }: Login,
  { variables = {}, clock, warn = () => undefined }: ProcessOptions = {},
): ProcessContext {
  const opened: Cockpit[] = [];
  const configuration: Record<string, string> = {
    "cockpit:url": url,
    "cockpit:gatewayUrl": gatewayUrl,
    "cockpit:username": username,
    "cockpit:password": password,
    ...more,
  };
  const context = createContext({
    configuration: (key) => configuration[key],
    variables: (name) => variables[name],
    warn,
    inform: () => undefined,
    connect: (settings) => {
      const cockpit = new Cockpit(settings, clock ? { clock } : {});
      opened.push(cockpit);
      return cockpit;
    },
    ...(clock ? { now: () => clock.now(), pause: (milliseconds) => clock.sleep(milliseconds) } : {}),
  });
  return { context, close: async () => void (await Promise.all(opened.map((cockpit) => cockpit.close()))) };
}
