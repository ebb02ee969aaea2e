import { changesOf, compareText, type Change, type Effect, type PropertyChange } from "./changes";
import type { Confirmations } from "./confirmations";
import { diagramOf } from "./diagram";
import { code, html, line, shownValue, words } from "./escape";
import { logicalName, type Preview } from "./preview";

/** Below the 65,536 that GitHub takes in a comment; GitLab takes a million. */
export const defaultMaxCharacters = 60_000;

/** By which a pipeline finds its comment again, to renew it. */
const commentMark = "<!-- pulumi-cockpit summary -->";

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

/** How much is said, the most first. What is lost is named in all of them. */
const details = ["all", "no values", "no properties", "counts", "names of what is lost"] as const;
type Detail = (typeof details)[number];

export interface SummaryOptions {
  /** What the place takes where it goes. */
  maxCharacters?: number | undefined;
  /** What the change confirms of what it would lose. */
  confirmations?: Confirmations | undefined;
}

const isCountsOnly = (detail: Detail): boolean => detail === "counts" || detail === "names of what is lost";

/** A preview for a pull request. Where it would get too long it says less of what is harmless, never less of what is lost. */
export function summarise(preview: Preview, options: SummaryOptions = {}): string {
  const { maxCharacters = defaultMaxCharacters, confirmations } = options;
  const changes = changesOf(preview);
  for (const detail of details) {
    for (const withDiagram of [true, false]) {
      const text = document(preview, changes, { detail, withDiagram, confirmations });
      if (text.length <= maxCharacters) {
        return text;
      }
    }
  }
  return document(preview, changes, { detail: "names of what is lost", withDiagram: false, confirmations });
}

interface Shape {
  detail: Detail;
  withDiagram: boolean;
  confirmations: Confirmations | undefined;
}

function document(
  preview: Preview,
  changes: readonly Change[],
  { detail, withDiagram, confirmations }: Shape,
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
    `## ${title(preview, { lost, moved, changes, confirmations })}`,
    ...(stack === "" ? [] : [`Stack ${code(stack)}`]),
    ...failureSection(preview, confirmations),
    ...(detail === "names of what is lost"
      ? lostNames(lost, confirmations)
      : lostSection(lost, confirmations)),
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

interface Kinds {
  lost: readonly Change[];
  moved: readonly Change[];
  changes: readonly Change[];
}

function title(
  { failure, messages }: Preview,
  { lost, moved, changes, confirmations }: Kinds & Pick<Shape, "confirmations">,
): string {
  if (lost.length > 0) {
    const isConfirmed = confirmations !== undefined && lost.every((each) => confirmations.isConfirmed(each));
    return `⛔ Records would be lost${isConfirmed ? ", as confirmed" : ""}: ${counted(lost)}${failure === undefined ? "" : ", and the preview failed"}`;
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

function failureSection({ failure, messages }: Preview, confirmations: Confirmations | undefined): string[] {
  if (failure === undefined) {
    return [];
  }
  const errors = messages.filter(({ severity }) => severity === "error");
  return [
    `${words(`${failure[0]?.toUpperCase()}${failure.slice(1)}`)}. What follows is only what the engine had reached: deletions come last in a preview, so some may be missing here.`,
    ...(errors.length === 0 ? [] : [errors.map(messageLine).join("\n")]),
    // Nobody types into a pipeline.
    ...(confirmations && errors.some(({ text }) => text.includes("COCKPIT_CONFIRM_DELETE="))
      ? [
          "Whoever wants this loss of records confirms it in this change, with the id that stands above: `npx pulumi-cockpit confirm NAME --id ID --stack PROJECT/STACK --reason '…'`",
        ]
      : []),
  ];
}

function messageLine({ text, urn }: Preview["messages"][number]): string {
  return `- ${urn === undefined ? "" : `${code(logicalName(urn))}: `}${words(text)}`;
}

function lostSection(lost: readonly Change[], confirmations: Confirmations | undefined): string[] {
  if (lost.length === 0) {
    return [];
  }
  const isConfirmed = (change: Change) => (confirmations ? ` ${confirmations.describe(change)} |` : "");
  const rows = lost.map(
    (change) =>
      `| ${change.type} | ${code(change.name)} | ${change.cluster === undefined ? "not known" : code(change.cluster)} | ${change.users ?? "not counted"} | ${
        change.isReplaced ? "an empty one takes its place" : "it is deleted"
      } | ${code(change.id)} |${isConfirmed(change)}`,
  );
  const more = confirmations ? [" confirmed |", " --- |"] : ["", ""];
  const commands = confirmations?.commandsFor(lost) ?? [];
  return [
    `### ⛔ Lost\n\n| | name | cluster | users | what happens | id |${more[0]}\n| --- | --- | --- | --- | --- | --- |${more[1]}\n${rows.join("\n")}`,
    "A deleted database is gone with all records in it. The engine asks nobody about a removal before `pulumi up`, so users may not be counted here.",
    ...(commands.length === 0
      ? []
      : [
          `Whoever wants this loss of records confirms it in this change, with a reason:\n\n\`\`\`sh\n${commands.map(line).join("\n")}\n\`\`\``,
        ]),
  ];
}

/** Hundreds are still each named, by id where a name could be taken for another's. */
function lostNames(lost: readonly Change[], confirmations: Confirmations | undefined): string[] {
  const counts = new Map<string, number>();
  lost.forEach(({ name }) => counts.set(name, (counts.get(name) ?? 0) + 1));
  const lists = [true, false].flatMap((isConfirmed) => {
    const ours = lost.filter((change) => (confirmations?.isConfirmed(change) ?? false) === isConfirmed);
    return [...new Set(ours.map(({ type }) => type))].map((type) => {
      const names = ours
        .filter((change) => change.type === type)
        .map(({ name, id }) => code(id !== "" && (counts.get(name) ?? 0) > 1 ? id : name));
      return `**${type}**${isConfirmed ? ", confirmed" : ""}: ${names.join(", ")}`;
    });
  });
  return lost.length === 0 ? [] : [`### ⛔ Lost\n\n${lists.join("\n\n")}`];
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
        isCountsOnly(detail) ? "" : listOf(group, detail)
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
  if (warnings.length === 0 || isCountsOnly(detail)) {
    return warnings.length === 0 ? [] : [`${warnings.length} warnings.`];
  }
  return [`### Warnings\n\n${warnings.map(messageLine).join("\n")}`];
}
