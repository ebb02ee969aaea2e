import type { State } from "../state/state";
import type { SentMessage } from "../contract/gateway-model";

/** The latest messages are kept: so many, and so many characters of them. */
const outboxLimits = { messages: 10_000, characters: 16 * 1024 * 1024 };

export function recordSent(state: State, message: SentMessage): void {
  const { outbox } = state.store;
  const last = outbox.lastKey() ?? 0;
  outbox.put(last + 1, message);
  outbox.remove(last + 1 - outboxLimits.messages);
  let characters = [...outbox.rows()].reduce((sum, { json }) => sum + json.length, 0);
  for (const { key, json } of [...outbox.rows()]) {
    if (characters <= outboxLimits.characters || key === last + 1) {
      return;
    }
    outbox.remove(key);
    characters -= json.length;
  }
}

export const sentMessages = ({ store }: State): SentMessage[] =>
  [...store.outbox.entries()].map(({ value }) => value);

export const clearOutbox = ({ store }: State): void => {
  store.write(() => {
    for (const key of [...store.outbox.keys()]) {
      store.outbox.remove(key);
    }
  });
};
