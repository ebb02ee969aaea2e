import { cockpitType, logicalName, type Preview, type PreviewStep, type Properties } from "./preview";

/**
 * What happens to a resource, the gravest first:
 * - `lost`: a solution or database is deleted, or replaced by an empty one
 * - `moved`: a solution goes to another environment with all that it holds
 * - `replaced`, `deleted`: what holds no records gets a new id, or goes
 * - `forgotten`: it leaves the state and stays in Cockpit
 */
export const effects = [
  "lost",
  "moved",
  "replaced",
  "deleted",
  "forgotten",
  "renamed",
  "changed",
  "created",
  "imported",
] as const;

export type Effect = (typeof effects)[number];

export interface PropertyChange {
  path: string;
  before: unknown;
  after: unknown;
}

export interface Change {
  effect: Effect;
  urn: string;
  /** `Database` and the like; of another package its whole type. */
  type: string;
  isCockpit: boolean;
  /** As the program calls it. */
  logicalName: string;
  /** As Cockpit calls it. */
  name: string;
  id: string;
  /** Of what is lost: whether an empty one takes its place. */
  isReplaced: boolean;
  cluster: string | undefined;
  /** As the provider counted them for a warning of this preview; undefined where it was not asked. */
  users: string | undefined;
  /** Of what is moved: the ids of the environments. */
  from: string | undefined;
  to: string | undefined;
  /** URN of the solution that it belongs to, or is. */
  solution: string | undefined;
  properties: PropertyChange[];
}

/** What the class of a resource adds for the provider alone. */
const isHidden = (path: string): boolean => path.startsWith("__");
const holdsRecords = (type: string | undefined): boolean => type === "Solution" || type === "Database";

/** The changes of a preview: a stable order, the gravest first. */
export function changesOf(preview: Preview): Change[] {
  const solutionOf = solutionFinder(preview.steps);
  return preview.steps
    .flatMap((step) => {
      const effect = effectOf(step);
      return effect === undefined ? [] : [changeOf(step, effect, preview, solutionOf)];
    })
    .sort(
      (one, other) =>
        effects.indexOf(one.effect) - effects.indexOf(other.effect) || compareText(one.urn, other.urn),
    );
}

/** By code units, so that every machine sorts alike. */
export function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function effectOf(step: PreviewStep): Effect | undefined {
  const type = cockpitType(step.urn);
  switch (step.op) {
    case "delete":
      return step.retained ? "forgotten" : holdsRecords(type) ? "lost" : "deleted";
    case "replace":
    case "import-replacement":
      return step.retained ? "replaced" : holdsRecords(type) ? "lost" : "replaced";
    case "create":
      return "created";
    case "import":
      return "imported";
    case "update":
      return updateOf(type, step);
    default:
      return undefined; // same, read, refresh: nothing is done.
  }
}

function updateOf(type: string | undefined, { before, after }: PreviewStep): Effect {
  const target = environmentOf(after?.inputs);
  if (
    type === "Solution" &&
    target !== undefined &&
    target !== environmentOf(before?.outputs, before?.inputs)
  ) {
    return "moved";
  }
  return type !== undefined && before?.inputs["name"] !== after?.inputs["name"] ? "renamed" : "changed";
}

/** The spec id is the environment's id, and the one thing of it that is among the inputs. */
function environmentOf(...sides: (Properties | undefined)[]): string | undefined {
  const known = sides.flatMap((side) => [side?.["specId"], side?.["environmentId"]]);
  return known.find((id): id is string => typeof id === "string");
}

