import { CockpitError } from "../provider/errors";

/** Why a value has no text that sh, `node --env-file`, dotenv and dotenv-expand all read as that value. */
const unreadable: readonly [RegExp, string][] = [
  [/[\r\0]/, "a carriage return or a NUL character"],
  [/\$[\w{(]|\\\$/, "a $ that starts a reference"],
  [/\\$/, "a backslash at its end"],
  [/^# (?:BEGIN|END) pulumi-cockpit /m, "a line that looks like the mark of a block"],
  [/'[^]*["$`\\]|["$`\\][^]*'/, 'a single quote together with one of " $ ` \\'],
];

/** Why a variable can't stand in an `.env` file; undefined where it can. */
export function envVariableProblem(name: string, value: unknown): string | undefined {
  if (!/^[A-Za-z_]\w*$/.test(name)) {
    return `${JSON.stringify(name)} is not a name that a shell knows: it needs letters, digits and _ only, no digit first`;
  }
  if (typeof value !== "string") {
    return `${name} has no text as its value`;
  }
  if (!value.isWellFormed()) {
    return `${name} has an unpaired surrogate (invalid Unicode)`;
  }
  const found = unreadable.find(([pattern]) => pattern.test(value));
  return found && `${name} has ${found[1]}, which readers of .env files do not agree on`;
}

/** A line that all of them read alike. */
export function envLine(name: string, value: string): string {
  const quote = /^[\w@%+:,./-]+$/.test(value) ? "" : value.includes("'") ? '"' : "'";
  return `${name}=${quote}${value}${quote}`;
}

/** An `.env` file: the block of one project, and the lines of others around it. Its bytes are latin1, so that theirs stay as they are. */
export class EnvText {
  readonly #before: string;
  readonly #after: string;
  readonly #first: string;
  readonly #last: string;

  /** Throws where the block has no end, so that nobody knows which lines are the project's. */
  constructor(text: string, project: string) {
    this.#first = `# BEGIN pulumi-cockpit ${project} (replaced by pulumi up)`;
    this.#last = `# END pulumi-cockpit ${project}`;
    const lines = text.split(/(?<=\n)/);
    const placesOf = (mark: string): number[] =>
      lines.flatMap((line, place) => (line.trimEnd() === mark ? [place] : []));
    const [from = lines.length, ...moreFirst] = placesOf(this.#first);
    const [to = lines.length, ...moreLast] = placesOf(this.#last);
    if (moreFirst.length + moreLast.length > 0 || to < from || (to === lines.length && from < to)) {
      throw new CockpitError({
        code: "env-file",
        what: `the lines "${this.#first}" and "${this.#last}" must stand there once each, in this order, or not at all`,
      });
    }
    this.#before = lines.slice(0, from).join("");
    this.#after = lines.slice(to + 1).join("");
  }

  /** Which of the variables stand outside of the block. */
  foreign(names: readonly string[]): string[] {
    const others = `${this.#before}\n${this.#after}`.matchAll(
      /^[ \t]*(?:export[ \t]+)?([\w.-]+)[ \t]*[=:]/gm,
    );
    const taken = new Set([...others].map(([, name]) => name));
    return names.filter((name) => taken.has(name));
  }

  /** The text with these lines in the block. */
  with(lines: readonly string[]): string {
    const isLineEnded = this.#before === "" || this.#before.endsWith("\n");
    const block = [this.#first, ...lines, this.#last].map((line) => Buffer.from(line).toString("latin1"));
    return `${this.#before}${isLineEnded ? "" : "\n"}${block.join("\n")}\n${this.#after}`;
  }
}
