import { environmentIdOf } from "../environments";
import { keyOf, type Declaration, type ResourceState } from "../engine/resource-state";
import type { LiveGroup } from "../live-groups";
import type { Edit, TransferEdit } from "./edits";
import { nth } from "./picking";
import type { Sequence } from "./sequences";
import { without, type DatabasePlan, type SolutionPlan } from "./plans";

/** The program to begin with. Logical names are numbered, so that they are unique among resources of one type. */
export class Program {
  readonly declarations: Declaration[] = [];
  readonly #counts = { Solution: 0, Database: 0 };

  constructor({ solutions, databases }: Pick<Sequence, "solutions" | "databases">) {
    solutions.forEach((plan) => this.#addSolution(plan));
    databases.forEach((plan) => this.#addDatabase(plan));
  }

  /** Another environment for a solution, and the token for that; undefined: none, or the one that is there. */
  transfer({ at, to, token }: TransferEdit, value: string | undefined): void {
    const declaration = nth(this.#solutions(), at);
    if (declaration) {
      const kept = token === "as it was" ? declaration.args["transferToken"] : value;
      declaration.args = without({ ...declaration.args, environment: to, transferToken: kept }, []);
    }
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
      this.#changeOne(edit, nth(this.declarations, edit.at));
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
