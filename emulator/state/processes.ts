import type { State } from "./state";
import type { ProcessRecord } from "../contract/gateway-model";
import type { Store } from "./store";

/** A group's processes go with it. */
export function removeProcesses(store: Store, groupId: string): void {
  for (const { key, value } of [...store.processes.entries()]) {
    if (value.groupId === groupId) {
      store.processes.remove(key);
    }
  }
}

export function* processesOf(state: State, specId: string): Generator<ProcessRecord> {
  for (const { key, value } of state.store.processes.entries({ start: [specId, ""] })) {
    if (key[0] !== specId) {
      return;
    }
    yield value;
  }
}
