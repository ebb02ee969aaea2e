import type { Store } from "../state/store";

/** A group's processes go with it. */
export function removeProcesses(store: Store, groupId: string): void {
  for (const { key, value } of [...store.processes.entries()])
    if (value.groupId === groupId) store.processes.remove(key);
}
