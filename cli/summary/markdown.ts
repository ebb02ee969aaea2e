import { changesOf, compareText, type Change, type Effect, type PropertyChange } from "./changes";
import { diagramOf } from "./diagram";
import { code, html, shownValue, words } from "./escape";
import { logicalName, type Preview } from "./preview";

/** Below the 65,536 that GitHub takes in a comment; GitLab takes a million. */
export const defaultMaxCharacters = 60_000;

/** By which a pipeline finds its comment again, to renew it. */
export const commentMark = "<!-- pulumi-cockpit summary -->";

const headings: Record<Exclude<Effect, "lost">, string> = {
  moved: "Moved as said above, and changed",
  replaced: "Replaced: these get a new id, which apps may hold",
  deleted: "Deleted",
  forgotten: "Left in Cockpit, no longer managed by this stack",
  renamed: "Renamed",
  changed: "Changed",
  created: "Created",
  imported: "Taken into this stack",
};

/** How much is said, the most first. What is lost is said whole in all of them. */
const details = ["all", "no values", "no properties", "counts"] as const;
type Detail = (typeof details)[number];

/**
 * A preview for a pull request. Where it would get too long it says less of what is harmless, never less of what is lost.
 *
 * @param maxCharacters what the place takes where it goes
 */
export function summarise(preview: Preview, maxCharacters: number = defaultMaxCharacters): string {
  const changes = changesOf(preview);
  for (const detail of details) {
    for (const withDiagram of [true, false]) {
      const text = document(preview, changes, detail, withDiagram);
      if (text.length <= maxCharacters) {
        return text;
      }
    }
  }
  return document(preview, changes, "counts", false);
}

function document(
  preview: Preview,
  changes: readonly Change[],
  detail: Detail,
  withDiagram: boolean,
): string {
  const lost = changes.filter(({ effect }) => effect === "lost");
  const moved = changes.filter(({ effect }) => effect === "moved");
  const rest = changes.filter(
    ({ effect, properties }) => effect !== "lost" && (effect !== "moved" || properties.some(isBesidesMove)),
  );
  const diagram = withDiagram ? diagramOf(preview, changes) : undefined;
  const stack = [preview.project, preview.stack].filter((part) => part !== "").join("/");
  return [
    commentMark,
    `## ${title(preview, lost, moved, changes)}`,
    ...(stack === "" ? [] : [`Stack ${code(stack)}`]),
    ...failureSection(preview),
    ...lostSection(lost),
    ...movedSection(moved),
    ...violationSection(preview),
    ...(diagram === undefined ? [] : [`\`\`\`mermaid\n${diagram}\n\`\`\``]),
    ...solutionSections(rest, changes, detail),
    ...warningSection(preview, detail),
    ...(detail === "all" ? [] : ["_Shortened to fit: the preview itself says more._"]),
  ]
    .join("\n\n")
    .concat("\n");
}

function title(
  { failure, messages }: Preview,
  lost: readonly Change[],
  moved: readonly Change[],
  changes: readonly Change[],
): string {
  if (lost.length > 0) {
    return `⛔ Records would be lost: ${counted(lost)}${failure === undefined ? "" : ", and the preview failed"}`;
  }
  if (failure !== undefined) {
    const isRefused = messages.some(({ severity }) => severity === "error");
    return isRefused
      ? "❌ The preview failed: this is not the whole change"
      : "❌ The preview is not whole: more may change than it shows";
  }
  if (moved.length > 0) {
    return `🚚 ${counted(moved)} would move to another environment`;
  }
  return changes.length === 0 ? "✅ No changes" : "✅ No records are lost";
}

const isBesidesMove = ({ path }: PropertyChange): boolean => path !== "specId" && path !== "environment";

/** `2 databases and 1 solution` */
function counted(changes: readonly Change[]): string {
  const types = [...new Set(changes.map(({ type }) => type))].sort(compareText);
  return types
    .map((type) => {
      const count = changes.filter((change) => change.type === type).length;
      return `${count} ${type.toLowerCase()}${count === 1 ? "" : "s"}`;
    })
    .join(" and ");
}

function failureSection({ failure, messages }: Preview): string[] {
  if (failure === undefined) {
    return [];
  }
  const errors = messages.filter(({ severity }) => severity === "error");
  return [
    `${words(`${failure[0]?.toUpperCase()}${failure.slice(1)}`)}. What follows is only what the engine had reached: deletions come last in a preview, so some may be missing here.`,
    ...(errors.length === 0 ? [] : [errors.map(messageLine).join("\n")]),
  ];
}

function messageLine({ text, urn }: Preview["messages"][number]): string {
  return `- ${urn === undefined ? "" : `${code(logicalName(urn))}: `}${words(text)}`;
}

