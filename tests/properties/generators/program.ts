import type { Properties } from "../../../provider/framework/values";
import { companyOf, environmentIdOf, type EnvironmentKey } from "../cockpit/environments";
import {
  isOfGroup,
  keyOf,
  within,
  type Declaration,
  type GroupDeclaration,
  type ResourceKey,
  type ResourceState,
} from "../../support/model-engine/resource-state";
import type { LiveGroup } from "../cockpit/live-groups";
import type { Edit, Parents, TransferEdit } from "./edits";
import { nth } from "./picking";
import type { Sequence } from "./sequences";
import { without, type DatabasePlan, type SolutionPlan } from "./plans";

/** Whether the state has a resource of this key. */
type InState = (key: string) => boolean;

/** The program to begin with. Logical names are numbered, so that they are unique among resources of one type, but for twins. */
export class Program {
  readonly declarations: Declaration[] = [];
  /** In Pulumi.yaml. */
  project = "properties";
  /** Of the declared ones that the engine takes for others since: by the key that they had. */
  readonly movedFrom = new Map<string, Declaration>();
  readonly #givenUp: Declaration[] = [];
  #triggers = 0;
  readonly #counts = { Solution: 0, Database: 0 };

  constructor({ solutions, databases }: Pick<Sequence, "solutions" | "databases">) {
    solutions.forEach((plan) => this.#addSolution(plan));
    databases.forEach((plan) => this.#addDatabase(plan));
  }

  /** Solutions and databases. */
  get groups(): GroupDeclaration[] {
    return this.declarations.filter(isOfGroup);
  }

  /** Another environment for a solution, and the token for that; undefined: none, or the one that is there. */
  transfer({ at, to, token }: TransferEdit, value: string | undefined): void {
    const declaration = nth(this.#solutions(), at);
    if (!declaration) {
      return;
    }
    const { args } = declaration;
    const isAsItWas = token === "as it was";
    declaration.args = { ...args, environment: to, transferToken: isAsItWas ? args["transferToken"] : value };
    if (token === "of the program" || token === "of the program, as it was") {
      declaration.token = this.#entrance(to, token === "of the program").name;
    } else if (!isAsItWas) {
      declaration.token = undefined;
    }
    declaration.args = without(declaration.args, []);
  }

  /** Has the solution's TransferToken issue another one, for where the solution is to go. */
  renewToken({ token, args }: Declaration): void {
    const entrance = this.declarations.find(({ type, name }) => type === "TransferToken" && name === token);
    if (entrance) {
      entrance.args = this.#argsOfToken(args["environment"]);
    }
  }

  #entrance(environment: EnvironmentKey | undefined, isNew: boolean): Declaration {
    const name = `entrance of ${companyOf(environment)}`;
    const known = this.declarations.find((each) => each.type === "TransferToken" && each.name === name);
    const args = known && !isNew ? known.args : this.#argsOfToken(environment);
    const entrance = known ?? { type: "TransferToken" as const, name, args };
    entrance.args = args;
    if (!known) {
      this.declarations.push(entrance);
    }
    return entrance;
  }

  #argsOfToken(environment: unknown): Properties {
    return without({ environment, triggers: { issue: this.#triggers++ } }, []);
  }

  isWhereDeclared(state: readonly ResourceState[], group: LiveGroup | undefined): boolean {
    const owner = state.find(({ id, isMarkedForDeletion }) => id === group?.id && !isMarkedForDeletion);
    const declaration = this.declarations.find((each) => owner && keyOf(each) === keyOf(owner));
    return (
      declaration !== undefined && environmentIdOf(declaration.args["environment"]) === group?.superGroup
    );
  }

  change(edit: Exclude<Edit, TransferEdit>, isInState: InState): void {
    if (edit.edit === "add solution") {
      this.#addSolution(edit);
    } else if (edit.edit === "add database") {
      this.#addDatabase(edit);
    } else if (edit.edit === "rename project") {
      this.project = this.project === "properties" ? "renamed" : "properties";
    } else if (edit.edit === "reuse") {
      this.#reuse(edit, isInState);
    } else {
      this.#changeOne(edit, nth(this.groups, edit.at), isInState);
    }
  }

  /** Tells the engine by an alias what it takes for another one; false: it needs none. */
  giveAlias(declaration: Declaration): boolean {
    const before = [...this.movedFrom]
      .filter(
        ([key, moved]) => moved === declaration && !this.declarations.some((each) => keyOf(each) === key),
      )
      .map(([key]) => key)
      .reverse();
    this.#forgetMoves(declaration);
    if (before.length > 0) {
      declaration.aliases = [...before, ...(declaration.aliases ?? [])];
    }
    return before.length > 0;
  }

  /** Whether somebody still declares what was declared by this key, as what the engine takes for another one. */
  isStillDeclared(key: string, displayName: string): boolean {
    const declaration = this.movedFrom.get(key);
    return (
      declaration !== undefined &&
      this.declarations.includes(declaration) &&
      (declaration.args["name"] ?? declaration.name) === displayName
    );
  }

  #changeOne(
    edit: Exclude<
      Edit,
      TransferEdit | { edit: "add solution" | "add database" | "rename project" | "reuse" }
    >,
    declaration: GroupDeclaration | undefined,
    isInState: InState,
  ): void {
    if (!declaration) {
      return;
    }
    const { args, type } = declaration;
    switch (edit.edit) {
      case "set": {
        const { groupId, ...rest } = edit.args;
        const chosen = typeof groupId === "string" ? { groupId: `${type.toLowerCase()}-${groupId}` } : {};
        const foreign = type === "Solution" ? ["shards"] : ["applicationId"];
        declaration.args = without({ ...args, ...rest, ...chosen }, foreign);
        return;
      }
      case "omit":
        declaration.args = without(args, [edit.key]);
        return;
      case "move": {
        const solution = nth(this.#solutions(), edit.to);
        if (type === "Database" && solution) {
          const isWithin = declaration.solution && declaration.parents === within(declaration.solution);
          const parents = isWithin ? within(solution) : declaration.parents;
          const key = { ...declaration, parents };
          if (parents === declaration.parents || this.#isFree(key, isInState)) {
            this.#forgetMoves(declaration);
            declaration.solution = solution;
            declaration.parents = parents;
          }
        }
        return;
      }
      case "deleteBeforeReplace":
        declaration.deleteBeforeReplace = edit.value;
        return;
      case "option":
        declaration.retainOnDelete = edit.option === "retainOnDelete" ? true : undefined;
        declaration.deletedWith =
          edit.option === "deletedWith" && declaration.solution ? declaration.solution : undefined;
        return;
      case "twin":
        return this.#addDuplicate(declaration, edit, isInState);
      case "regroup": {
        const parents = this.#parentsOf(declaration, edit.parents);
        return this.#call(declaration, { ...declaration, parents }, edit.hasAlias, isInState);
      }
      case "rename": {
        const name = `${edit.word} ${this.#counts[type]++}`;
        return this.#call(declaration, { ...declaration, name }, edit.hasAlias, isInState);
      }
      case "remove":
        for (const gone of [declaration, ...this.#databasesOf(declaration)]) {
          this.#forgetMoves(gone);
          this.declarations.splice(this.declarations.indexOf(gone), 1);
        }
    }
  }

  #addDuplicate(
    original: Declaration,
    { parents, args }: Extract<Edit, { edit: "twin" }>,
    isInState: InState,
  ): void {
    const duplicate: Declaration = {
      type: original.type,
      name: original.name,
      parents: this.#parentsOf(original, parents),
      solution: original.solution,
      args: { ...without(original.args, ["groupId", "transferToken"]), ...without(args, []) },
    };
    if (this.#isFree(duplicate, isInState)) {
      this.movedFrom.delete(keyOf(duplicate));
      this.declarations.push(duplicate);
    }
  }

  #reuse({ at, args }: Extract<Edit, { edit: "reuse" }>, isInState: InState): void {
    const before = nth(this.#givenUp, at);
    if (
      before &&
      this.#isFree(before, isInState) &&
      (before.solution === undefined || this.declarations.includes(before.solution))
    ) {
      this.movedFrom.delete(keyOf(before));
      this.declarations.push({
        ...before,
        args: { ...without(before.args, ["groupId", "transferToken"]), ...without(args, []) },
      });
    }
  }

  /** Gives it another key, and what is declared in it. */
  #call(declaration: Declaration, now: Declaration, hasAlias: boolean, isInState: InState): void {
    const { name, parents } = now;
    const children = this.#databasesOf(declaration).filter((each) => each.parents === within(declaration));
    const keys = [now, ...children.map((child) => ({ ...child, parents: within(now) }))];
    if (keyOf(now) === keyOf(declaration) || !keys.every((key) => this.#isFree(key, isInState))) {
      return;
    }
    const before = keyOf(declaration);
    this.#givenUp.push({ ...declaration });
    declaration.name = name;
    declaration.parents = parents;
    this.movedFrom.delete(keyOf(declaration));
    if (hasAlias) {
      declaration.aliases = [before, ...(declaration.aliases ?? [])];
    } else {
      for (const former of [...(declaration.aliases ?? []), before]) {
        this.movedFrom.set(former, declaration);
      }
      declaration.aliases = undefined;
    }
    for (const child of children) {
      this.#call(child, { ...child, parents: within(declaration) }, hasAlias, isInState);
    }
  }

  /** It is removed, or said to be somewhere else, so another group is meant. */
  #forgetMoves(declaration: Declaration): void {
    for (const [key, moved] of this.movedFrom) {
      if (moved === declaration) {
        this.movedFrom.delete(key);
      }
    }
  }

  #parentsOf({ solution }: Declaration, parents: Parents): string | undefined {
    return parents === "its solution" ? solution && within(solution) : parents;
  }

  /** Nothing has this key, and what had it before is in the state by another one. */
  #isFree(key: ResourceKey, isInState: InState): boolean {
    return this.declarations.every(
      (each) =>
        keyOf(each) !== keyOf(key) && (each.aliases?.includes(keyOf(key)) !== true || isInState(keyOf(each))),
    );
  }

  #addSolution({ word, args, deleteBeforeReplace }: SolutionPlan): void {
    const name = `${word} ${this.#counts.Solution++}`;
    this.declarations.push({ type: "Solution", name, args, deleteBeforeReplace });
  }

  #addDatabase({ word, args, solution, deleteBeforeReplace }: DatabasePlan): void {
    const parent = nth(this.#solutions(), solution);
    if (parent) {
      const name = `${word} ${this.#counts.Database++}`;
      this.declarations.push({ type: "Database", name, args, solution: parent, deleteBeforeReplace });
    }
  }

  #solutions(): Declaration[] {
    return this.declarations.filter(({ type }) => type === "Solution");
  }

  #databasesOf(solution: Declaration): Declaration[] {
    return this.declarations.filter((each) => each.solution === solution);
  }
}
