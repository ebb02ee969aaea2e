import { FakeEngine } from "./provider";
import { resolved, Session, Stage } from "./stage";
import type { Subject } from "./subject";
import { providerRows, resourceRows, type ProviderRow, type ResourceRow } from "./table";

/** The result of one row of the table. */
export interface Verdict {
  /** Of the resource; "provider" for the provider as a whole. */
  subject: string;
  row: string;
  call: string;
  outcome: "held" | "violated" | "not tried";
  /** What was seen, or why it was not tried. */
  detail: string;
}

/** Runs the whole table against the provider. */
export async function judge(subject: Subject): Promise<Verdict[]> {
  const engine = await FakeEngine.start();
  const session = new Session(subject, engine);
  const verdicts: Verdict[] = [];
  try {
    await session.run();
    for (const row of providerRows) {
      verdicts.push(await judgeRow("provider", row, subject, session));
    }
    const stages = new Map<string, Stage>();
    for (const [name, specimen] of Object.entries(subject.resources)) {
      await session.run();
      const declared = () => resolved(specimen.inputs, stages);
      let stage: Stage;
      try {
        stage = new Stage(
          session,
          name,
          {
            ...specimen,
            list: resolved(specimen.list, stages),
            invalid: Object.fromEntries(
              Object.entries(specimen.invalid).map(([what, changes]) => [what, resolved(changes, stages)]),
            ),
            update: specimen.update && resolved(specimen.update, stages),
            replace: specimen.replace && resolved(specimen.replace, stages),
          },
          declared(),
        );
      } catch (error) {
        verdicts.push({ subject: name, row: "", call: "", outcome: "violated", detail: messageOf(error) });
        continue;
      }
      stages.set(name, stage);
      for (const row of resourceRows.filter(({ when }) => when === "making")) {
        verdicts.push(await judgeRow(name, row, subject, stage));
      }
    }
    for (const [name, stage] of [...stages].reverse()) {
      for (const row of resourceRows.filter(({ when }) => when === "ending")) {
        verdicts.push(await judgeRow(name, row, subject, stage));
      }
    }
    return verdicts;
  } finally {
    await session.end();
    engine.stop();
  }
}

async function judgeRow<Given extends Session | Stage>(
  name: string,
  row: Given extends Session ? ProviderRow : ResourceRow,
  { hooks, resources }: Subject,
  given: Given,
): Promise<Verdict> {
  const verdict = { subject: name, row: row.name, call: row.call };
  const lacking = (row.hooks ?? []).filter((hook) => hooks[hook] === undefined);
  const reason =
    resources[name]?.except[row.name] ??
    (row.inapplicable as ((given: Given) => string | undefined) | undefined)?.(given) ??
    (lacking.length > 0 ? `the subject has no hook ${lacking.join(", ")}` : undefined);
  if (reason !== undefined) {
    return { ...verdict, outcome: "not tried", detail: reason };
  }
  try {
    await inTime((row.try as (given: Given) => void | Promise<void>)(given));
    return { ...verdict, outcome: "held", detail: "" };
  } catch (error) {
    await hooks.release?.();
    await hooks.mend?.();
    return { ...verdict, outcome: "violated", detail: messageOf(error) };
  }
}

/** In milliseconds: what a row may take before it counts as hanging. */
const rowTimeoutMs = 30_000;

async function inTime(work: void | Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it took more than ${rowTimeoutMs / 1000} s`)), rowTimeoutMs);
  });
  await Promise.race([work, over]).finally(() => clearTimeout(timer));
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
