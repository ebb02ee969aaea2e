import { solutionFinder, type Change } from "./changes";
import { label } from "./escape";
import { cockpitType, type Preview, type PreviewStep, type ResourceSide } from "./preview";

/** More than these would be a carpet; the tables hold them all. */
const maxNodes = 60;

interface Node {
  name: string;
  /** Said in its label. */
  mark: "" | "deleted: " | "emptied: " | "new: " | "moved: ";
}

interface Tree extends Node {
  environment: string;
  databases: Node[];
}

/**
 * Environments, solutions and databases before and after, for Mermaid: only the solutions that something grave happens to.
 * Undefined where there is none, or too much to draw.
 */
export function diagramOf(preview: Preview, changes: readonly Change[]): string | undefined {
  const solutionOf = solutionFinder(preview.steps);
  const byUrn = new Map(changes.map((change) => [change.urn, change]));
  const concerned = new Set(
    changes.flatMap(({ effect, solution }) => (effect === "lost" || effect === "moved" ? [solution] : [])),
  );
  const trees = (when: "before" | "after"): Tree[] =>
    preview.steps
      .filter(
        (step) =>
          cockpitType(step.urn) === "Solution" &&
          concerned.has(step.urn) &&
          (when === "after" || step.before !== undefined),
      )
      .map((solution) => {
        const change = byUrn.get(solution.urn);
        const databases = preview.steps.filter(
          (step) =>
            cockpitType(step.urn) === "Database" &&
            solutionOf(step) === solution.urn &&
            (when === "after" || step.before !== undefined),
        );
        return {
          ...nodeOf(solution, change, when),
          environment: (when === "after" ? change?.to : change?.from) ?? environmentOf(solution),
          databases: databases.map((step) => nodeOf(step, byUrn.get(step.urn), when)),
        };
      });
  const [before, after] = [trees("before"), trees("after")];
  const count = [...before, ...after].reduce((sum, { databases }) => sum + 2 + databases.length, 0);
  return count === 0 || count > maxNodes ? undefined : drawn(before, after);
}

function nodeOf(step: PreviewStep, change: Change | undefined, when: "before" | "after"): Node {
  const side: ResourceSide | undefined = when === "before" ? step.before : (step.after ?? step.before);
  const name = side?.inputs["name"];
  const mark =
    when === "before"
      ? ""
      : change?.effect === "lost"
        ? change.isReplaced
          ? "emptied: "
          : "deleted: "
        : change?.effect === "created"
          ? "new: "
          : change?.effect === "moved"
            ? "moved: "
            : "";
  return { name: typeof name === "string" ? name : (change?.name ?? step.urn), mark };
}

function environmentOf({ before, after }: PreviewStep): string {
  const ids = [before?.outputs["environmentId"], before?.outputs["specId"], after?.inputs["specId"]];
  return ids.find((id): id is string => typeof id === "string") ?? "(not in this preview)";
}

function drawn(before: readonly Tree[], after: readonly Tree[]): string {
  const lines = ["flowchart LR"];
  const style = ({ mark }: Node) => (mark === "deleted: " || mark === "emptied: " ? ":::lost" : "");
  for (const [title, trees] of [
    ["Before", before],
    ["After", after],
  ] as const) {
    lines.push(`  subgraph ${title}`);
    const environments = [...new Set(trees.map(({ environment }) => environment))];
    environments.forEach((environment, index) =>
      lines.push(`    ${title}e${index}[${label(`environment ${environment}`)}]`),
    );
    trees.forEach((tree, index) => {
      const id = `${title}s${index}`;
      const from = `${title}e${environments.indexOf(tree.environment)}`;
      lines.push(`    ${from} --> ${id}[${label(tree.mark + tree.name)}]${style(tree)}`);
      tree.databases.forEach((database, place) =>
        lines.push(
          `    ${id} --> ${id}d${place}[(${label(database.mark + database.name)})]${style(database)}`,
        ),
      );
    });
    lines.push("  end");
  }
  return [...lines, "  Before --> After", "  classDef lost stroke:#c00,stroke-width:3px"].join("\n");
}