function lostSection(lost: readonly Change[]): string[] {
  if (lost.length === 0) {
    return [];
  }
  const rows = lost.map(
    ({ type, name, id, cluster, users, isReplaced }) =>
      `| ${type} | ${code(name)} | ${cluster === undefined ? "not known" : code(cluster)} | ${users ?? "not counted"} | ${
        isReplaced ? "an empty one takes its place" : "it is deleted"
      } | ${code(id)} |`,
  );
  return [
    `### ⛔ Lost\n\n| | name | cluster | users | what happens | id |\n| --- | --- | --- | --- | --- | --- |\n${rows.join("\n")}`,
    "A deleted database is gone with all records in it. The engine asks nobody about a removal before `pulumi up`, so users may not be counted here.",
  ];
}

function movedSection(moved: readonly Change[]): string[] {
  if (moved.length === 0) {
    return [];
  }
  const rows = moved.map(
    ({ name, from, to, id }) =>
      `| ${code(name)} | ${code(from ?? "not known")} | ${code(to ?? "(known after up)")} | ${code(id)} |`,
  );
  return [
    `### 🚚 Moved to another environment, with all databases and users\n\n| solution | from | to | id |\n| --- | --- | --- | --- |\n${rows.join("\n")}`,
  ];
}

function violationSection({ violations }: Preview): string[] {
  if (violations.length === 0) {
    return [];
  }
  const sorted = [...violations].sort(
    (one, other) =>
      Number(other.level === "mandatory") - Number(one.level === "mandatory") ||
      compareText(one.policy, other.policy) ||
      compareText(one.urn ?? "", other.urn ?? ""),
  );
  const lines = sorted.map(
    ({ level, policy, text, urn }) =>
      `- **${words(level)}** ${code(policy)}${urn === undefined ? "" : ` on ${code(logicalName(urn))}`}: ${words(text)}`,
  );
  return [`### Policies\n\n${lines.join("\n")}`];
}

/** What is not grave, for each solution a part that a reader opens. GitLab draws no Markdown within its heading. */
function solutionSections(rest: readonly Change[], changes: readonly Change[], detail: Detail): string[] {
  const cockpit = rest.filter(({ isCockpit }) => isCockpit);
  const others = rest.filter(({ isCockpit }) => !isCockpit);
  const groups = new Map<string, Change[]>();
  for (const change of cockpit) {
    const key = change.solution ?? "";
    groups.set(key, [...(groups.get(key) ?? []), change]);
  }
  const names = new Map(changes.map(({ urn, name }) => [urn, name]));
  const sections = [...groups]
    .sort(([one], [other]) => compareText(one, other))
    .map(([urn, group]) => {
      const heading =
        urn === "" ? "Of the environment" : `Solution <b>${html(names.get(urn) ?? logicalName(urn))}</b>`;
      return `<details${detail === "all" ? " open" : ""}>\n<summary>${heading}: ${countsOf(group)}</summary>\n\n${
        detail === "counts" ? "" : listOf(group, detail)
      }\n</details>`;
    });
  return [...sections, ...(others.length === 0 ? [] : [`Resources of other packages: ${countsOf(others)}.`])];
}

function countsOf(changes: readonly Change[]): string {
  const counts = new Map<Effect, number>();
  for (const { effect } of changes) {
    counts.set(effect, (counts.get(effect) ?? 0) + 1);
  }
  return [...counts].map(([effect, count]) => `${count} ${effect}`).join(", ");
}

function listOf(changes: readonly Change[], detail: Detail): string {
  return Object.entries(headings)
    .flatMap(([effect, heading]) => {
      const ours = changes.filter((change) => change.effect === effect);
      return ours.length === 0
        ? []
        : [`**${heading}**\n\n${ours.map((change) => itemOf(change, detail)).join("\n")}`];
    })
    .join("\n\n");
}

function itemOf({ type, name, logicalName, properties }: Change, detail: Detail): string {
  const title = `- ${type} ${code(name)}${name === logicalName ? "" : ` (${code(logicalName)} in the program)`}`;
  if (detail === "no properties" || properties.length === 0) {
    return title;
  }
  if (detail === "no values") {
    return `${title}: ${properties.map(({ path }) => code(path)).join(", ")}`;
  }
  const lines = properties.map(
    ({ path, before, after }) =>
      `  - ${code(path)}: ${before === undefined ? "added" : code(shownValue(before))}${
        after === undefined ? " → removed" : ` ${before === undefined ? "" : "→ "}${code(shownValue(after))}`
      }`,
  );
  return [title, ...lines].join("\n");
}

function warningSection({ messages }: Preview, detail: Detail): string[] {
  const warnings = messages.filter(({ severity }) => severity === "warning");
  if (warnings.length === 0 || detail === "counts") {
    return warnings.length === 0 ? [] : [`${warnings.length} warnings.`];
  }
  return [`### Warnings\n\n${warnings.map(messageLine).join("\n")}`];
}
