import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { readRunVariables } from "../../provider/config/settings";
import { confirmFile, readConfirmations } from "../confirm/file";
import { CockpitError } from "../../provider/errors";
import { changesOf } from "./changes";
import { line } from "./escape";
import { Confirmations } from "./confirmations";
import { defaultMaxCharacters, summarise } from "./markdown";
import { readPreview, UnreadablePreview } from "./read-preview";

/** How the command ends, for the gates of a pipeline. Outside of the engine's own codes, which are 0 to 10 and 255. */
export const exitCodes = {
  fine: 0,
  usage: 2,
  /** A solution or database would be lost, and this change does not confirm it. */
  lost: 20,
  /** The preview failed or is not whole. */
  failed: 21,
  /** A mandatory policy is violated. */
  policy: 22,
  /** The file is not a preview. */
  unreadable: 23,
} as const;

export const summaryUsage = `  summary FILE   turns a preview into Markdown for a pull request (FILE "-": standard input)
      FILE holds what \`pulumi preview --json\` printed, with or without PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true
      --exit-code N       how \`pulumi preview\` ended: a failed one may have printed a whole-looking document
      --max-characters N  the length that the place takes; default ${defaultMaxCharacters}
      --confirmations FILE  the change's ${confirmFile}: says which losses it confirms. A loss counts as confirmed
                          where COCKPIT_CONFIRM_DELETE has it too, as \`pulumi-cockpit confirm\` printed it
      Ends with 0; 20: a solution or database would be lost that is not confirmed; 21: the preview failed or is not whole;
      22: a mandatory policy is violated; 23: FILE is not a preview. The most severe of several.`;

export async function runSummary(args: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      "exit-code": { type: "string" },
      "max-characters": { type: "string" },
      confirmations: { type: "string" },
    },
  });
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) {
    process.stderr.write(`Usage:\n${summaryUsage}\n`);
    return exitCodes.usage;
  }
  const exitCode = wholeNumber("exit-code", values["exit-code"]);
  const maxCharacters = wholeNumber("max-characters", values["max-characters"]);
  const text = file === "-" ? await standardInput() : await readFile(file, "utf8");
  try {
    const preview = readPreview(text, { exitCode });
    const confirmations =
      values.confirmations === undefined
        ? undefined
        : new Confirmations(
            preview,
            await readConfirmations(values.confirmations),
            readRunVariables((name) => process.env[name]).confirmDelete,
          );
    process.stdout.write(summarise(preview, { maxCharacters, confirmations }));
    if (
      changesOf(preview).some((change) => change.effect === "lost" && !confirmations?.isConfirmed(change))
    ) {
      return exitCodes.lost;
    }
    if (preview.failure !== undefined) {
      return exitCodes.failed;
    }
    return preview.violations.some(({ level }) => level === "mandatory") ? exitCodes.policy : exitCodes.fine;
  } catch (error) {
    if (!(error instanceof UnreadablePreview)) {
      throw error;
    }
    process.stderr.write(`pulumi-cockpit summary: ${line(`${file}: ${error.message}`)}\n`);
    return exitCodes.unreadable;
  }
}

function wholeNumber(name: string, text: string | undefined): number | undefined {
  if (text === undefined) {
    return undefined;
  }
  const value = Number(text);
  if (!Number.isSafeInteger(value) || value < 0) {
    throw new CockpitError({
      code: "invalid-value",
      what: `--${name} takes a whole number, not ${JSON.stringify(text)}.`,
    });
  }
  return value;
}

async function standardInput(): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of process.stdin) {
    chunks.push(chunk as Buffer);
  }
  return Buffer.concat(chunks).toString("utf8");
}
