import { CockpitError } from "../errors";
import { engineAddress, messagesThrough } from "../host/engine";
import { currentOperation, inOperation, limitOf } from "../framework/operation";
import type { Resource } from "../framework/resource";
import type { ResourceName } from "../framework/identity";
import { announceRunVariables } from "../runtime/confirmation";
import type { Context } from "../runtime/context";
import { readable } from "../framework/readable";
import { createContext } from "../runtime/create-context";
import * as definitions from "../resources";
import { lookupsOf, type ProviderArguments } from "./configuration";

const resources = new Map<string, Resource<Context>>(
  Object.values(definitions).map((resource) => [`cockpit:index:${resource.type}`, resource]),
);

/** A resource as the engine names it. */
export interface Addressed {
  urn: string;
  resource: Resource<Context>;
  name: ResourceName;
}

type Messages = ReturnType<typeof messagesThrough>;

/** The state of one provider of a program: its configuration, and whether the engine has cancelled it. */
export class Session {
  #given: ProviderArguments = { values: {}, areExplicit: false };
  /** Made when the first resource needs it. */
  #context: Context | undefined;
  #messages: Messages | undefined;
  #isCancelled = false;
  /** A provider may have come to resources that another one, or another configuration, has made elsewhere. */
  mayBeElsewhere = false;
  engineAddress = "";
  /** Resources that were read without a state, so that what Cockpit doesn't give back is missing from their inputs. */
  readonly imported = new Set<string>();

  constructor(private readonly environment: (name: string) => string | undefined) {}

  /** The engine that calls from now on. */
  attach(address: string): void {
    this.close();
    this.engineAddress = address;
    const engine = engineAddress(address);
    this.#messages = engine && messagesThrough(engine);
    this.#isCancelled = false;
  }

  /** Lets go of the engine, which would keep the process alive. */
  close(): void {
    this.#messages?.close();
    this.#messages = undefined;
  }

  configure(given: ProviderArguments): void {
    this.#isCancelled = false;
    this.#given = given;
    this.#context = undefined;
  }

  /** Finishes running operations and starts no more. */
  cancel(): void {
    this.#isCancelled = true;
  }

  get context(): Context {
    this.#context ??= this.#contextFor(this.#given);
    return this.#context;
  }

  resource(token: string): Resource<Context> {
    const resource = resources.get(token);
    if (!resource) {
      throw new CockpitError({
        code: "unknown-type",
        what: `there is no resource ${token}; there are ${[...resources.keys()].join(", ")}`,
      });
    }
    return resource;
  }

  address(urn: string): Addressed {
    const [prefix = "", project = "", qualifiedType = "", ...rest] = urn.split("::");
    const types = qualifiedType.split("$");
    const type = types.pop() ?? "";
    const parents = types.length === 0 ? {} : { parents: types.join("$") };
    const resource = this.resource(type);
    const stack = prefix.slice("urn:pulumi:".length);
    return { urn, resource, name: { project, stack, ...parents, name: rest.join("::") } };
  }

  /** Does what the engine asks of one resource, within the time that the program allows for it. */
  operate<Result>(urn: string, timeoutSeconds: number, work: () => Promise<Result>): Promise<Result> {
    if (this.#isCancelled) {
      return Promise.reject(
        new CockpitError({
          code: "cancelled",
          what: "the run was cancelled before this was begun. Nothing was sent.",
        }),
      );
    }
    const limit = limitOf(timeoutSeconds);
    return inOperation({ urn, ...(limit ? { limit } : {}) }, work);
  }

  warn(message: string): void {
    this.#say("warn", readable(message));
  }

  #contextFor(given: ProviderArguments): Context {
    const context = createContext({
      ...lookupsOf(given, this.environment),
      warn: (message) => this.#say("warn", message),
      inform: (message) => this.#say("inform", message),
    });
    announceRunVariables(context);
    return context;
  }

  #say(severity: "warn" | "inform", message: string): void {
    if (this.#messages) {
      this.#messages[severity](message);
      return;
    }
    // Without an engine, as in a test of this server alone.
    console.error(currentOperation() ? `${currentOperation()?.urn}: ${message}` : message);
  }
}
