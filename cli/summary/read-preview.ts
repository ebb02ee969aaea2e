import { z } from "zod";
import type { Preview, PreviewMessage, PreviewStep, ResourceSide } from "./preview";

/** What the caller knows and the document does not say. */
export interface ReadOptions {
  /** How `pulumi preview` ended, where the pipeline passes it on. A document alone can look whole and not be. */
  exitCode?: number | undefined;
}

/** The text is none of what `pulumi preview` writes. */
export class UnreadablePreview extends Error {
  override name = "UnreadablePreview";
}

const properties = z.record(z.string(), z.unknown()).nullish();
const side = z
  .object({
    id: z.string().nullish(),
    parent: z.string().nullish(),
    retainOnDelete: z.boolean().nullish(),
    inputs: properties,
    outputs: properties,
    dependencies: z.array(z.string()).nullish(),
  })
  .nullish();
const keys = z.array(z.string()).nullish();
const detailedDiff = z
  .record(z.string(), z.object({ kind: z.string().nullish(), diffKind: z.string().nullish() }))
  .nullish();
const severity = z.string().nullish();

const digest = z.object({
  steps: z
    .array(
      z.object({
        op: z.string(),
        urn: z.string(),
        oldState: side,
        newState: side,
        diffReasons: keys,
        replaceReasons: keys,
        detailedDiff,
      }),
    )
    .nullish(),
  diagnostics: z.array(z.object({ urn: z.string().nullish(), message: z.string(), severity })).nullish(),
  changeSummary: z.record(z.string(), z.number()).nullish(),
  maybeCorrupt: z.boolean().nullish(),
});

const event = z.object({
  sequence: z.number(),
  resourcePreEvent: z
    .object({
      metadata: z.object({
        op: z.string(),
        urn: z.string(),
        old: side,
        new: side,
        keys,
        diffs: keys,
        detailedDiff,
      }),
    })
    .optional(),
  diagnosticEvent: z.object({ urn: z.string().nullish(), message: z.string(), severity }).optional(),
  errorEvent: z.object({ error: z.string() }).optional(),
  policyEvent: z
    .object({
      resourceUrn: z.string().nullish(),
      message: z.string(),
      policyName: z.string(),
      policyPackName: z.string().nullish(),
      enforcementLevel: z.string(),
    })
    .optional(),
  summaryEvent: z.object({ maybeCorrupt: z.boolean().nullish(), result: z.string().nullish() }).optional(),
});

type Digest = z.output<typeof digest>;
type EngineEvent = z.output<typeof event>;
type Found = Omit<Preview, "project" | "stack">;

/**
 * Reads what `pulumi preview --json` printed, with or without PULUMI_ENABLE_STREAMING_JSON_PREVIEW, or what `--event-log` wrote.
 *
 * @throws {UnreadablePreview} where it is something else
 */
export function readPreview(text: string, { exitCode }: ReadOptions = {}): Preview {
  const found = text.trim() === "" ? nothing() : (readDigest(text) ?? readEvents(text));
  const urn = found.steps[0]?.urn ?? found.messages.find(({ urn }) => urn !== undefined)?.urn ?? "";
  const [, stack = "", project = ""] = /^urn:pulumi:(.*?)::(.*?)::/.exec(urn) ?? [];
  const failure =
    found.failure ??
    (exitCode === undefined || exitCode === 0
      ? undefined
      : `pulumi preview ended with exit code ${exitCode}`);
  return { ...found, failure, project, stack };
}

function nothing(): Found {
  const failure = "pulumi preview printed nothing, so it ended before it began";
  return { steps: [], messages: [], violations: [], failure };
}

function readDigest(text: string): Found | undefined {
  const parsed = digest.safeParse(jsonOf(text));
  const hasSteps =
    parsed.success && (parsed.data.steps || parsed.data.changeSummary || parsed.data.diagnostics);
  if (!parsed.success || !hasSteps) {
    return undefined;
  }
  const { steps, diagnostics, maybeCorrupt }: Digest = parsed.data;
  const messages = messagesOf(diagnostics ?? []);
  return {
    steps: (steps ?? []).map(
      ({ op, urn, oldState, newState, diffReasons, replaceReasons, detailedDiff }) => ({
        op,
        urn,
        ...sidesOf(oldState, newState),
        changes: changesOf(detailedDiff, diffReasons),
        replaceKeys: replaceReasons ?? [],
      }),
    ),
    messages,
    violations: [],
    failure: failureOf(messages) ?? (maybeCorrupt ? "the engine calls its own result corrupt" : undefined),
  };
}

