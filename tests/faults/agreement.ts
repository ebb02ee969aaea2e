import type { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";

/** Each live group is in the state once, and nothing else is. */
export async function expectAgreement(cockpit: Cockpit, project: Project): Promise<void> {
  const inState = (await project.resources()).map(({ id }) => id).sort();
  const live = cockpit.liveGroups().map(({ id }) => id);
  expect(inState).toEqual(live.sort());
}

/** What a person does who reads what the engine printed. */
export function adoptionSaidIn(output: string): Record<string, string> {
  const ids = [...output.matchAll(/COCKPIT_ADOPT=([\w-]+)/g)].map(([, id]) => id ?? "");
  expect(ids).not.toEqual([]);
  return { COCKPIT_ADOPT: JSON.stringify([...new Set(ids)]) };
}
