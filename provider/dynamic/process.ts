import type { dynamic } from "@pulumi/pulumi";
import { announceRunVariables } from "../runtime/confirmation";
import type { Context } from "../runtime/context";
import { differingSettings, settingsFingerprint } from "../config/configuration";
import { createContext } from "../runtime/create-context";
import { engineAddress, leaveWebAssemblyUnoptimised, messagesThrough, onEngineGone } from "../host/engine";

const silence = "\u0000quiet";

/**
 * The host of dynamic providers prints the errors of read and delete with their stacks to the console, from where the engine
 * shows them a second time. An error made here prints as nothing; its message reaches the user the proper way.
 */
export function quietError(message: string): Error {
  // eslint-disable-next-line no-restricted-syntax -- what is wrapped has its code.
  const error = new Error(message);
  error.stack = silence;
  error.toString = () => silence;
  return error;
}

/** Lets the console drop what `quietError` made. */
export function keepConsoleQuiet(): void {
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

/** Keeps the stack's configuration. It is not judged here: whatever is missing is reported by the operation that needs it. */
export function keepConfiguration(config: dynamic.Config): void {
  configuration ??= config;
}

/** One context for all resources of the process, made when the first of them needs it. */
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

/** The settings in which the look-ups of the program differ from what this process has. */
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
export function settleIntoHost(): void {
  keepConsoleQuiet();
  if (address) {
    leaveWebAssemblyUnoptimised();
    onEngineGone(address, () => process.exit(1));
  }
}
