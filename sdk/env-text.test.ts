import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import dotenv from "dotenv";
import { expand } from "dotenv-expand";
import fc from "fast-check";
import { envLine, EnvText, envVariableProblem } from "./env-text";

const folder = mkdtempSync(path.join(tmpdir(), "cockpit-env-text-"));
afterAll(() => rmSync(folder, { recursive: true }));

type Values = Record<string, string>;
const printed = "process.stdout.write(JSON.stringify(process.env))";

/** What each reader that the docs name makes of a file, by itself. */
const readers: Record<string, (file: string) => Values> = {
  sh: (file) => run("sh", ["-c", `set -a; . "$1"; exec "$2" -e '${printed}'`, "sh", file, process.execPath]),
  node: (file) => run(process.execPath, [`--env-file=${file}`, "-e", printed]),
  dotenv: (file) => dotenv.config({ path: file, processEnv: {}, quiet: true }).parsed ?? {},
  "dotenv-expand": (file) => {
    const { parsed = {} } = dotenv.config({ path: file, processEnv: {}, quiet: true });
    return expand({ parsed, processEnv: {} }).parsed ?? {};
  },
};

function run(command: string, args: string[]): Values {
  const env = { PATH: process.env.PATH, HOME: "/home/ada", SECRET: "from elsewhere" };
  return JSON.parse(execFileSync(command, args, { env, encoding: "utf8", cwd: folder })) as Values;
}

function expectRead(values: Values): void {
  const file = path.join(folder, ".env");
  const lines = Object.entries(values).map(([name, value]) => envLine(name, value));
  writeFileSync(file, new EnvText("# Mine\nMINE='1'\n", "petra").with(lines), "latin1");
  for (const [reader, read] of Object.entries(readers)) {
    const { MINE, ...found } = read(file);
    expect({ reader, MINE, ...pick(found, Object.keys(values)) }).toEqual({ reader, MINE: "1", ...values });
  }
}

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(names.map((name) => [name, values[name] ?? "(nothing)"]));
}

test("all readers take the same text", () => {
  expectRead({
    ID: "ic-petra-1",
    EMPTY: "",
    TOKEN: "eyJhbGciOi.J9-_.x",
    BASE64: "YQ==",
    NAME: "Petra & Söhne 🩺",
    BACKTICK: "a`id`b",
    QUOTE: 'a"b',
    APOSTROPHE: "it's; # no comment",
    BACKSLASH: "a\\b\\n",
    MULTI: "line1\nline2\n",
    SPACES: "  a\t",
    PRICE: "100$ or $ 5",
  });
});

test("what they would take differently is refused by its name, never by its value", () => {
  const refused = {
    DOLLAR: "pa$word$1",
    BRACES: "${HOME}",
    COMMAND: "$(id)",
    ESCAPED: "a\\$",
    CARRIAGE: "a\r\nb",
    ENDING: "a\\",
    BOTH: `'"`,
    MARK: "a\n# END pulumi-cockpit petra\nb",
    HALF: "\ud83d",
    NUL: "\0",
  };
  for (const [name, value] of Object.entries(refused)) {
    expect(envVariableProblem(name, value)).toMatch(new RegExp(`^${name} has (?!.*pa\\$word)`));
  }
  expect(envVariableProblem("MY-NAME", "a")).toContain('"MY-NAME" is not a name');
  expect(envVariableProblem("MISSING", undefined)).toBe("MISSING has no text as its value");
});

test("whatever is not refused is read alike", () => {
  const pieces = [
    "'",
    '"',
    "`",
    "$",
    "\\",
    "\n",
    " ",
    "#",
    "=",
    "a",
    "1",
    "{",
    "}",
    "(",
    ")",
    "!",
    "\u2028",
    "~",
    "export A=",
  ];
  const values = fc
    .sample(fc.string({ unit: fc.constantFrom(...pieces), maxLength: 6 }), { numRuns: 2000, seed: 9 })
    .filter((value) => envVariableProblem("A", value) === undefined);
  expect(values.length).toBeGreaterThan(1000);
  expectRead(Object.fromEntries(values.map((value, index) => [`A${index}`, value])));
});

test("only the project's own block is replaced, wherever it stands", () => {
  const mine = "# Mine, comes first\r\nMINE=1\r\n";
  const first = new EnvText(`${mine}LAST=2`, "petra").with(["ID=1", "OLD=1"]);
  const moved = `${first}# Below\nexport BELOW=\xe9\n`;
  const second = new EnvText(moved, "petra").with(["ID=2"]);
  expect(second).toBe(
    `${mine}LAST=2\n# BEGIN pulumi-cockpit petra (replaced by pulumi up)\nID=2\n# END pulumi-cockpit petra\n# Below\nexport BELOW=\xe9\n`,
  );
  expect(new EnvText(second, "petra").foreign(["ID", "BELOW", "MINE", "NEW"])).toEqual(["BELOW", "MINE"]);
  expect(new EnvText(second, "petra-2").foreign(["ID"])).toEqual(["ID"]);
  expect(new EnvText(second, "petra-2").with(["B=1"])).toContain(second);
  expect(new EnvText(second, "petra").with(["ID=2"])).toBe(second);
});

test.each([
  ["no end", "# BEGIN pulumi-cockpit petra (replaced by pulumi up)\nID=1\nMINE=1\n"],
  ["no beginning", "ID=1\n# END pulumi-cockpit petra\nMINE=1\n"],
  ["two", new EnvText("", "petra").with([]).repeat(2)],
])("a block with %s is nobody's to replace", (_what, text) => {
  expect(() => new EnvText(text, "petra")).toThrow("must stand there once each");
});
