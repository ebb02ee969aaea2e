import type { State } from "../state/state";
import type { SentMessage } from "./model";

const kept = 10_000;

export function recordSent(state: State, message: SentMessage): void {
  const { outbox } = state.store;
  const [last = 0] = outbox.getKeys({ reverse: true, limit: 1 });
  outbox.putSync(last + 1, message);
  outbox.removeSync(last + 1 - kept);
}

export const sentMessages = ({ store }: State): SentMessage[] =>
  [...store.outbox.getRange()].map(({ value }) => value);

export const clearOutbox = ({ store }: State): void => {
  store.write(() => {
    for (const key of [...store.outbox.getKeys()]) store.outbox.removeSync(key);
  });
};
