import { writeFile } from "node:fs/promises";
import { isDeepStrictEqual, parseArgs } from "node:util";
import { CockpitError } from "../../provider/errors";
import { readable } from "../../provider/framework/readable";
import type { Context } from "../../provider/runtime/context";
import { createContext } from "../../provider/runtime/create-context";
import { groupInReview } from "../../provider/runtime/groups/protection";
import { confirmFile, readConfirmations, writtenConfirmations, type Confirmation } from "./file";

export const confirmUsage = `  confirm NAME --id ID --stack PROJECT/STACK --reason TEXT
                 writes into ${confirmFile} that this solution or database may be lost with all its records:
                 for a pull request, whose summary names what it would lose and its id. NAME is typed back as Cockpit shows it
      --until DAY         last day on which it holds, UTC; default: in 14 days, at most in 31
  confirm --stack PROJECT/STACK
                 prints the value of COCKPIT_CONFIRM_DELETE for a run, of what the file confirms and what is still as it was
      --before FILE       the file as it was before this change: what stands in it already confirms nothing any more
      --file FILE         instead of ${confirmFile}
      Cockpit is reached by COCKPIT_URL, COCKPIT_USERNAME, COCKPIT_PASSWORD and the other variables of the provider`;

const dayMs = 24 * 60 * 60_000;
const defaultDays = 14;
const maxDays = 31;

const options = {
  id: { type: "string" },
  stack: { type: "string", default: "" },
  reason: { type: "string", default: "" },
  until: { type: "string" },
  before: { type: "string" },
  file: { type: "string", default: confirmFile },
} as const;

/** Runs `pulumi-cockpit confirm`. Whatever goes wrong is thrown as a sentence. */
export async function runConfirm(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...args], allowPositionals: true, options });
  const [name, ...more] = positionals;
  const [project = "", stack = "", ...rest] = values.stack.split("/");
  if (project === "" || stack === "" || rest.length > 0) {
    throw new CockpitError({
      code: "invalid-value",
      what: "--stack PROJECT/STACK says for whose stack it is: the name in Pulumi.yaml, and the stack's.",
    });
  }
  const file = await readConfirmations(values.file);
  const context = createContext({
    configuration: () => undefined,
    variables: (variable) => variables[variable],
    warn: (message) => say(`warning: ${message}`),
    inform: say,
  });
  const review: Review = { context, project, stack };
  if (name === undefined) {
    const before = values.before === undefined ? [] : await readConfirmations(values.before);
    process.stdout.write(await valueOf(review, file, before));
    return 0;
  }
  const { id, reason, until } = values;
  if (more.length > 0 || id === undefined || reason.trim() === "") {
    throw new CockpitError({
      code: "invalid-value",
      what: "a confirmation takes the name as Cockpit shows it, quoted, its --id and a --reason.",
    });
  }
  const confirmation = await confirmationOf(review, { name, id, reason, until });
  const others = file.filter((each) => each.id !== id || each.stack !== values.stack);
  await writeFile(values.file, writtenConfirmations([...others, confirmation]));
  return 0;
}

interface Review {
  context: Context;
  project: string;
  stack: string;
}

async function confirmationOf(
  { context, project, stack }: Review,
  { name, id, reason, until }: { name: string; id: string; reason: string; until: string | undefined },
): Promise<Confirmation> {
  const found = await groupInReview(context, { project, stack }, id);
  if (!found) {
    throw new CockpitError({
      code: "no-match",
      what: `there is no solution or database ${JSON.stringify(id)}, so nothing was confirmed.`,
    });
  }
  if (found.group.name !== name) {
    throw new CockpitError({
      code: "confirmation-mismatch",
      what: `${JSON.stringify(id)} is not called ${JSON.stringify(name)} but ${JSON.stringify(found.group.name ?? "")}, so nothing was confirmed. Look again whether it is the one to be lost.`,
    });
  }
  const day = until ?? dayAfter(found.now, defaultDays);
  if (!/^\d{4}-\d\d-\d\d$/.test(day) || Number.isNaN(Date.parse(day))) {
    throw new CockpitError({
      code: "invalid-value",
      what: `--until takes a day such as ${dayAfter(found.now, defaultDays)}, not ${JSON.stringify(day)}.`,
    });
  }
  const problem = timeProblem(day, found.now);
  if (problem !== undefined) {
    throw new CockpitError({ code: "invalid-value", what: `--until ${day} ${problem}.` });
  }
  say(
    `Confirmed until the end of ${day} (UTC), as long as nothing about it changes: that ${found.description} may be lost in ${project}/${stack}.`,
  );
  return { stack: `${project}/${stack}`, name, id, reason, until: day, code: found.codeUntil(day) };
}

/** Each that is no longer valid is said and left out: the gate of the pipeline and the provider refuse what they miss. */
async function valueOf(
  { context, project, stack }: Review,
  file: readonly Confirmation[],
  before: readonly Confirmation[],
): Promise<string> {
  const ours = file.filter((each) => each.stack === `${project}/${stack}`);
  const typed = await Promise.all(
    ours.map(async (each) => {
      const what = `the confirmation of ${JSON.stringify(each.name)} (${each.id})`;
      if (before.some((earlier) => isDeepStrictEqual(earlier, each))) {
        say(`${what} came with an earlier change and does not count for this one: take it out.`);
        return [];
      }
      const found = await groupInReview(context, { project, stack }, each.id);
      if (!found) {
        say(`${what} is not needed any more, because that is gone: take it out.`);
        return [];
      }
      const problem =
        timeProblem(each.until, found.now) ??
        (found.group.name === each.name && found.isCode(each.code, each.until)
          ? undefined
          : "is not for it as it is now: it was renamed, changed or used since, or the entry was written manually");
      if (problem !== undefined) {
        say(`${what} ${problem}. Confirm it again, and have that reviewed.`);
        return [];
      }
      return [found.typed];
    }),
  );
  const all = typed.flat();
  return all.length === 0 ? "" : `${JSON.stringify(all)}\n`;
}

function timeProblem(until: string, now: number): string | undefined {
  const end = Date.parse(until) + dayMs;
  if (end <= now) {
    return `ended with ${until}`;
  }
  return end > now + (maxDays + 1) * dayMs ? `is for more than ${maxDays} days` : undefined;
}

function dayAfter(now: number, days: number): string {
  return new Date(now + days * dayMs).toISOString().slice(0, 10);
}

function say(line: string): void {
  process.stderr.write(`pulumi-cockpit confirm: ${readable(line)}\n`);
}
