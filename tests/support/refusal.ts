import { codesIn } from "./codes";
import type { Project, Run, StateResource } from "./project";

/** A run that failed with a code that can be searched for, and said all of this where a person reads it. */
export function expectRefusal(run: Run, ...words: (string | RegExp)[]): void {
  expect(run.exitCode).not.toBe(0);
  const codes = codesIn(run.diagnostics);
  expect(codes).not.toEqual([]);
  expect(codes).not.toContain("internal");
  for (const word of words) {
    expect(run.diagnostics).toEqual(
      typeof word === "string" ? expect.stringContaining(word) : expect.stringMatching(word),
    );
  }
}

/** The text shows none of the secrets, in no form that a careless program could have given it. */
export function expectNoSecret(text: string, ...secrets: string[]): void {
  for (const form of secrets.flatMap(formsOf)) {
    const at = text.indexOf(form);
    // The place tells what leaked; the whole text would drown it.
    expect(at === -1 ? undefined : text.slice(Math.max(0, at - 200), at + form.length)).toBeUndefined();
  }
}

export function formsOf(secret: string): string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret),
    Buffer.from(secret).toString("base64"),
    Buffer.from(secret).toString("hex"),
  ];
}

/** The resources of the state without what the engine writes down again in every run: their order, times and dependencies. */
export async function resourcesOf(
  project: Project,
): Promise<Pick<StateResource, "urn" | "id" | "inputs" | "outputs">[]> {
  const resources = await project.resources();
  return resources
    .map(({ urn, id, inputs, outputs }) => ({ urn, ...(id === undefined ? {} : { id }), inputs, outputs }))
    .sort((one, other) => one.urn.localeCompare(other.urn));
}
