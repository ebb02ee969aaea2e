import type { Properties } from "../../../provider/engine/unknowns";
import { companyOf, environmentIdOf, type EnvironmentKey } from "../environments";
import {
  isOfGroup,
  keyOf,
  type Declaration,
  type GroupDeclaration,
  type ResourceState,
} from "../engine/resource-state";
import type { LiveGroup } from "../live-groups";
import type { Edit, TransferEdit } from "./edits";
import { nth } from "./picking";
import type { Sequence } from "./sequences";
import { without, type DatabasePlan, type SolutionPlan } from "./plans";

/** The program to begin with. Logical names are numbered, so that they are unique among resources of one type. */
export class Program {
  readonly declarations: Declaration[] = [];
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
    const owner = state.find(({ id, isCondemned }) => id === group?.id && !isCondemned);
    const declaration = this.declarations.find((each) => owner && keyOf(each) === keyOf(owner));
    return (
      declaration !== undefined && environmentIdOf(declaration.args["environment"]) === group?.superGroup
    );
  }

  change(edit: Exclude<Edit, TransferEdit>): void {
    if (edit.edit === "add solution") {
      this.#addSolution(edit);
    } else if (edit.edit === "add database") {
      this.#addDatabase(edit);
    } else {
      this.#changeOne(edit, nth(this.groups, edit.at));
    }
  }

  #changeOne(
    edit: Exclude<Edit, { edit: "transfer" | "add solution" | "add database" }>,
    declaration: Declaration | undefined,
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
      case "move":
        if (type === "Database") {
          declaration.solution = nth(this.#solutions(), edit.to)?.name;
        }
        return;
      case "deleteBeforeReplace":
        declaration.deleteBeforeReplace = edit.value;
        return;
      case "remove":
        for (const gone of [declaration, ...this.#databasesOf(declaration)]) {
          this.declarations.splice(this.declarations.indexOf(gone), 1);
        }
    }
  }

  #addSolution({ word, args, deleteBeforeReplace }: SolutionPlan): void {
    const name = `${word} ${this.#counts.Solution++}`;
    this.declarations.push({ type: "Solution", name, args, deleteBeforeReplace });
  }

  #addDatabase({ word, args, solution, deleteBeforeReplace }: DatabasePlan): void {
    const parent = nth(this.#solutions(), solution);
    if (parent) {
      const name = `${word} ${this.#counts.Database++}`;
      this.declarations.push({ type: "Database", name, args, solution: parent.name, deleteBeforeReplace });
    }
  }

  #solutions(): Declaration[] {
    return this.declarations.filter(({ type }) => type === "Solution");
  }

  #databasesOf({ type, name }: Declaration): Declaration[] {
    return type === "Solution" ? this.declarations.filter(({ solution }) => solution === name) : [];
  }
}
