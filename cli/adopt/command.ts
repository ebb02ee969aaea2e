import { access, mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { CockpitError } from "../../provider/errors";
import { readable } from "../../provider/framework/readable";
import { createContext } from "../../provider/runtime/create-context";
import { readExisting, type Existing } from "../../provider/resources/import/existing";
import { existingKinds, type ExistingKind } from "../../provider/resources/import/kinds";
import { fillIds } from "./fill";
import { forms, importFileOf, type Form } from "./import-file";
import { looksManaged, managedIds } from "./managed";
import { planOf, problemOf, type Plan } from "./plan";
import { languages, programFiles, programOf } from "./program";

export const adoptUsage = `  adopt          writes what is in Cockpit as a program, and import.json for \`pulumi import --file\`; changes nothing
      Cockpit is reached by COCKPIT_URL, COCKPIT_USERNAME, COCKPIT_PASSWORD and the other variables of the provider
      --language L        typescript (default), python or yaml
      --form F            dynamic (npm install pulumi-cockpit; default for typescript) or plugin (pulumi package add)
      --project P --stack S   whose stack it is for; dynamic resources carry both names
      --out FOLDER        where to write; default: here. Nothing is overwritten
      --environment KEY   one of cockpit:environments; default: all
      --solution NAME     only this solution, by name or id; may be given several times
      --kind KIND         ${existingKinds.join(", ")} or all; may be given several times.
                          Default: all but User and AccessToken; where there are more than 50 solutions and databases,
                          only what is told together with them. What was not read is said, and stands in the program
      --state FILE        leaves out what a stack manages, whose \`pulumi stack export\` is in FILE; may be given several times
      --ids               instead: prints what COCKPIT_ADOPT takes, the ids of all of it
      --fill FILE         instead: fills the ids into FILE, which \`pulumi preview --import-file FILE\` wrote, by names.
                          Ends with 24 where some were not found`;

/** Some ids were not found. */
const notAllFilled = 24;

const options = {
  language: { type: "string", default: "typescript" },
  form: { type: "string" },
  project: { type: "string" },
  stack: { type: "string" },
  out: { type: "string", default: "." },
  environment: { type: "string" },
  solution: { type: "string", multiple: true, default: [] as string[] },
  kind: { type: "string", multiple: true, default: [] as string[] },
  state: { type: "string", multiple: true, default: [] as string[] },
  ids: { type: "boolean", default: false },
  fill: { type: "string" },
} as const;

/** Runs `pulumi-cockpit adopt`. Whatever goes wrong is thrown as a sentence. */
export async function runAdopt(args: readonly string[], variables: NodeJS.ProcessEnv): Promise<number> {
  const { values } = parseArgs({ args: [...args], options });
  const language = oneOf("language", values.language, languages);
  const byLanguage = language === "typescript" ? "dynamic" : "plugin";
  const form = oneOf("form", values.form ?? byLanguage, forms);
  if (form === "dynamic" && language !== "typescript") {
    throw new CockpitError({
      code: "invalid-value",
      what: `--form dynamic serves programs in TypeScript only. Leave it out, or --language ${language}.`,
    });
  }
  const { project = "", stack = "", fill, ids } = values;
  const text = fill === undefined ? undefined : await readFile(fill, "utf8");
  const needsNames =
    text === undefined ? !ids && form === "dynamic" : text.includes('"pulumi-nodejs:cockpit:');
  if (needsNames && (project === "" || stack === "")) {
    throw new CockpitError({
      code: "invalid-value",
      what: "dynamic resources carry the names of their project and stack: give --project (name in Pulumi.yaml) and --stack.",
    });
  }
  const kinds = text === undefined ? kindsOf(values.kind) : kindsIn(text);
  const files = text === undefined && !ids ? await freeFiles(values.out, programFiles[language]) : undefined;
  const managed = new Set((await Promise.all(values.state.map(readState))).flat());

  const context = createContext({
    configuration: () => undefined,
    variables: (name) => variables[name],
    warn: (message) => say(`warning: ${message}`),
    inform: say,
  });
  const filters = { environment: values.environment, solutions: values.solution, kinds };
  const { existing, notRead } = await readExisting(context, filters, { project, stack });
  const unmanaged = existing.filter(({ id }) => !managed.has(id));
  const refused = unmanaged.flatMap(problemsOf);
  const left = unmanaged.filter((each) => problemOf(each) === undefined);
  notRead.forEach((each) => say(`not read: ${each}`));
  refused.forEach((each) => say(`warning: left out: ${each}`));
  warnOfManaged(left);
  if (ids) {
    process.stdout.write(`${JSON.stringify(left.map(({ id }) => id))}\n`);
    return 0;
  }
  const plan = planOf(left);
  if (fill !== undefined && text !== undefined) {
    const { text: filled, filled: count, open } = fillIds(text, plan, { project, stack });
    await writeFile(fill, filled);
    say(`Filled ${count} ids into ${fill}.`);
    open.forEach((line) => say(`not filled: ${line}`));
    return open.length > 0 ? notAllFilled : 0;
  }
  if (files) {
    await mkdir(values.out, { recursive: true });
    await writeFile(files.program, programOf(plan, language, form, [...notRead, ...refused]));
    await writeFile(
      files.imports,
      `${JSON.stringify(importFileOf(plan, { form, project, stack }), undefined, 2)}\n`,
    );
    nextSteps(plan, form, files, existing.length - unmanaged.length);
  }
  return 0;
}

function nextSteps(
  { resources, secrets }: Plan,
  form: Form,
  files: { program: string; imports: string },
  leftOut: number,
): void {
  const counts = existingKinds.flatMap((kind) => {
    const count = resources.filter(({ type }) => type === kind).length;
    return count === 0 ? [] : [`${count} ${kind}`];
  });
  const without = leftOut === 0 ? "" : ` (${leftOut} are managed already and left out)`;
  say(`Wrote ${counts.join(", ") || "nothing"}${without} to ${files.program} and ${files.imports}. Next:`);
  secrets.forEach((key) => say(`  pulumi config set --secret ${key}`));
  const generate = form === "dynamic" ? " --generate-code=false" : "";
  say(`  pulumi import --file ${files.imports} --protect=false --yes${generate} --skip-preview`);
  say(
    secrets.length === 0
      ? "  pulumi preview   # shows no changes"
      : "  pulumi preview   # shows the keys, which Cockpit does not give back, and no other changes",
  );
}

/** Cockpit may hold what the provider takes from nobody. */
function problemsOf(existing: Existing): string[] {
  const problem = problemOf(existing);
  return problem === undefined
    ? []
    : [`${existing.type} ${JSON.stringify(existing.state["name"] ?? "")} (${existing.id}), since ${problem}`];
}

/** Two stacks that manage one database would each delete it. */
function warnOfManaged(existing: readonly Existing[]): void {
  const found = existing
    .filter(looksManaged)
    .map(({ state, id }) => `${JSON.stringify(state["name"])} (${id})`);
  if (found.length > 0) {
    const more = found.length > 5 ? ` and ${found.length - 5} more` : "";
    say(
      `warning: a Pulumi stack has made or taken over ${found.slice(0, 5).join(", ")}${more}. ` +
        `If it still manages them, leave them out: pulumi stack export > state.json, then --state state.json.`,
    );
  }
}

function kindsOf(given: readonly string[]): readonly ExistingKind[] | undefined {
  const kinds = given
    .flatMap((each) => each.split(","))
    .map((each) => oneOf("kind", each, [...existingKinds, "all"]));
  if (kinds.includes("all")) {
    return existingKinds;
  }
  return kinds.length === 0 ? undefined : existingKinds.filter((kind) => kinds.includes(kind));
}

/** Only what the file asks for is read; solutions always, since names of databases are made with theirs. */
function kindsIn(text: string): readonly ExistingKind[] {
  return existingKinds.filter((kind) => kind === "Solution" || text.includes(`:${kind}"`));
}

async function readState(file: string): Promise<string[]> {
  try {
    return managedIds(await readFile(file, "utf8"));
  } catch (error) {
    throw new CockpitError({
      code: "unreadable-file",
      what: `--state ${file}: ${error instanceof Error && "code" in error ? error.message : "is not what `pulumi stack export` prints"}.`,
    });
  }
}

async function freeFiles(folder: string, program: string): Promise<{ program: string; imports: string }> {
  const files = { program: path.join(folder, program), imports: path.join(folder, "import.json") };
  for (const file of Object.values(files)) {
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) {
      throw new CockpitError({
        code: "file-exists",
        what: `${file} already exists, and nothing is overwritten: choose another folder with --out.`,
      });
    }
  }
  return files;
}

function oneOf<Value extends string>(option: string, given: string, values: readonly Value[]): Value {
  const found = values.find((value) => value === given);
  if (found === undefined) {
    throw new CockpitError({
      code: "invalid-value",
      what: `--${option} must be one of ${values.join(", ")}, not ${JSON.stringify(given)}.`,
    });
  }
  return found;
}

function say(line: string): void {
  process.stderr.write(`${readable(line)}\n`);
}
