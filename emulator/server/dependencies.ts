import type { State } from "../state/state";
import type { HostPolicy } from "./host-policy";
import type { Faults } from "./faults";
import type { LoggedRequest, RequestLog } from "./requests";

/** What the server works with. */
export interface AppDependencies {
  state: State;
  hostPolicy: HostPolicy;
  requests: RequestLog;
  faults: Faults;
  /** Called when a request arrives, before anything is done with it. */
  onRequest?:
    ((request: Pick<LoggedRequest, "method" | "path" | "query">) => void | Promise<void>) | undefined;
  kill: (() => void) | undefined;
  log: (line: string) => void;
}
