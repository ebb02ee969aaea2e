import type { Typed, World } from "./world";
import type { Properties } from "../../../provider/framework/values";
import { readConfirmation } from "../../../provider/config/settings";
import { isOfGroup, keyOf, type Declaration } from "../../support/model-engine/resource-state";
import type { Failure } from "../../support/model-engine/step-log";
import { companyOf, holderOf } from "../cockpit/environments";
import { without } from "../generators/plans";
import { isOfType, type LiveGroup } from "../cockpit/live-groups";
import { confirmationsIn, variableIn } from "../../support/confirmation";
import { hasCode } from "../../support/codes";

const takenIds = ["id-declared-twice", "id-of-deleted-group", "id-of-hidden-group"] as const;

/** Follows each message to the letter and does nothing else. Variables that it sets stay set in later runs. */
export class Operator {
  #adopt: string[] = [];
  readonly #confirm: Typed = new Map();
  /** Declared as it is for a while, to take it over first. */
  readonly #postponed = new Map<Declaration, Properties>();

  constructor(private readonly world: World) {}

  get adopts(): readonly string[] {
    return [...this.#adopt, ...this.world.leftSet.adopt];
  }

  /** The preview can't know the id of what is taken over, nor that it may be the one that others have been given. */
  get takesOver(): boolean {
    return this.adopts.length > 0;
  }

  /**
   * Whether somebody has typed back, for this run or as it was left set for the group as it is still, its id, its name or its
   * solution's and its own. Its code is this group's alone, however many have its name.
   */
  confirms(group: LiveGroup, solutions: readonly LiveGroup[]): boolean {
    const left = [...this.world.leftSet.confirm].filter(([, live]) =>
      live.some(({ id, rev }) => id === group.id && rev === group.rev),
    );
    const ways = [group.id, group.name, ...solutions.map(({ name }) => `${name}/${group.name}`)];
    return [...this.#confirm, ...left].some(([value]) => {
      const { name, code } = readConfirmation(value);
      return code !== undefined && ways.includes(name);
    });
  }

  types(value: string): void {
    this.#confirm.set(value, this.world.live());
  }

