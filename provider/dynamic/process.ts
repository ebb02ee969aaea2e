import type { dynamic } from "@pulumi/pulumi";
import { announceRunVariables } from "../runtime/confirmation";
import type { Context } from "../runtime/context";
import { differingSettings, settingsFingerprint } from "../config/configuration";
import { createContext } from "../runtime/create-context";
import { engineAddress, leaveWebAssemblyUnoptimised, messagesThrough, onEngineGone } from "../host/engine";

const silence = "\u0000quiet";

/**
 * The host of dynamic providers prints the errors of read and delete with their stacks to the console, from where the engine
 * shows them a second time. An error of this kind is not printed; the engine shows its message once.
 */
export function silentError(message: string): Error {
  // eslint-disable-next-line no-restricted-syntax -- what is wrapped has its code.
  const error = new Error(message);
  error.stack = silence;
  error.toString = () => silence;
  return error;
}

/** Lets the console drop errors of `silentError`. */
export function suppressDuplicateErrors(): void {
  const print = console.error.bind(console);
  console.error = (...parts: unknown[]) => {
    if (!(typeof parts[0] === "string" && parts[0].startsWith(silence))) {
      print(...parts);
    }
  };
}

let configuration: dynamic.Config | undefined;
let context: Context | undefined;
const address = engineAddress();
const messagesToConsole = {
  warn: (message: string) => console.error(message),
  inform: (message: string) => console.error(message),
};

/** Keeps the stack's configuration without validating it: an operation that needs a missing setting reports it. */
export function keepConfiguration(config: dynamic.Config): void {
  configuration ??= config;
}

/** The context that all resources of the process share, created on first use. */
export function sharedContext(): Context {
  if (!context) {
    context = createContext({
      configuration: (key) => configuration?.get(key),
      variables: (name) => process.env[name],
      ...(address ? messagesThrough(address) : messagesToConsole),
    });
    announceRunVariables(context);
  }
  return context;
}

/** The settings that differ between the program's look-ups and this process. */
export function settingsUnlikeLookUps(lookUps: string): string[] {
  return differingSettings(
    lookUps,
    settingsFingerprint(
      (key) => configuration?.get(key),
      (name) => process.env[name],
    ),
  );
}

/** Once for the process that hosts dynamic providers. */
export function initializeHost(): void {
  suppressDuplicateErrors();
  if (address) {
    leaveWebAssemblyUnoptimised();
    onEngineGone(address, () => process.exit(1));
  }
}
