import type { dynamic } from "@pulumi/pulumi";
import type { Clock } from "../../../provider/client";
import { dynamicProvider } from "../../../provider/dynamic/provider";
import type { Properties } from "../../../provider/framework/values";
import type { Context } from "../../../provider/runtime/context";
import { Database } from "../../../provider/resources/database";
import { Solution } from "../../../provider/resources/solution";
import { TransferToken } from "../../../provider/resources/transfer-token";
import { newContext, type Login, type ProcessContext } from "./context";
import { onWire } from "./wire";

/**
 * The one seam: in place of the module that keeps a process's only context, the context of whichever simulated process is
 * being called. The providers ask for it before they wait for anything, so processes may also run side by side.
 */
jest.mock("../../../provider/dynamic/process", () => ({
  ...jest.requireActual<object>("../../../provider/dynamic/process"),
  keepConfiguration: () => undefined,
  sharedContext: () => contextBeingCalled(),
}));

export type ResourceType = "Database" | "Solution" | "TransferToken";

/** Every method is there. */
const providers = {
  Database: dynamicProvider(Database),
  Solution: dynamicProvider(Solution),
  TransferToken: dynamicProvider(TransferToken),
} as Record<ResourceType, Required<dynamic.ResourceProvider<Properties, Properties>>>;

let called: Context | undefined;
function contextBeingCalled(): Context {
  if (!called) {
    throw new Error("a provider asked for its process's context after it had begun to wait");
  }
  return called;
}

/** Time that passes without waiting: a little with every look at it, and whatever somebody sleeps. */
export class FastClock implements Clock {
  #now = Date.parse("2026-01-31T08:00:00Z");

  now = (): number => (this.#now += 1);
  random = (): number => 0.5;
  sleep = (milliseconds: number): Promise<void> => {
    this.#now += milliseconds;
    return Promise.resolve();
  };
  deadline = (): AbortSignal => new AbortController().signal;
}

/** The process was killed: the result of its current call is lost. */
export class ProcessDied extends Error {
  constructor() {
    super("error reading from server: EOF");
  }
}

/** One process of the engine's host of dynamic providers: one login, one memory, and nothing of the one before. */
export class ProviderProcess {
  readonly warnings: string[] = [];
  readonly #process: ProcessContext;
  readonly #underWay = new Set<Promise<unknown>>();
  readonly #death: Promise<never>;
  #die: (error: ProcessDied) => void = () => undefined;
  #closed: Promise<void> | undefined;
  isDead = false;

  constructor(login: Login, clock: FastClock, variables: Readonly<Record<string, string>>) {
    this.#process = newContext(login, {
      variables,
      clock,
      warn: (message) => void this.warnings.push(message),
    });
    this.#death = new Promise((_resolve, reject) => (this.#die = reject));
    this.#death.catch(() => undefined);
  }

  check(type: ResourceType, olds: Properties, news: Properties) {
    return this.#call(() => providers[type].check(onWire(olds), onWire(news)));
  }

  diff(type: ResourceType, id: string, olds: Properties, news: Properties) {
    return this.#call(() => providers[type].diff(id, onWire(olds), onWire(news)));
  }

  create(type: ResourceType, inputs: Properties) {
    return this.#call(() => providers[type].create(onWire(inputs)));
  }

  read(type: ResourceType, id: string, outputs: Properties) {
    return this.#call(() => providers[type].read(id, onWire(outputs)));
  }

  update(type: ResourceType, id: string, olds: Properties, news: Properties) {
    return this.#call(() => providers[type].update(id, onWire(olds), onWire(news)));
  }

  delete(type: ResourceType, id: string, outputs: Properties) {
    return this.#call(() => providers[type].delete(id, onWire(outputs)));
  }

  /** `kill -9`: what it asked of Cockpit before goes on there, it asks nothing more, and nobody gets an answer of it. */
  kill(): void {
    this.isDead = true;
    this.#die(new ProcessDied());
    void this.#end();
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#underWay);
    await this.#end();
  }

  #end(): Promise<void> {
    return (this.#closed ??= this.#process.close());
  }

  async #call<Value>(work: () => Promise<Value>): Promise<Value> {
    if (this.isDead) {
      throw new ProcessDied();
    }
    called = this.#process.context;
    let result: Promise<Value>;
    try {
      result = work();
    } finally {
      called = undefined;
    }
    this.#underWay.add(result);
    result.catch(() => undefined).finally(() => this.#underWay.delete(result));
    return onWire(await Promise.race([result, this.#death]));
  }
}