  /** With what somebody left set before. */
  variables(): Record<string, string> {
    const { leftSet, leavesSet = [] } = this.world;
    const adopt = [...new Set([...leftSet.adopt, ...this.#adopt])];
    const confirm = [...new Set([...leftSet.confirm.keys(), ...this.#confirm.keys()])];
    if (leavesSet.includes("adopt")) {
      adopt.forEach((id) => leftSet.adopt.add(id));
    }
    if (leavesSet.includes("confirm")) {
      this.#confirm.forEach((live, value) => leftSet.confirm.set(value, live));
    }
    return {
      ...(adopt.length === 0 ? {} : { COCKPIT_ADOPT: asVariable(adopt) }),
      ...(confirm.length === 0 ? {} : { COCKPIT_CONFIRM_DELETE: asVariable(confirm) }),
    };
  }

  /** Puts back what was declared otherwise only to take it over; true where there was something. */
  resume(): boolean {
    const resumed = [...this.#postponed].filter(([declaration]) =>
      this.world.state.some((resource) => keyOf(resource) === keyOf(declaration)),
    );
    for (const [declaration, args] of resumed) {
      declaration.args = args;
      this.#postponed.delete(declaration);
      // What was typed to take it over was for that run.
      this.#adopt = [];
    }
    return resumed.length > 0;
  }

  /** Does what a message says; undefined: it says nothing that could be done but to try again. */
  async follow({ resource, message }: Failure): Promise<"refresh" | "run again" | undefined> {
    const declaration = this.world.program.declarations.find((each) => keyOf(each) === resource);
    this.#adopt = [];
    if (message.includes("aliases: [{ name:") && this.#giveAlias(resource, declaration)) {
      this.#leave(message);
      return "run again";
    }
    if (declaration && hasCode(message, "adoption-mismatch")) {
      return this.#declareAsItIs(declaration, /\(id ([\w-]+)/.exec(message)?.[1] ?? "");
    }
    if (declaration && hasCode(message, "replaced-under-same-id")) {
      const id = /\(id ([\w-]+)/.exec(message)?.[1];
      if (declaration.deleteBeforeReplace && id !== undefined && message.includes("declare it as it is")) {
        return this.#declareAsItIs(declaration, id);
      }
      return declaration.args["groupId"] === undefined || this.#inputsOf(declaration)["hardDelete"] === true
        ? this.#deleteFirst(declaration)
        : this.#chooseAnotherId(declaration);
    }
    if (declaration && hasCode(message, "transfer-token-required", "transfer-token-unusable")) {
      return this.#getToken(declaration);
    }
    if (declaration && hasCode(message, "transfer-with-replacement")) {
      return this.#doOneOfTwo(declaration);
    }
    if (declaration && hasCode(message, "option-refused")) {
      declaration.deletedWith = undefined;
      return "run again";
    }
    if (declaration && /Duplicate resource alias/.test(message)) {
      declaration.aliases = undefined;
      const others = this.world.program.declarations.filter(({ aliases }) => aliases?.includes(resource));
      others.forEach((other) => (other.aliases = undefined));
      return "run again";
    }
    const astray = hasCode(message, "transferred-elsewhere")
      ? /\(id ([\w-]+)/.exec(message)
      : /The group ([\w-]+) is not within your env/.exec(message);
    if (astray) {
      return this.#bringBack(astray[1] ?? "");
    }
    if (/run pulumi refresh/i.test(message) || hasCode(message, "parent-not-found")) {
      return "refresh";
    }
    const toAdopt = idsToAdopt(message);
    if (toAdopt.length > 0 && declaration) {
      return this.#takeOver(declaration, toAdopt, message);
    }
    if (declaration && hasCode(message, "already-managed", "name-exists")) {
      return this.#chooseAnotherId(declaration);
    }
    if (message.includes("COCKPIT_CONFIRM_DELETE=")) {
      confirmationsIn(message).forEach((typed) => this.types(typed));
      return "run again";
    }
    if (declaration && hasCode(message, ...takenIds)) {
      return this.#chooseAnotherId(declaration);
    }
    if (message.includes("`pulumi state delete`") && this.#forget(resource)) {
      return "run again";
    }
    if (declaration && hasCode(message, "protected")) {
      return this.#liftFirst(declaration);
    }
    if (message.includes("still has children")) {
      // Whoever works in Cockpit itself waits until it works.
      this.world.clearFaults();
      for (const { id } of this.#unmanagedIn(/The group ([\w-]+) still/.exec(message)?.[1] ?? "")) {
        await this.world.manualChanges.delete(id);
      }
      return "run again";
    }
    return undefined;
  }

  async #getToken(declaration: Declaration): Promise<"run again"> {
    if (declaration.token !== undefined) {
      this.world.program.renewToken(declaration);
      return "run again";
    }
    // Whoever works in Cockpit itself waits until it works.
    this.world.clearFaults();
    const { environment } = declaration.args;
    const transferToken = await this.world.tokens.issue("fresh", companyOf(environment));
    declaration.args = { ...declaration.args, transferToken };
    return "run again";
  }

  /** What would replace it waits; where it is gone already, the transfer. */
  #doOneOfTwo(declaration: Declaration): "run again" {
    const before = this.#inputsOf(declaration);
    const { environment, transferToken } = declaration.args;
    const isGone = this.world.state.some(
      (resource) => resource.isPendingReplacement && keyOf(resource) === keyOf(declaration),
    );
    const { environment: placeBefore } = before;
    this.#postpone(
      declaration,
      isGone ? { ...declaration.args, environment: placeBefore } : { ...before, environment, transferToken },
    );
    return "run again";
  }

  /** From an environment that nobody has configured: its administrator does it. */
  async #bringBack(id: string): Promise<"run again" | undefined> {
    const { world } = this;
    const group = world.liveById(id);
    if (!group || holderOf(world.emulator, group) !== "other") {
      return undefined;
    }
    world.clearFaults();
    const owner = world.state.find(
      (each) => each.type === "Solution" && [id, group.superGroup].includes(each.id),
    );
    const declaration = world.program.declarations.find((each) => owner && keyOf(each) === keyOf(owner));
    await world.manualChanges.transfer(group, companyOf(declaration?.args["environment"]));
    return "run again";
  }

  /** What was declared when it was created or changed the last time. */
  #inputsOf(declaration: Declaration): Properties {
    const before = this.world.state.find((resource) => keyOf(resource) === keyOf(declaration));
    const notDeclared = ["__provider", "__identity", "__parents", "solutionId", "specId"];
    return without(before?.inputs ?? {}, notDeclared);
  }

  #postpone(declaration: Declaration, meanwhile: Properties): void {
    this.#postponed.set(declaration, this.#postponed.get(declaration) ?? declaration.args);
    declaration.args = without(meanwhile, []);
  }

  /** The last of what is typed is what the message is about. */
  #takeOver(declaration: Declaration, typed: readonly string[], message: string): "run again" {
    const { world } = this;
    const id = typed.at(-1) ?? "";
    const group = world.liveById(id);
    // What was replaced, or deleted to be replaced, may come back.
    const owner = world.state.find(
      (resource) => resource.id === id && !resource.isPendingReplacement && !resource.isMarkedForDeletion,
    );
    const isOfItsType = group && isOfGroup(declaration) && isOfType(group, declaration.type);
    const isElsewhere =
      hasCode(message, "already-exists-different") && /\b(solutionId|environment): "/.test(message);
    const isAnothers = owner && keyOf(owner) !== keyOf(declaration);
    if (world.manualChanges.created.has(id) || !isOfItsType || isElsewhere || isAnothers) {
      return this.#chooseAnotherId(declaration);
    }
    if (owner && hasCode(message, "name-exists")) {
      // A replacement that was forced can't be told from a creation.
      return this.#chooseAnotherId(declaration);
    }
    if (owner && keyOf(owner) === keyOf(declaration)) {
      return this.#deleteFirst(declaration);
    }
    if (hasCode(message, "already-exists-different")) {
      return this.#declareAsItIs(declaration, id);
    }
    this.#adopt = [...typed];
    return "run again";
  }

  #deleteFirst(declaration: Declaration): "run again" {
    if (declaration.retainOnDelete && declaration.deleteBeforeReplace) {
      // What the engine only forgets stays in the way of its own replacement.
      return this.#chooseAnotherId(declaration);
    }
    declaration.deleteBeforeReplace = true;
    return "run again";
  }

