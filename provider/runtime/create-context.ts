import { setTimeout as wait } from "node:timers/promises";
import { Cockpit } from "../client";
import { readEnvironments, readSettings } from "../config/configuration";
import { readable } from "../framework/readable";
import { Run } from "../framework/run";
import { overriddenSettings, type ConfigSource, type Settings, readRunVariables } from "../config/settings";
import type { Context } from "./context";
import { EnvironmentDirectory } from "./environments";
import {
  DeclaredProjectIds,
  DeclaredProtection,
  DeclaredServices,
  FormerPlaces,
  IdReservations,
  Refusals,
  Transfers,
} from "./run-facts";
import { GatewayCache, GroupCache } from "./cockpit-cache";

export interface ProviderHost {
  /** The stack's configuration. */
  configuration: ConfigSource;
  /** The environment variables. */
  variables: ConfigSource;
  /** Why settings may be missing, in the words of an error. */
  whyMissing?: string;
  warn: (message: string) => void;
  inform: (message: string) => void;
  /** Opens the connection to an environment. Default: a real one. */
  connect?: (settings: Settings) => Cockpit;
  /** Epoch milliseconds. Default: this machine's clock. */
  now?: () => number;
  pause?: (milliseconds: number) => Promise<unknown>;
}

/** The context of the default environment, from which all others are reached. Nothing is read or sent before it is used. */
export function createContext(host: ProviderHost): Context {
  const { configuration, variables, whyMissing, now = Date.now, pause = wait } = host;
  const named = lazy(() => readEnvironments(configuration, variables));
  const byDefault = lazy(() => readSettings(configuration, variables, whyMissing));
  const opened = new Map<string, Context>();
  const shared = {
    run: new Run(),
    idReservations: new IdReservations(),
    declaredProtection: new DeclaredProtection(),
    declaredProjectIds: new DeclaredProjectIds(),
    declaredServices: new DeclaredServices(),
    formerPlaces: new FormerPlaces(),
    transfers: new Transfers(),
    refusals: new Refusals(() => readRunVariables(variables)),
    now,
    pause,
    runVariables: () => readRunVariables(variables),
    once: firstTimeOnly(),
    overriddenSettings: () => overriddenSettings(configuration, variables),
    warn: (message: string) => host.warn(readable(message)),
    inform: (message: string) => host.inform(readable(message)),
    environments: new EnvironmentDirectory({
      keys: () => [...named().keys()],
      hasOther: () => hasOther(),
      open: (key) => (key === undefined ? root : open(key)),
    }),
  };

  const open = (key: string): Context => {
    const context = opened.get(key) ?? inEnvironment(shared, () => named().get(key) as Settings, host);
    opened.set(key, context);
    return context;
  };
  const own = inEnvironment(shared, byDefault, host);
  /** A default that has a key is the environment of that key: one login, one memory. */
  const chosen = (): Context => {
    const { key } = byDefault();
    return key === undefined ? own : open(key);
  };
  const hasOther = (): boolean => {
    try {
      return byDefault().key === undefined;
    } catch (error) {
      if (named().size > 0) {
        return false;
      }
      throw error;
    }
  };
  const root: Context = {
    ...shared,
    get key() {
      return chosen().key;
    },
    get configuredId() {
      return chosen().configuredId;
    },
    get cockpit() {
      return chosen().cockpit;
    },
    get groupCache() {
      return chosen().groupCache;
    },
    get gatewayCache() {
      return chosen().gatewayCache;
    },
  };
  return root;
}

type Shared = Omit<Context, "key" | "configuredId" | "cockpit" | "groupCache" | "gatewayCache">;

function inEnvironment(
  shared: Shared,
  settings: () => Settings,
  { connect = (known) => new Cockpit(known) }: Pick<ProviderHost, "connect">,
): Context {
  const cockpit = lazy(() => connect(settings()));
  const groupCache = lazy(() => new GroupCache(cockpit().groups, shared.now));
  const gatewayCache = lazy(() => new GatewayCache(cockpit().gateway));
  return {
    ...shared,
    get key() {
      return settings().key;
    },
    get configuredId() {
      return settings().environment;
    },
    get cockpit() {
      return cockpit();
    },
    get groupCache() {
      return groupCache();
    },
    get gatewayCache() {
      return gatewayCache();
    },
  };
}

function firstTimeOnly(): (what: string, say: () => void) => void {
  const said = new Set<string>();
  return (what, say) => {
    if (!said.has(what)) {
      said.add(what);
      say();
    }
  };
}

/** A value made on first use; a failure is tried again. */
function lazy<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}
