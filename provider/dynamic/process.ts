import type { dynamic } from "@pulumi/pulumi";
import { Cockpit } from "../api";
import { readSettings } from "../engine/settings";
import type { Context } from "../resources/context";
import { GatewayMemory } from "../resources/gateway/memory";
import { GroupBirths } from "../resources/group/births";
import { DeclaredProtection } from "../resources/group/declared-protection";
import { GroupReader } from "../resources/group/reader";
import { readRunVariables } from "../resources/run-variables";
import { engineAddress, onEngineGone, warnThrough } from "./engine";
import { keepConsoleQuiet } from "./errors";

let configuration: dynamic.Config | undefined;
let context: Context | undefined;

/** Keeps the stack's configuration. It is not judged here: whatever is missing is reported by the operation that needs it. */
export function configure(config: dynamic.Config): void {
  configuration ??= config;
}

/** One context for all resources of the process, made when the first of them needs it. */
export function sharedContext(): Context {
  context ??= createContext();
  return context;
}

function createContext(): Context {
  const address = engineAddress();
  const cockpit = lazy(
    () =>
      new Cockpit(
        readSettings(
          (key) => configuration?.get(key),
          (name) => process.env[name],
        ),
      ),
  );
  const births = lazy(() => new GroupBirths(cockpit().groups));
  const gatewayMemory = lazy(() => new GatewayMemory(cockpit().gateway));
  const reader = lazy(() => new GroupReader(cockpit().groups));
  return {
    declaredProtection: new DeclaredProtection(),
    get cockpit() {
      return cockpit();
    },
    get births() {
      return births();
    },
    get gatewayMemory() {
      return gatewayMemory();
    },
    get reader() {
      return reader();
    },
    runVariables: () => readRunVariables(process.env),
    warn: address ? warnThrough(address) : (message) => console.error(message),
  };
}

/** A value made on first use; a failure is tried again. */
function lazy<Value>(make: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= make());
}

/** Once for the process that hosts dynamic providers. */
export function settleIntoHost(): void {
  keepConsoleQuiet();
  const address = engineAddress();
  if (address) {
    onEngineGone(address, () => process.exit(1));
  }
}