function changeOf(
  step: PreviewStep,
  effect: Effect,
  { messages }: Preview,
  solutionOf: (step: PreviewStep) => string | undefined,
): Change {
  const { before, after } = step;
  const type = cockpitType(step.urn);
  const current = before ?? after;
  const name = current?.inputs["name"] ?? current?.outputs["name"];
  const id = current?.id ?? "";
  return {
    effect,
    urn: step.urn,
    type: type ?? step.urn.split("::")[2]?.split("$").at(-1) ?? "",
    isCockpit: type !== undefined,
    logicalName: logicalName(step.urn),
    name: typeof name === "string" ? name : logicalName(step.urn),
    id,
    isReplaced: step.op !== "delete",
    cluster: clusterOf(current?.outputs) ?? clusterOf(current?.inputs),
    users: usersOf(
      id,
      messages.map(({ text }) => text),
    ),
    from: effect === "moved" ? environmentOf(before?.outputs, before?.inputs) : undefined,
    to: effect === "moved" ? environmentOf(after?.inputs) : undefined,
    solution: solutionOf(step),
    properties: propertyChanges(step),
  };
}

function clusterOf(side: Properties | undefined): string | undefined {
  const servers = side?.["servers"];
  if (Array.isArray(servers) && servers.length > 0 && servers.every((server) => typeof server === "string")) {
    return servers.join(", ");
  }
  return typeof side?.["cluster"] === "string" ? side["cluster"] : undefined;
}

/** The provider counts users where it explains a replacement or refuses a deletion. */
function usersOf(id: string, texts: readonly string[]): string | undefined {
  const text = id === "" ? undefined : texts.find((one) => one.includes(id) && /\busers?\b/.test(one));
  const after = text?.slice(text.indexOf(id));
  return /\b(no|at least [\d,]+|more than [\d,]+|[\d,]+) users?\b/.exec(after ?? "")?.[1];
}

function propertyChanges({ before, after, changes, op }: PreviewStep): PropertyChange[] {
  if (op !== "update" && op !== "replace") {
    return [];
  }
  return changes
    .filter(({ path }) => !isHidden(path))
    .map(({ path }) => {
      const keys = keysOf(path);
      const from = valueAt(before?.inputs, keys);
      return {
        path,
        before: from === undefined ? valueAt(before?.outputs, keys) : from,
        after: valueAt(after?.inputs, keys),
      };
    });
}

/** The engine's paths: `email.apiKey`, `list[0]`, `properties["a.b"]`. */
function keysOf(path: string): string[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map(
    ([, quoted, index, name]) => quoted?.replace(/\\(.)/g, "$1") ?? index ?? name ?? "",
  );
}

function valueAt(side: unknown, keys: readonly string[]): unknown {
  let value = side;
  for (const key of keys) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) {
      return undefined;
    }
    value = (value as Properties)[key];
  }
  return value;
}

/** By the ids that a resource names, by what its inputs come from, or by the component that both belong to. */
export function solutionFinder(steps: readonly PreviewStep[]): (step: PreviewStep) => string | undefined {
  const byId = new Map<string, PreviewStep>();
  const byUrn = new Map<string, PreviewStep>();
  const byComponent = new Map<string, string>();
  for (const step of steps) {
    byUrn.set(step.urn, step);
    const side = step.before ?? step.after;
    if (side?.id) {
      byId.set(side.id, step);
    }
    if (
      cockpitType(step.urn) === "Solution" &&
      side?.parent &&
      !side.parent.includes("::pulumi:pulumi:Stack::")
    ) {
      byComponent.set(side.parent, step.urn);
    }
  }
  const find = (step: PreviewStep, depth: number): string | undefined => {
    if (cockpitType(step.urn) === "Solution") {
      return step.urn;
    }
    const side = step.after ?? step.before;
    if (!side || depth === 0) {
      return undefined;
    }
    const named = ["solutionId", "databaseId", "groupId"].map((key) => side.inputs[key]);
    const above = [
      ...named.map((id) => (typeof id === "string" ? byId.get(id) : undefined)),
      ...side.dependencies.map((urn) => byUrn.get(urn)),
    ];
    for (const next of above) {
      const solution = next && next !== step ? find(next, depth - 1) : undefined;
      if (solution !== undefined) {
        return solution;
      }
    }
    return byComponent.get(side.parent);
  };
  return (step) => find(step, 4);
}
