import type { Project, Run } from "./project";

/** What a shell would make of `NAME=value` in a message; of several, the last, which is the longest list. */
export function variableIn(name: string, message: string): string | undefined {
  const [, word] =
    [...message.matchAll(new RegExp(`${name}=((?:'[^']*'|\\\\'|[^\\s'])+)`, "g"))].at(-1) ?? [];
  return word?.replace(
    /'([^']*)'|\\(.)/g,
    (_all, quoted?: string, escaped?: string) => quoted ?? escaped ?? "",
  );
}

/** The confirmations that an error asks for, each with its code. */
export function confirmationsIn(message: string): string[] {
  const values = [...message.matchAll(/COCKPIT_CONFIRM_DELETE=(?:'[^']*'|\\'|[^\s'])+/g)]
    .map(([word]) => variableIn("COCKPIT_CONFIRM_DELETE", word) ?? "")
    .flatMap((word) => (word.startsWith("[") ? (JSON.parse(word) as string[]) : [word]));
  return [...new Set(values)];
}

/** The variable that confirms everything that a run refused. */
export function confirmationOf({ diagnostics }: Pick<Run, "diagnostics">): Record<string, string> {
  const typed = confirmationsIn(diagnostics);
  if (typed.length === 0) {
    throw new Error(`nothing is asked to be typed back:\n${diagnostics}`);
  }
  return { COCKPIT_CONFIRM_DELETE: JSON.stringify(typed) };
}

/** Destroys, and confirms everything that the first attempt refused. */
export async function destroyConfirmed(
  project: Project,
  args: string[] = [],
  env: Record<string, string> = {},
): Promise<Run> {
  const refused = await project.destroy(args, env);
  return refused.exitCode === 0
    ? refused
    : project.succeeds(project.destroy(args, { ...env, ...confirmationOf(refused) }));
}
