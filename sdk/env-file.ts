import { randomUUID } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { textOf } from "../provider/errors";
import { ProgramError } from "./program-error";
import { envLine, EnvText, envVariableProblem } from "./env-text";

/**
 * Writes variables into an `.env` file during `pulumi up`; a preview writes nothing, but refuses what `up` would refuse. The
 * variables stand in a block of the project, which the next `up` replaces; all other lines stay as they are. Only the file's owner
 * may read it, because a token may be among the variables: keep it out of version control.
 *
 * sh, `node --env-file`, dotenv and dotenv-expand read the same values. Refused by name are a variable that they would read
 * differently, and one that also stands outside of the block.
 *
 * @param file Path, relative to the program's working directory. Missing folders are created.
 * @param variables Values by name; what is `undefined` is left out.
 * @example writeEnvFile("../app/.env", petra.variables);
 */
export function writeEnvFile(
  file: string,
  variables: Record<string, pulumi.Input<string> | undefined>,
): pulumi.Output<void> {
  const given = Object.entries(variables).filter(([, value]) => value !== undefined);
  const names = given.map(([name]) => name);
  refuseTwice(file);
  assertNone(file, [
    // What is not known yet is judged once it is.
    ...given.map(([name, value]) => envVariableProblem(name, typeof value === "string" ? value : "")),
    ...collisions(readEnv(file), names),
  ]);
  return pulumi.all(Object.fromEntries(given)).apply((values) => {
    assertNone(
      file,
      Object.entries(values).map(([name, value]) => envVariableProblem(name, value)),
    );
    if (pulumi.runtime.isDryRun()) {
      return;
    }
    const env = readEnv(file);
    assertNone(file, collisions(env, names));
    replaceFile(file, env.with(Object.entries(values).map(([name, value]) => envLine(name, String(value)))));
  });
}

function refuse(file: string, problems: readonly string[]): never {
  throw new ProgramError("env-file", `writeEnvFile: ${file} was not written: ${problems.join("; ")}.`);
}

function assertNone(file: string, problems: readonly (string | undefined)[]): void {
  const found = problems.filter((problem) => problem !== undefined);
  if (found.length > 0) {
    refuse(file, found);
  }
}

function collisions(env: EnvText, names: readonly string[]): string[] {
  const taken = env.foreign(names);
  return taken.length === 0
    ? []
    : [
        `${taken.join(", ")} ${taken.length === 1 ? "stands" : "stand"} outside of this project's block too: remove that from the file, or from the variables`,
      ];
}

const written = new WeakMap<object, Set<string>>();

/** The second block of one program would replace the first. */
function refuseTwice(file: string): void {
  const stack = pulumi.runtime.getStackResource();
  if (!stack) {
    return;
  }
  const files = written.get(stack) ?? new Set();
  written.set(stack, files);
  const target = targetOf(file);
  if (files.has(target)) {
    refuse(file, ["the program writes it twice: call writeEnvFile once, with the variables of both"]);
  }
  files.add(target);
}

function readEnv(file: string): EnvText {
  try {
    return new EnvText(existsSync(file) ? readFileSync(file, "latin1") : "", pulumi.getProject());
  } catch (error) {
    return refuse(file, [textOf(error)]);
  }
}

/** In one step, by a file beside it that is private before anything is in it: nobody reads half of it, or a secret that is not theirs. */
function replaceFile(file: string, text: string): void {
  const target = targetOf(file);
  const partial = `${target}.${randomUUID()}.partial`;
  try {
    if (isPrivate(target) && readFileSync(target, "latin1") === text) {
      return; // Who watches the file is not woken for nothing.
    }
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(partial, text, { encoding: "latin1", mode: 0o600, flag: "wx", flush: true });
    renameSync(partial, target);
  } catch (error) {
    rmSync(partial, { force: true });
    refuse(file, [textOf(error)]);
  }
}

function isPrivate(file: string): boolean {
  const mode = statSync(file, { throwIfNoEntry: false })?.mode;
  return mode !== undefined && (mode & 0o077) === 0;
}

/** A link stays a link, to the file that is replaced. */
function targetOf(file: string): string {
  return existsSync(file) ? realpathSync(file) : path.resolve(file);
}