  /** To take it over, and to change it afterwards. */
  #declareAsItIs(declaration: Declaration, id: string): "run again" {
    const { args } = declaration;
    const { applicationId, servers = [], name } = this.world.liveById(id) ?? {};
    this.#postpone(declaration, {
      ...args,
      name,
      ...(args["applicationId"] === undefined ? {} : { applicationId }),
      ...(args["cluster"] === undefined ? {} : { cluster: servers[0] }),
    });
    this.#adopt = [id];
    return "run again";
  }

  /** What a message says of what is in the way of a creation that is not wanted any more. */
  #leave(message: string): void {
    const known = new Set(this.world.state.map(({ id }) => id));
    const inTheWay = idsToAdopt(message).filter((id) => !known.has(id));
    if (message.includes("managed by nobody")) {
      inTheWay.forEach((id) => this.world.orphans.giveUp(id));
    }
  }

  /** Whoever has renamed or moved something knows what it was, be it said of the new resource or of the old one. */
  #giveAlias(resource: string, declaration: Declaration | undefined): boolean {
    const { program } = this.world;
    const moved = declaration ?? program.movedFrom.get(resource);
    return moved !== undefined && program.giveAlias(moved);
  }

  #chooseAnotherId(declaration: Declaration): "run again" {
    const groupId = `another-${declaration.type.toLowerCase()}-${this.world.chosenIds++}`;
    declaration.args = { ...declaration.args, groupId };
    return "run again";
  }

  /** `pulumi state delete` of what is not in Cockpit any more; false where it still is. */
  #forget(key: string): boolean {
    const { engine } = this.world;
    const [gone, other] = this.world.state.filter((resource) => keyOf(resource) === key);
    if (!gone || other || this.world.liveById(gone.id)) {
      return false;
    }
    engine.import(engine.state.filter((resource) => resource !== gone));
    return true;
  }

  /** What has to wait until the protection is lifted waits. */
  #liftFirst(declaration: Declaration): "run again" {
    const wanted = this.#postponed.get(declaration) ?? declaration.args;
    this.#postponed.set(declaration, { ...wanted, deletionProtection: false });
    this.#postpone(declaration, { ...this.#inputsOf(declaration), deletionProtection: false });
    return "run again";
  }

  /** What hands made, and what was interrupted while it was created. */
  #unmanagedIn(solutionId: string) {
    const { world } = this;
    return world
      .live()
      .filter(({ superGroup }) => superGroup === solutionId)
      .filter(
        ({ id }) => !world.state.some((resource) => resource.id === id && !resource.isPendingReplacement),
      );
  }
}

function idsToAdopt(message: string): string[] {
  const typed = variableIn("COCKPIT_ADOPT", message);
  return typed?.startsWith("[") ? (JSON.parse(typed) as string[]) : typed === undefined ? [] : [typed];
}

/** One value as it is written, several, and what would look like several, as a JSON array. */
function asVariable(values: readonly string[]): string {
  const [first = ""] = values;
  return values.length === 1 && !first.startsWith("[") ? first : JSON.stringify(values);
}
