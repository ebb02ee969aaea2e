import { startEmulator, type Emulator, type Fault, type Group } from "../../emulator";
import { ModelEngine, keyOf, type Outcome, type ResourceState } from "./model-engine";
import { FastClock, ProviderProcess } from "./provider-process";
import { faultKinds, faultTargets, nth, type HandAction, type Program, type Trouble } from "./sequences";

export type LiveGroup = Partial<Group> & { id: string; name: string };
type Property = NonNullable<Group["properties"]>[number];

/** What holds always did not hold. */
export class Violation extends Error {}

/** One Cockpit, one stack, one program, and a record of what was done by hand. */
export class World {
  readonly engine: ModelEngine;
  readonly history: string[] = [];
  /** Groups that somebody made in Cockpit, with the revision that they must keep. */
  readonly handMade = new Map<string, string>();
  /** Properties that somebody set in Cockpit and no program declares: group → key → value. */
  readonly foreign = new Map<string, Map<string, string>>();
  /** Groups of creations whose outcome the state does not know. */
  readonly mayBeOrphans = new Set<string>();
  /** In place of the right one. */
  typedPassword: string | undefined;
  readonly #log: string[];
  #process: ProviderProcess | undefined;
  #kill: { matches: (method: string, path: string) => boolean; isAfter: boolean; left: number } | undefined;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: FastClock,
    log: string[],
    readonly program: Program,
  ) {
    this.#log = log;
    this.engine = new ModelEngine({ project: "properties", stack: "test" }, (variables) => {
      const { url, username, password } = emulator;
      const login = { url, username, password: this.typedPassword ?? password };
      return (this.#process = new ProviderProcess(login, clock, variables));
    });
  }

  static async start(program: Program): Promise<World> {
    const clock = new FastClock();
    const log: string[] = [];
    let world: World | undefined;
    const emulator = await startEmulator({
      now: clock.now,
      log: (line) => void log.push(line),
      onRequest: (request) => world?.onRequest(request),
    });
    return (world = new World(emulator, clock, log, program));
  }

  async close(): Promise<void> {
    await this.emulator.close();
  }

  get state(): readonly ResourceState[] {
    return this.engine.state;
  }

  /** What the emulator itself got wrong. */
  get emulatorFailures(): readonly string[] {
    return this.#log;
  }

  /** Every solution and database that is not deleted. */
  live(): LiveGroup[] {
    return this.emulator
      .groups()
      .filter(({ id, deletionDate }) => deletionDate === undefined && id !== this.emulator.environmentId)
      .map((group) => ({ ...group, id: group.id ?? "", name: group.name ?? "" }));
  }

  liveById(id: string): LiveGroup | undefined {
    return this.live().find((group) => group.id === id);
  }

  /** Anything but reading and logging in, since the requests were cleared. */
  writes(): string[] {
    return this.emulator
      .requests()
      .filter(({ method, path }) => method !== "GET" && !/\/auth\/(login|refresh)$/.test(path))
      .map(({ method, path }) => `${method} ${path}`);
  }

  /** What Cockpit was asked to delete since the requests were cleared, whatever became of it. */
  deletionsAsked(): Set<string> {
    return new Set(
      this.emulator
        .requests()
        .filter(({ method }) => method === "DELETE")
        .flatMap(({ path }) => /\/group\/(?:hard\/)?([\w-]+)$/.exec(path)?.[1] ?? []),
    );
  }

  note(line: string, outcome?: Outcome): void {
    this.history.push(line);
    if (outcome) {
      const { steps, failures, wasKilled, warnings } = outcome;
      this.history.push(
        `    ${steps.map(({ op, resource }) => `${op} ${resource}`).join(", ") || "no steps"}${wasKilled ? " ☠" : ""}`,
        ...failures.map(({ resource, message }) => `    ✗ ${resource}: ${message}`),
        ...warnings.map((message) => `    ! ${message}`),
      );
    }
  }

  /** Everything that is known, for whoever reads about a violation. */
  describe(): string {
    const program = this.program.declarations.map(
      ({ args, ...declaration }) => `  ${JSON.stringify({ ...declaration, ...args })}`,
    );
    const state = this.state.map(
      ({ id, isCondemned, isPendingReplacement, initErrors, outputs, ...resource }) =>
        `  ${keyOf(resource)} ${id}${isCondemned ? " condemned" : ""}${isPendingReplacement ? " pending replacement" : ""}` +
        `${initErrors.length > 0 ? " incomplete" : ""} ${JSON.stringify({ ...outputs, __provider: undefined })}`,
    );
    const groups = this.emulator
      .groups()
      .map(
        ({ id, name, superGroup, servers, deletionDate, properties }) =>
          `  ${id} ${JSON.stringify({ name, superGroup, servers, properties })}${deletionDate === undefined ? "" : " deleted"}${this.handMade.has(id ?? "") ? " made by hand" : ""}`,
      );
    return [
      "history:",
      ...this.history,
      "program:",
      ...program,
      "state:",
      ...state,
      "Cockpit:",
      ...groups,
    ].join("\n");
  }

  /** A creation that was cut off, or whose answer nobody could read, leaves a group that the state does not know. */
  noteOrphans(before: readonly LiveGroup[], outcome: Outcome): void {
    if (outcome.wasKilled || outcome.failures.length > 0) {
      const known = new Set([...before, ...this.state].map(({ id }) => id));
      this.live()
        .filter(({ id }) => !known.has(id))
        .forEach(({ id }) => this.mayBeOrphans.add(id));
    }
  }

  /** From now on, until `calm`. */
  disturb(trouble: Trouble): void {
    const target: { method?: string; path: string | { readonly regex: string } } =
      faultTargets[trouble.target];
    if (trouble.trouble === "kill") {
      const matches = (method: string, path: string) =>
        (target.method ?? method) === method &&
        !path.includes("/auth/") &&
        (typeof target.path === "string" || new RegExp(target.path.regex).test(path));
      this.#kill = { matches, isAfter: trouble.isAfter, left: trouble.nth };
      return;
    }
    const { action, ...when }: { action: unknown; isAfterOnly?: true; isBeforeOnly?: true } =
      faultKinds[trouble.fault];
    const isAfter = when.isAfterOnly ?? (when.isBeforeOnly ? false : trouble.isAfter);
    this.emulator.addFault({
      ...target,
      after: trouble.skip,
      phase: isAfter ? "after" : "before",
      action: action as Fault["action"],
      ...(trouble.times === undefined ? {} : { times: trouble.times }),
    });
  }

  calm(): void {
    this.#kill = undefined;
    this.emulator.clearFaults();
  }

  async byHand(action: HandAction): Promise<void> {
    const live = this.live();
    if (action.hand === "make solution") {
      return this.#make(
        `group/${action.id}/application`,
        action.id,
        action.name,
        this.emulator.environmentId,
      );
    }
    if (action.hand === "make database") {
      const solution = nth(
        live.filter(({ tags }) => tags?.some(({ code }) => code === "app")),
        action.at,
      );
      return solution && this.#make(`group/${action.id}/database`, action.id, action.name, solution.id);
    }
    const group = nth(live, action.at);
    if (!group) {
      return;
    }
    switch (action.hand) {
      case "rename":
        await this.ask("PUT", `group/${group.id}/name/${encodeURIComponent(action.name)}`);
        break;
      case "set property":
        await this.#setProperties(group.id, [
          ...without(group.properties ?? [], action.key),
          textProperty(action.key, action.value),
        ]);
        break;
      case "set foreign property": {
        await this.#setProperties(group.id, [
          ...without(group.properties ?? [], action.key),
          textProperty(action.key, action.value),
        ]);
        const known = this.foreign.get(group.id) ?? new Map<string, string>();
        this.foreign.set(group.id, known.set(action.key, action.value));
        break;
      }
      case "drop properties":
        await this.#setProperties(
          group.id,
          (group.properties ?? []).filter(({ type }) => isKept(type?.identifier)),
        );
        this.foreign.delete(group.id);
        break;
      case "delete":
        await this.deleteByHand(group.id);
        return;
    }
    this.#recordHandMade();
  }

  async deleteByHand(id: string): Promise<void> {
    await this.ask("DELETE", `group/${id}`);
    const live = new Set(this.live().map((group) => group.id));
    for (const made of [...this.handMade.keys()].filter((each) => !live.has(each))) {
      this.handMade.delete(made);
    }
  }

  onRequest({ method, path }: { method: string; path: string }): void {
    const kill = this.#kill;
    if (!kill || !kill.matches(method, path) || --kill.left > 0) {
      return;
    }
    this.#kill = undefined;
    this.#process?.kill();
    this.emulator.addFault({
      method,
      path: { regex: `^${path.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")}$` },
      phase: kill.isAfter ? "after" : "before",
      times: 1,
      action: { drop: true },
    });
  }

  async #make(path: string, id: string, name: string, superGroup: string): Promise<void> {
    if (this.emulator.groups().some((group) => group.id === id)) {
      return;
    }
    await this.ask("POST", `${path}?${new URLSearchParams({ name, superGroup }).toString()}`);
    this.handMade.set(id, this.liveById(id)?.rev ?? "");
  }

  #setProperties(id: string, properties: readonly Property[]): Promise<void> {
    return this.ask("PUT", `group/${id}/properties`, { properties });
  }

  /** What hands did to what hands made is as it should be. */
  #recordHandMade(): void {
    for (const { id, rev } of this.live()) {
      if (this.handMade.has(id)) {
        this.handMade.set(id, rev ?? "");
      }
    }
  }

  /** What somebody does in Cockpit itself. */
  async ask(method: string, path: string, body?: unknown): Promise<void> {
    const { url, username, password } = this.emulator;
    const response = await fetch(`${url}/rest/v2/${path}`, {
      method,
      headers: {
        authorization: `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`,
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const answer = await response.text();
    if (!response.ok) {
      throw new Error(`${method} ${path} by hand: ${response.status} ${answer}`);
    }
  }
}

/** Nobody clears away by hand what Cockpit and the provider keep for themselves. */
function isKept(key: string | undefined): boolean {
  return key !== undefined && (key.startsWith("com.icure.") || key.startsWith("pulumi-cockpit."));
}

function without(properties: readonly Property[], key: string): Property[] {
  return properties.filter(({ type }) => type?.identifier !== key);
}

function textProperty(identifier: string, stringValue: string): Property {
  return { type: { identifier, type: "STRING" }, typedValue: { type: "STRING", stringValue } };
}
