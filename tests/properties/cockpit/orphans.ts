import type { Outcome } from "../../support/model-engine/model-engine";
import { environmentIdOf } from "./environments";
import {
  isOfGroup,
  keyOf,
  type Declaration,
  type ResourceState,
} from "../../support/model-engine/resource-state";
import { isOfType, type LiveGroup } from "./live-groups";

/** Where a group came from: what was declared when it was created. */
interface Origin {
  key: string;
  traits: string;
}

/** What is there when a creation was interrupted, or when nobody could read its answer: groups that the state does not know. */
export class Orphans {
  readonly #origins = new Map<string, Origin | undefined>();
  readonly #givenUp = new Set<string>();

  constructor(
    private readonly declarations: readonly Declaration[],
    private readonly moved: ReadonlySet<string>,
  ) {}

  has(id: string): boolean {
    return this.#origins.has(id);
  }

  /** The state has lost it, and whoever did that knows. */
  leave(id: string): void {
    this.#origins.set(id, undefined);
  }

  /** A message said that nobody will manage it, and the person chose that. */
  giveUp(id: string): void {
    this.leave(id);
    this.#givenUp.add(id);
  }

  isGivenUp(id: string): boolean {
    return this.#givenUp.has(id);
  }

  /** After a run: whatever is there, was not before, and is not in the state. */
  note(
    before: readonly LiveGroup[],
    live: readonly LiveGroup[],
    state: readonly ResourceState[],
    outcome: Outcome,
  ): void {
    if (!outcome.wasKilled && outcome.failures.length === 0) {
      return;
    }
    const inState = state.filter(({ isPendingReplacement }) => !isPendingReplacement);
    const known = new Set([...before, ...inState].map(({ id }) => id));
    for (const group of live.filter(({ id }) => !known.has(id) && !this.has(id))) {
      this.#origins.set(group.id, this.#originOf(group, before, state, outcome));
    }
  }

  /** Those that the program still declares just as it did when they were created: there must be no other in their place. */
  stillDeclared(live: readonly LiveGroup[], state: readonly ResourceState[]): LiveGroup[] {
    return live.filter((group) => {
      const origin = this.#origins.get(group.id);
      const declaration = this.declarations.find((each) => keyOf(each) === origin?.key);
      const resource = state.find((each) => keyOf(each) === origin?.key);
      // What came from another environment has never asked whether something is in its place here.
      const hasCome = resource !== undefined && this.moved.has(resource.id);
      return (
        resource !== undefined &&
        !hasCome &&
        origin !== undefined &&
        declaration !== undefined &&
        isBelow(group, declaration, state) &&
        traitsOf(declaration) === origin.traits
      );
    });
  }

  /** Undefined where it may have been one of several. */
  #originOf(
    group: LiveGroup,
    before: readonly LiveGroup[],
    state: readonly ResourceState[],
    { steps }: Outcome,
  ): Origin | undefined {
    const begun = new Set(
      steps.filter(({ op }) => op === "create" || op === "replace").map(({ resource }) => resource),
    );
    const isNew = ({ id }: ResourceState) => !before.some((each) => each.id === id);
    const made = new Set(state.filter(isNew).map(keyOf));
    const candidates = this.declarations.filter(
      (declaration) =>
        begun.has(keyOf(declaration)) &&
        !made.has(keyOf(declaration)) &&
        isOfGroup(declaration) &&
        isOfType(group, declaration.type) &&
        group.name === (declaration.args["name"] ?? declaration.name) &&
        isBelow(group, declaration, state),
    );
    const [only, another] = candidates;
    return only && !another ? { key: keyOf(only), traits: traitsOf(only) } : undefined;
  }
}

function isBelow(
  { superGroup }: LiveGroup,
  { type, solution, args }: Declaration,
  state: readonly ResourceState[],
): boolean {
  const parent =
    solution && state.find((each) => keyOf(each) === keyOf(solution) && !each.isMarkedForDeletion);
  return superGroup === (type === "Solution" ? environmentIdOf(args["environment"]) : parent?.id);
}

/** A change of any of it is a replacement. */
function traitsOf({ args }: Declaration): string {
  const { cluster, shards, replicas, groupId } = args;
  return JSON.stringify([cluster, shards, replicas, groupId]);
}
