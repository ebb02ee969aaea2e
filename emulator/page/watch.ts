import type { ServerResponse } from "node:http";
import type { SentMessage } from "../contract/gateway-model";
import type { FaultDescription } from "../server/faults";
import type { LoggedRequest } from "../server/requests";
import type { AppDependencies } from "../server/dependencies";
import { overviewOf, type EnvironmentView } from "./overview";

/** A request with its number in the log, by which a later message tells how it ended. */
export type NumberedRequest = LoggedRequest & { number: number };
export type NumberedMessage = SentMessage & { number: number };

/** An update for a viewer: everything at first, afterwards only changes. */
export interface PageUpdate {
  environments?: EnvironmentView[];
  faults?: FaultDescription[];
  /** New ones, and earlier ones that have been answered meanwhile. */
  requests?: { cleared: boolean; entries: NumberedRequest[] };
  outbox?: { cleared: boolean; entries: NumberedMessage[] };
}

/** The number of items of each kind that are sent. */
const maxShown = 200;
const intervalMs = 150;

/**
 * Tells a viewer what there is and what changes, as server-sent events, until the viewer goes. All of the work is done here, by
 * a clock that runs only while somebody looks: whatever changes something only counts.
 */
export function watch(dependencies: AppDependencies, outgoing: ServerResponse): void {
  outgoing.writeHead(200, { "Content-Type": "text/event-stream", "Cache-Control": "no-store" });
  const look = createViewer(dependencies);
  let timer: NodeJS.Timeout | undefined;
  const tell = () => {
    const before = performance.now();
    const sight = look();
    // A viewer who reads too slowly gets the next state when this one has been taken.
    const flows = sight === undefined || outgoing.write(`data: ${JSON.stringify(sight)}\n\n`);
    const cost = performance.now() - before;
    const again = () => (timer = setTimeout(tell, Math.max(intervalMs, 10 * cost)).unref());
    if (flows) {
      again();
    } else {
      outgoing.once("drain", again);
    }
  };
  outgoing.once("close", () => {
    clearTimeout(timer);
    outgoing.removeAllListeners("drain");
  });
  tell();
}

/** Returns a function that returns the changes since its last call; undefined if there are none. */
function createViewer({ state, requests, faults }: AppDependencies): () => PageUpdate | undefined {
  const { store } = state;
  const seen = { version: -1, environments: "", message: "", faults: "", clearedAt: requests.clearedAt };
  let [lastRequest, lastMessage] = [requests.clearedAt, 0];
  let unanswered: { number: number; request: LoggedRequest }[] = [];

  function newEnvironments(): PageUpdate {
    const environments = overviewOf(state);
    const text = JSON.stringify(environments);
    if (text === seen.environments) {
      return {};
    }
    seen.environments = text;
    return { environments };
  }

  /** After a clearing the numbers begin again. */
  function newMessages(): PageUpdate {
    const last = store.outbox.lastKey() ?? 0;
    const cleared = lastMessage > 0 && JSON.stringify(store.outbox.get(lastMessage)) !== seen.message;
    const start = Math.max(cleared ? 1 : lastMessage + 1, last - maxShown + 1);
    lastMessage = last;
    seen.message = JSON.stringify(store.outbox.get(last)) ?? "";
    const entries = [...store.outbox.entries({ start })].map(({ key, value }) => ({ ...value, number: key }));
    return cleared || entries.length > 0 ? { outbox: { cleared, entries } } : {};
  }

  function newRequests(): PageUpdate {
    const cleared = requests.clearedAt !== seen.clearedAt;
    seen.clearedAt = requests.clearedAt;
    const added = requests.since(Math.max(lastRequest, requests.clearedAt), maxShown);
    lastRequest = requests.added;
    const isAnswered = ({ request }: { request: LoggedRequest }) => request.status !== 0;
    const waiting = cleared ? [] : unanswered;
    unanswered = [...waiting, ...added].filter((each) => !isAnswered(each)).slice(-maxShown);
    const entries = [...waiting.filter(isAnswered), ...added].map(({ number, request }) => ({
      ...request,
      number,
    }));
    return cleared || entries.length > 0 ? { requests: { cleared, entries } } : {};
  }

  function newFaults(): PageUpdate {
    const described = faults.described();
    const text = JSON.stringify(described);
    if (text === seen.faults) {
      return {};
    }
    seen.faults = text;
    return { faults: described };
  }

  return () => {
    const isStoreNew = seen.version !== store.version;
    seen.version = store.version;
    const sight: PageUpdate = {
      ...(isStoreNew && { ...newEnvironments(), ...newMessages() }),
      ...newRequests(),
      ...newFaults(),
    };
    return Object.keys(sight).length > 0 ? sight : undefined;
  };
}
