import { type LiveGroup, liveGroups } from "../cockpit/live-groups";
import { startEmulator, type Emulator, type Fault } from "../../../emulator";
import { companies, seedOfCompanies } from "../../support/environments";
import { ModelEngine, type Outcome } from "../../support/model-engine/model-engine";
import { FastClock, ProviderProcess } from "../../support/model-engine/provider-process";
import { keyOf, type ResourceState } from "../../support/model-engine/resource-state";
import { companyOf, settingsOf, type Setting } from "../cockpit/environments";
import { ManualChanges } from "./manual-changes";
import { nth } from "../generators/picking";
import type { Edit } from "../generators/edits";
import type { Program } from "../generators/program";
import type { Sequence } from "../generators/sequences";
import { faultKinds, faultTargets, type InjectedFault } from "../generators/faults";
import { Orphans } from "../cockpit/orphans";

import { isManuallyIssued, Tokens } from "../cockpit/tokens";

interface PlannedKill {
  matches: (method: string, path: string) => boolean;
  isAfter: boolean;
  left: number;
}

/** One Cockpit, one stack, one program, and somebody who works in Cockpit itself. */
export class World {
  readonly manualChanges: ManualChanges;
  readonly history: string[] = [];
  readonly orphans: Orphans;
  /** As whoever runs the engine types it. */
  password: string;
  readonly tokens: Tokens;
  /** Groups that are not where they were created. */
  readonly moved = new Set<string>();
  /** Since the run began: transfers that were asked for where nothing was left to transfer. */
  needlessTransfers: string[] = [];
  /** How many ids somebody has chosen because a message said so. */
  chosenIds = 0;
  /** What was typed once and is never taken back. */
  readonly leftSet = { adopt: new Set<string>(), confirm: new Map() as Typed };
  /** All that was said, in any run. */
  readonly said: string[] = [];
  /** Each run's state, in this project. */
  #states: (readonly ResourceState[])[] = [];
  /** By their projects. */
  readonly #engines = new Map<string, ModelEngine>();
  #process: ProviderProcess | undefined;
  #kill: PlannedKill | undefined;

  private constructor(
    readonly emulator: Emulator,
    readonly clock: FastClock,
    /** What the emulator itself got wrong. */
    readonly emulatorFailures: readonly string[],
    readonly program: Program,
    private readonly setting: Setting,
    readonly leavesSet: Sequence["leavesSet"] = [],
  ) {
    this.password = emulator.password;
    this.tokens = new Tokens(emulator, clock);
    this.manualChanges = new ManualChanges(emulator);
    this.orphans = new Orphans(program.declarations, this.moved);
  }

  get engine(): ModelEngine {
    return this.#engineOf(this.program.project);
  }

