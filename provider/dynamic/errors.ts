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
