import { createServer, type Server } from "node:http";
import { resolve } from "node:path";
import { z } from "zod";
import { StartupError } from "./contract/errors";
import { escapeControls } from "./printable";
import { presentGroup } from "./operations/present";
import type { Fault, FaultReport, Seed } from "./state/options";
import { publishedPassword } from "./state/seed";
import { clearOutbox, sentMessages } from "./gateway/outbox";
import type { SentMessage } from "./contract/gateway-model";
import { createApp, gatewayPrefix } from "./app";
import { reachOf } from "./server/host-policy";
import { Faults, faultSchema } from "./server/faults";
import { RequestLog, type LoggedRequest } from "./server/requests";
import type { Group } from "./contract/model";
import { openState, withPublishedPassword, type State } from "./state/state";
import { Store } from "./state/store";

export { StartupError } from "./contract/errors";
export type { Fault, FaultAction, FaultReport, Seed } from "./state/options";
export type { LoggedRequest } from "./server/requests";
export type { SentMessage } from "./contract/gateway-model";
export { standInCaptchaResponse } from "./gateway/stand-in-captcha";
export type { Group } from "./contract/model";

/** How to start an emulator; everything has a default. */
export interface EmulatorOptions {
  /** 0, the default: any free port. */
  port?: number;
  /**
   * The address to listen on: `127.0.0.1`, this machine only, unless told otherwise. One that other machines reach (`0.0.0.0`,
   * `::`, an empty text: all of them) needs a seed with a password of your own.
   */
  host?: string;
  /** Names with a dot by which it is reached, such as `cockpit.example`: any other one is refused (DNS rebinding). */
  allowedHosts?: readonly string[];
  /** Web pages that may use it besides those of this machine, such as `https://app.example`. */
  allowedOrigins?: readonly string[];
  /** The folder that keeps the state. Left out: nothing is kept, all is gone on close. */
  data?: string;
  /** The environments, clusters and token lifetimes to begin with, or the path of a JSON file that says so. */
  seed?: Seed | string;
  /** Called with each request when it arrives, before anything is done with it; waited for. */
  onRequest?: (request: Pick<LoggedRequest, "method" | "path" | "query">) => void | Promise<void>;
  /** The clock, in epoch milliseconds: what tokens expire by. */
  now?: () => number;
  /** Gets what goes wrong within the emulator itself; the standard error output by default. */
  log?: (line: string) => void;
  /** What the fault `kill` does. Left out: that fault is refused. */
  kill?: () => void;
}

export interface EnvironmentLogin {
  id: string;
  username: string;
  password: string;
}

/** A running emulator: where it listens, who can log in, and what a test watches and steers it by. */
export interface Emulator {
  /** What a client takes for `https://api.icure.cloud`. */
  readonly url: string;
  /** What a client takes for `https://msg-gw.icure.cloud`. */
  readonly gatewayUrl: string;
  readonly host: string;
  readonly port: number;
  /** The first environment of the seed, with its first administrator's login. */
  readonly environmentId: string;
  readonly username: string;
  readonly password: string;
  /** All environments of the seed, each with its first administrator's login. */
  readonly environments: readonly EnvironmentLogin[];
  /** The requests since the start or the last clearing, oldest first. */
  requests(): LoggedRequest[];
  clearRequests(): void;
  addFault(fault: Fault): FaultReport;
  /** Each fault with how many requests it matched and hit. */
  faults(): FaultReport[];
  clearFaults(): void;
  /** Every group as it is kept, deleted ones too. */
  groups(): Partial<Group>[];
  /** Everything the message gateway sent, oldest first, whether by SMTP or by a provider it only plays. */
  outbox(): SentMessage[];
  clearOutbox(): void;
  close(): Promise<void>;
}