function readEvents(text: string): Found {
  const lines = text.split("\n").filter((line) => line.trim() !== "");
  const events = lines.map((line, index) => {
    const parsed = event.safeParse(jsonOf(line));
    if (parsed.success) {
      return parsed.data;
    }
    if (index === lines.length - 1 && index > 0) {
      return undefined; // Cut off while it was written: the summary at the end is missing too.
    }
    throw new UnreadablePreview(
      `line ${index + 1} is neither an event nor part of a document of the engine. Give what \`pulumi preview --json\` printed, or the file of --event-log.`,
    );
  });
  const known = events.filter((one): one is EngineEvent => one !== undefined);
  const messages = messagesOf(known.flatMap(({ diagnosticEvent }) => diagnosticEvent ?? []));
  const summary = known.find(({ summaryEvent }) => summaryEvent)?.summaryEvent;
  const isComplete = summary !== undefined && [undefined, null, "succeeded"].includes(summary.result);
  const crash = known.find(({ errorEvent }) => errorEvent)?.errorEvent?.error;
  return {
    steps: stepsOf(known),
    messages,
    violations: known.flatMap(({ policyEvent }) =>
      policyEvent
        ? [
            {
              policy: [policyEvent.policyPackName, policyEvent.policyName].filter(Boolean).join("/"),
              level: policyEvent.enforcementLevel,
              text: withoutColours(policyEvent.message),
              urn: policyEvent.resourceUrn ?? undefined,
            },
          ]
        : [],
    ),
    failure:
      crash ??
      failureOf(messages) ??
      (isComplete ? undefined : "the preview stopped before it had seen everything"),
  };
}

/** The stream tells a replacement in three steps, the digest in one. */
function stepsOf(events: readonly EngineEvent[]): PreviewStep[] {
  const partial = new Set(["create-replacement", "delete-replaced", "discard-replaced"]);
  return events.flatMap(({ resourcePreEvent }) => {
    if (!resourcePreEvent || partial.has(resourcePreEvent.metadata.op)) {
      return [];
    }
    const { op, urn, old, new: after, keys, diffs, detailedDiff } = resourcePreEvent.metadata;
    return [
      { op, urn, ...sidesOf(old, after), changes: changesOf(detailedDiff, diffs), replaceKeys: keys ?? [] },
    ];
  });
}

function sidesOf(
  old: z.output<typeof side>,
  after: z.output<typeof side>,
): Pick<PreviewStep, "before" | "after" | "retained"> {
  return { before: sideOf(old), after: sideOf(after), retained: old?.retainOnDelete === true };
}

function sideOf(given: z.output<typeof side>): ResourceSide | undefined {
  return given
    ? {
        id: given.id ?? "",
        parent: given.parent ?? "",
        inputs: given.inputs ?? {},
        outputs: given.outputs ?? {},
        dependencies: given.dependencies ?? [],
      }
    : undefined;
}

function changesOf(
  detailed: z.output<typeof detailedDiff>,
  names: readonly string[] | null | undefined,
): PreviewStep["changes"] {
  const paths = Object.entries(detailed ?? {}).map(([path, { kind, diffKind }]) => ({
    path,
    kind: kind ?? diffKind ?? "update",
  }));
  return paths.length > 0 ? paths : (names ?? []).map((path) => ({ path, kind: "update" }));
}

function messagesOf(
  diagnostics: readonly {
    message: string;
    severity?: string | null | undefined;
    urn?: string | null | undefined;
  }[],
): PreviewMessage[] {
  return diagnostics.flatMap(({ message, severity, urn }) =>
    severity === "warning" || severity === "error"
      ? [{ severity, text: withoutColours(message), urn: urn ?? undefined }]
      : [],
  );
}

function failureOf(messages: readonly PreviewMessage[]): string | undefined {
  return messages.some(({ severity }) => severity === "error") ? "the preview failed" : undefined;
}

const colours = new RegExp(`${String.fromCharCode(27)}\\[[0-9;]*m|<\\{%.*?%\\}>`, "g");

/** Without the engine's colours and the word that it puts before each message. */
function withoutColours(message: string): string {
  return message
    .replace(colours, "")
    .replace(/^(?:warning|error): /, "")
    .trim();
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
