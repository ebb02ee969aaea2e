import type { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";

/** Each live group is in the state once, and nothing else is. */
export async function expectAgreement(cockpit: Cockpit, project: Project): Promise<void> {
  const inState = (await project.resources()).map(({ id }) => id).sort();
  const live = cockpit.liveGroups().map(({ id }) => id);
  expect(inState).toEqual(live.sort());
}
