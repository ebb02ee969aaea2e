import type { State } from "../state/state";
import type { SentMessage } from "./model";

const kept = 10_000;

export function recordSent(state: State, message: SentMessage): void {
  const { outbox } = state.store;
  const last = outbox.lastKey() ?? 0;
  outbox.put(last + 1, message);
  outbox.remove(last + 1 - kept);
}

export const sentMessages = ({ store }: State): SentMessage[] =>
  [...store.outbox.entries()].map(({ value }) => value);

export const clearOutbox = ({ store }: State): void => {
  store.write(() => {
    for (const key of [...store.outbox.keys()]) store.outbox.remove(key);
  });
};