  /** Of the stacks of other projects. */
  get otherStates(): readonly ResourceState[] {
    return [...this.#engines]
      .filter(([project]) => project !== this.program.project)
      .flatMap(([, { state }]) => state);
  }

  #engineOf(project: string): ModelEngine {
    const known = this.#engines.get(project);
    const engine =
      known ??
      new ModelEngine(
        { project, stack: "test" },
        (variables) => (this.#process = this.newProcess(variables)),
      );
    this.#engines.set(project, engine);
    return engine;
  }

  static async start(
    program: Program,
    { setting = "one environment", leavesSet }: Pick<Sequence, "setting" | "leavesSet"> = {},
  ): Promise<World> {
    const clock = new FastClock();
    const log: string[] = [];
    let world: World | undefined;
    const emulator = await startEmulator({
      seed: seedOfCompanies,
      now: clock.now,
      log: (line) => void log.push(line),
      onRequest: (request) => world?.onRequest(request),
    });
    return (world = new World(emulator, clock, log, program, setting, leavesSet));
  }

  async close(): Promise<void> {
    await this.emulator.close();
  }

  newProcess(variables: Readonly<Record<string, string>>): ProviderProcess {
    const { emulator, password } = this;
    const { url, gatewayUrl, username } = emulator;
    const more = settingsOf(emulator, this.setting);
    return new ProviderProcess({ url, gatewayUrl, username, password, more }, this.clock, variables);
  }

  async edit(edit: Edit): Promise<void> {
    if (edit.edit === "transfer") {
      const { to, token } = edit;
      const issued = isManuallyIssued(token) ? await this.tokens.issue(token, companyOf(to)) : undefined;
      this.program.transfer(edit, issued);
      return;
    }
    const before = this.engine;
    this.program.change(edit, (key) => this.state.some((resource) => keyOf(resource) === key));
    if (edit.edit === "rename project") {
      this.#states = [];
      if (edit.keepsState) {
        this.#importAndLeave(before.state);
        before.import([]);
      }
    }
  }

  keepState(): void {
    this.#states.push(this.engine.state);
  }

  /** `pulumi stack import` of what a run left. */
  importState(at: number): void {
    const state = nth(this.#states, at);
    if (state) {
      this.#importAndLeave(state);
    }
  }

  /** What only the state in its place knew nobody manages any more. */
  #importAndLeave(state: readonly ResourceState[]): void {
    const ids = new Set(state.map(({ id }) => id));
    this.state.filter(({ id }) => !ids.has(id)).forEach(({ id }) => this.orphans.leave(id));
    this.engine.import(state);
    // What somebody created manually under an id of that state is the program's again.
    ids.forEach((id) => this.manualChanges.forget(id));
  }

  /** Of solutions and databases. */
  get state(): readonly ResourceState[] {
    return this.engine.state.filter(({ type }) => type !== "TransferToken");
  }

  /** Nobody but the program and its engine may know them. */
  get secrets(): string[] {
    const passwords = Object.values(companies).map(({ password }) => password);
    const issued = this.engine.state.flatMap(({ outputs }) => outputs["token"] ?? []);
    return [...passwords, ...this.tokens.values, ...issued.map(String)];
  }

  live(): LiveGroup[] {
    return liveGroups(this.emulator);
  }

  liveById(id: string): LiveGroup | undefined {
    return this.live().find((group) => group.id === id);
  }

  /** Databases made manually that have another Project ID than their solution. */
  hasOrphans(): boolean {
    const live = this.live();
    return live.some(({ id, superGroup, applicationId }) => {
      const solution = live.find((each) => each.id === superGroup);
      return (
        this.manualChanges.created.has(id) &&
        solution !== undefined &&
        solution.applicationId !== applicationId
      );
    });
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
      this.said.push(...failures.map(({ message }) => message), ...warnings);
      this.history.push(
        `    ${steps.map(({ op, resource }) => `${op} ${resource}`).join(", ") || "no steps"}${wasKilled ? " ☠" : ""}`,
        ...failures.map(({ resource, message }) => `    ✗ ${resource}: ${message}`),
        ...warnings.map((message) => `    ! ${message}`),
      );
    }
  }

  noteMoves(before: readonly LiveGroup[]): void {
    const deleted = this.deletionsAsked();
    for (const { id, superGroup } of before) {
      if (!deleted.has(id) && (this.liveById(id)?.superGroup ?? superGroup) !== superGroup) {
        this.moved.add(id);
      }
    }
  }

  noteOrphans(before: readonly LiveGroup[], outcome: Outcome): void {
    const deleted = this.deletionsAsked();
    // An id may come back in the run in which it went.
    const untouched = before.filter(({ id }) => !deleted.has(id));
    this.orphans.note(untouched, this.live(), this.state, outcome);
  }

  /** From now on, until `calm`. */
  injectFault(injected: InjectedFault): void {
    const target: { method?: string; path: string | { readonly regex: string } } =
      faultTargets[injected.target];
    if (injected.kind === "kill") {
      const matches = (method: string, path: string) =>
        (target.method ?? method) === method &&
        !path.includes("/auth/") &&
        (typeof target.path === "string" || new RegExp(target.path.regex).test(path));
      this.#kill = { matches, isAfter: injected.isAfter, left: injected.nth };
      return;
    }
    const { action, ...when }: { action: unknown; isAfterOnly?: true; isBeforeOnly?: true } =
      faultKinds[injected.fault];
    const isAfter = when.isAfterOnly ?? (when.isBeforeOnly ? false : injected.isAfter);
    this.emulator.addFault({
      ...target,
      after: injected.skip,
      phase: isAfter ? "after" : "before",
      action: action as Fault["action"],
      ...(injected.times === undefined ? {} : { times: injected.times }),
    });
  }

  clearFaults(): void {
    this.#kill = undefined;
    this.emulator.clearFaults();
  }

  private onRequest({ method, path }: { method: string; path: string }): void {
    const [, asked = ""] = (method === "POST" && /\/group\/([^/]+)\/transfer$/.exec(path)) || [];
    if (asked !== "" && this.program.isWhereDeclared(this.state, this.liveById(asked))) {
      this.needlessTransfers.push(asked);
    }
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
}

/** What somebody has typed, with what was there then. */
export type Typed = Map<string, readonly LiveGroup[]>;
