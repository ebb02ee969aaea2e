import * as pulumi from "@pulumi/pulumi";
import { CockpitError, type ErrorCode, textOf, within } from "../provider/errors";
import { ProgramError } from "./program-error";
import { AmbiguousError, NotFoundError } from "./look-up-errors";
import { rememberLookUpSettings } from "./look-up-settings";
import { refusePlainPassword } from "./plain-password";

/** The arguments of a look-up, each of which may be an output. */
export type LookUpInputs<Args> = Args extends unknown
  ? { [Key in keyof Args]: pulumi.Input<Args[Key]> }
  : never;

interface LookUpHost {
  configuration: (name: string) => string | undefined;
  variables: (name: string) => string | undefined;
  warn: (message: string) => void;
  inform: (message: string) => void;
}

/** What serves the look-ups; see provider/functions. */
interface Server {
  lookUp(name: string, args: object, surroundings: LookUpHost): Promise<unknown>;
  fingerprint(surroundings: LookUpHost): string;
}

/** Failures print as one sentence and no stack, because the engine takes them for the user's to fix. */
export async function lookUp<Result>(
  name: string,
  args: object,
  secrets: readonly string[] = [],
): Promise<Result> {
  try {
    assertObject(args);
    const mocks = mocksInForce();
    if (mocks) {
      return await askMock<Result>(mocks, name, args);
    }
    refusePlainPassword();
    const surroundings: LookUpHost = {
      configuration: (key) => pulumi.runtime.getConfig(key),
      variables: (variable) => process.env[variable],
      warn: (message) => void pulumi.log.warn(message),
      inform: (message) => void pulumi.log.info(message),
    };
    const server = load();
    rememberLookUpSettings(server.fingerprint(surroundings));
    return (await server.lookUp(name, args, surroundings)) as Result;
  } catch (error) {
    throw lookUpError(name, error, secrets);
  }
}

export function lookUpOutput<Result>(name: string, args: object): pulumi.Output<Result> {
  const given: pulumi.Output<object> = pulumi.output(args);
  return given.apply<Result>(async (known) => {
    const areSecret = await pulumi.isSecret(given);
    const texts = Object.values({ ...known }).filter((value) => typeof value === "string");
    try {
      return await lookUp<Result>(name, known, areSecret ? texts : []);
    } catch (error) {
      await stopDebugger();
      throw error;
    }
  });
}

/**
 * The engine's SDK keeps V8's debugger on. At each rejection that walks the whole net of promises that outputs are made of, which
 * grows so fast that a failed look-up on which another one depends would never come to an end. The run ends with this failure.
 */
async function stopDebugger(): Promise<void> {
  try {
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    const hooks = require("@pulumi/pulumi/runtime/closure/v8Hooks") as {
      getSessionAsync(): Promise<{ post(command: string, done: () => void): void }>;
    };
    const session = await hooks.getSessionAsync();
    await new Promise<void>((done) => session.post("Debugger.disable", done));
  } catch {
    // Another release of the SDK may keep it elsewhere, or none at all.
  }
}

/** A program in JavaScript may give anything. */
function assertObject(args: unknown): asserts args is object {
  if (typeof args !== "object" || args === null || Array.isArray(args)) {
    throw new CockpitError({
      code: "wrong-type",
      what: "takes one object with its arguments, such as { name: … }",
    });
  }
}

/** What a program's unit tests play the engine by (`pulumi.runtime.setMocks`). */
function mocksInForce(): pulumi.runtime.Mocks | undefined {
  const monitor: (object & { mocks?: pulumi.runtime.Mocks }) | undefined = pulumi.runtime.getMonitor();
  return monitor?.mocks;
}

/** As the SDK asks for functions of plugins; it is not used here because it drops what a mock throws. */
async function askMock<Result>(mocks: pulumi.runtime.Mocks, name: string, args: object): Promise<Result> {
  const token = `cockpit:index:${name}`;
  try {
    return (await mocks.call({ token, inputs: args })) as Result;
  } catch (error) {
    throw new CockpitError({
      code: "mock-failed",
      what: `the mock's \`call\` (pulumi.runtime.setMocks) failed for the token ${token}: ${textOf(error)}`,
    });
  }
}

const errors: Partial<Record<ErrorCode, typeof ProgramError>> = {
  "no-match": NotFoundError,
  ambiguous: AmbiguousError,
};

/** Only now: a program that looks nothing up starts without zod, undici and all that talks to Cockpit. */
function load(): Server {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return require("../provider/functions/serve") as Server;
}

function lookUpError(name: string, error: unknown, secrets: readonly string[]): ProgramError {
  const { code, text } =
    error instanceof ProgramError
      ? { code: error.code, text: `${name}: ${error.text}` }
      : within(name, error);
  const Failure = errors[code] ?? ProgramError;
  const failure = new Failure(code, secrets.reduce(withoutSecret, text));
  // It would hold hardly a line of the program's; and the engine's SDK takes many seconds over one that came through an output.
  failure.stack = failure.message;
  return failure;
}

function withoutSecret(text: string, secret: string): string {
  return secret === ""
    ? text
    : text.replaceAll(JSON.stringify(secret), "[secret]").replaceAll(secret, "[secret]");
}