/**
 * Starts an embedded Cockpit. Without options it has one environment with one administrator, on a free port of the
 * loopback interface, and leaves nothing behind when closed.
 *
 * @throws StartupError with a sentence for people, when the port, the folder or the seed won't do.
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const {
    host = "127.0.0.1",
    data,
    allowedHosts: hosts = [],
    allowedOrigins: origins = [],
    log = (line) => void process.stderr.write(`${escapeControls(line)}\n`),
    kill,
    onRequest,
  } = options;
  let store: Store | undefined;
  try {
    store = Store.open(data === undefined ? undefined : resolve(data));
    const state = openState(store, options.seed, options.now);
    state.remarks.forEach(log);
    const reach = await reachOf(host);
    if (reach !== "this machine") {
      refusePublishedPassword(state, host);
      log(
        `The emulator listens on ${reach === "others" ? host : "all addresses"}: other machines get in with the password.`,
      );
    }
    const dependencies = {
      state,
      hostPolicy: { hosts, origins },
      requests: new RequestLog(),
      faults: new Faults(),
      onRequest,
      kill,
      log,
    };
    const app = createApp(dependencies);
    const underWay = new Set<Promise<void>>();
    const server = createServer((request, response) => {
      // A client may judge by it what has ended.
      response.setHeader("Date", new Date(state.now()).toUTCString());
      const answered = app(request, response).finally(() => underWay.delete(answered));
      underWay.add(answered);
    });
    const port = await listen(server, options.port ?? 0, host);
    const stop = async () => {
      await new Promise<void>((done) => {
        server.close(() => done());
        server.closeAllConnections();
      });
      await Promise.allSettled(underWay);
      await state.store.close();
    };
    const reachable = reach === "all addresses" ? "127.0.0.1" : host;
    return emulatorOf(dependencies, reachable, port, stop);
  } catch (error) {
    await store?.close();
    throw error;
  }
}

function emulatorOf(
  {
    state,
    requests,
    faults,
    kill,
  }: { state: State; requests: RequestLog; faults: Faults; kill: (() => void) | undefined },
  host: string,
  port: number,
  stop: () => Promise<void>,
): Emulator {
  const environments = state.settings.environments.map(({ id, administrators: [administrator] }) => ({
    id,
    username: administrator?.login ?? "",
    password: administrator?.password ?? "",
  }));
  const [first] = environments;
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  let stopped: Promise<void> | undefined;
  return {
    url,
    gatewayUrl: url + gatewayPrefix,
    host,
    port,
    environmentId: first?.id ?? "",
    username: first?.username ?? "",
    password: first?.password ?? "",
    environments,
    requests: () => requests.all(),
    clearRequests: () => requests.clear(),
    addFault: (fault) => {
      const checked = faultSchema.safeParse(fault);
      if (!checked.success) {
        throw new StartupError(`The fault is not valid:\n${z.prettifyError(checked.error)}`);
      }
      if ("kill" in checked.data.action && kill === undefined) {
        throw new StartupError("Only an emulator that runs as a command can be killed.");
      }
      return faults.add(checked.data);
    },
    faults: () => faults.all(),
    clearFaults: () => faults.clear(),
    groups: () => [...state.store.groups.entries()].map(({ value }) => presentGroup(state, value)),
    outbox: () => sentMessages(state),
    clearOutbox: () => clearOutbox(state),
    close: () => (stopped ??= stop()),
  };
}

function refusePublishedPassword(state: State, host: string): void {
  const [user] = withPublishedPassword(state);
  if (user === undefined) {
    return;
  }
  const seed: Seed = {
    environments: [
      {
        id: "ic-development",
        name: "Development",
        administrators: [{ login: "ada@example.com", password: "a password of your own" }],
      },
    ],
  };
  throw new StartupError(
    `${host === "" ? "An empty host" : `The host ${host}`} lets other machines in, and ${user.login ?? user.id} has the password that everybody knows ("${publishedPassword}"). Give a seed with a password of your own, such as ${JSON.stringify(seed)}, and a data folder that doesn't have the other one yet; or listen on 127.0.0.1, which is this machine only.`,
  );
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((done, failed) => {
    server.once("error", (error: NodeJS.ErrnoException) =>
      failed(new StartupError(listenProblem(error, port, host))),
    );
    server.listen(port, host, () => {
      const address = server.address();
      done(typeof address === "object" && address !== null ? address.port : port);
    });
  });
}

function listenProblem(error: NodeJS.ErrnoException, port: number, host: string): string {
  if (error.code === "EADDRINUSE") {
    return `Port ${port} of ${host} is in use. Choose another with --port, or 0 for any free one.`;
  }
  if (error.code === "EACCES") {
    return `Port ${port} of ${host} may not be used by this account. Choose one above 1023.`;
  }
  if (error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return `${host} is not an address of this machine.`;
  }
  return `The emulator can't listen on ${host}:${port}: ${error.message}`;
}
