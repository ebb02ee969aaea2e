import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { summarise } from "../cli/summary/markdown";
import { readPreview } from "../cli/summary/read-preview";

/** What stands in the README and in docs/ leads somewhere, compiles, and can be typed. */
const root = path.join(__dirname, "..");
const read = (file: string) => readFileSync(path.join(root, file), "utf8");
const pages = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard", "--", "*.md"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => file !== "" && existsSync(path.join(root, file)));

interface Block {
  page: string;
  line: number;
  language: string;
  code: string;
}

const blocks: Block[] = pages.flatMap((page) =>
  [...read(page).matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(({ index, 1: language = "", 2: code = "" }) => ({
    page,
    line: read(page).slice(0, index).split("\n").length,
    language,
    code,
  })),
);
const of = (...languages: string[]) => blocks.filter(({ language }) => languages.includes(language));
const withoutCode = (text: string) => text.replace(/^```.*?^```$/gms, "").replace(/`[^`\n]*`/g, "");

const { homepage, scripts, bin } = JSON.parse(read("package.json")) as {
  homepage: string;
  scripts: Record<string, string>;
  bin: Record<string, string>;
};

describe("links", () => {
  /** As GitHub makes them of headings. */
  const anchorsOf = (page: string) =>
    new Set(
      [...read(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) =>
        heading
          .toLowerCase()
          .replace(/\[([^\]]*)\]\([^)]*\)/g, "$1")
          .replace(/[^\p{L}\p{N}\s_-]/gu, "")
          .replace(/ /g, "-"),
      ),
    );
  const linksOf = (page: string) => [
    ...[...withoutCode(read(page)).matchAll(/\]\(([^()\s]*(?:\([^()\s]*\)[^()\s]*)?)\)/g)].map(
      ([, target = ""]) => target,
    ),
    ...[...withoutCode(read(page)).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, target = ""]) => target),
  ];

  /** Where a link leads in this repository; nothing where it leads elsewhere. */
  function target(page: string, link: string): { file: string; anchor: string } | undefined {
    const here = `${homepage}/blob/main/`;
    const [address = "", anchor = ""] = link.split("#");
    if (address.startsWith(here)) {
      return { file: address.slice(here.length), anchor };
    }
    if (/^[a-z]+:/.test(address)) {
      return undefined;
    }
    return { file: address === "" ? page : path.posix.join(path.posix.dirname(page), address), anchor };
  }

  test.each(pages)("of %s lead somewhere", (page) => {
    const broken = linksOf(page).filter((link) => {
      const found = target(page, link);
      if (found === undefined) {
        return !/^(https:|mailto:|http:\/\/(127\.0\.0\.1|localhost))/.test(link);
      }
      if (!existsSync(path.join(root, found.file))) {
        return true;
      }
      if (found.anchor === "") {
        return false;
      }
      return statSync(path.join(root, found.file)).isDirectory() || !anchorsOf(found.file).has(found.anchor);
    });
    expect(broken).toEqual([]);
  });

  test("lead from the index to every page of docs/", () => {
    const linked = new Set(linksOf("docs/README.md").map((link) => target("docs/README.md", link)?.file));
    const generated = /^docs\/(resources|functions)\//;
    const missing = pages.filter(
      (page) =>
        page.startsWith("docs/") && page !== "docs/README.md" && !generated.test(page) && !linked.has(page),
    );
    expect(missing).toEqual([]);
  });
});

test("the README shows what the summary of its preview is", () => {
  const quoted = [...read("README.md").matchAll(/^> ?(.*)$/gm)].map(([, line = ""]) => line).join("\n");
  const summary = summarise(readPreview(read("tests/docs/preview.json")));
  expect(summary.startsWith(quoted)).toBe(true);
  expect(quoted).toContain("Records would be lost: 1 database");
});

describe("blocks of code", () => {
  test("are in languages that are looked at here", () => {
    const shown = ["text", "mermaid", "diff"];
    // Of the generator's examples, which have tests of their own.
    const ofGenerator = ["go", "csharp", "java"];
    const known = ["typescript", "ts", "json", "yaml", "python", "console", "sh", ...shown, ...ofGenerator];
    expect(blocks.filter(({ language }) => !known.includes(language))).toEqual([]);
  });

  /** What a page has said before, and does not say again in each block. */
  const context = `
    import type { Config } from "@pulumi/pulumi";
    import type { AccessToken, Database, OnboardedSolution, ParentOrganisation, Solution } from "pulumi-cockpit";
    import type { Emulator } from "pulumi-cockpit/emulator";
    declare global {
      const config: Config;
      const petra: Solution;
      const care: Solution;
      const france: Database;
      const clinic: ParentOrganisation;
      const backend: AccessToken;
      const onboarded: OnboardedSolution;
      const emulator: Emulator;
    }`;
  const infra = `
    import * as pulumi from "@pulumi/pulumi";
    export declare const belgium: { solutionId: pulumi.Output<string> };`;

  /** What a page's own blocks before have declared otherwise. */
  const declaredBefore: Record<string, string> = {
    "docs/getting-started.md": `import type { OnboardedSolution as Whole } from "pulumi-cockpit"; declare const petra: Whole;`,
  };

  function moduleOf({ page, language, code }: Block): string {
    const imports = [
      ...(/const petra/.test(code) ? [] : [declaredBefore[page] ?? ""]),
      ...(/import \* as pulumi/.test(code) ? [] : [`import * as pulumi from "@pulumi/pulumi";`]),
      ...(/from "pulumi-cockpit";/.test(code)
        ? []
        : [
            `import { AccessToken, Administrator, Database, ExternalServices, OnboardedSolution, Solution, TransferToken } from "pulumi-cockpit";`,
          ]),
    ].join("");
    // On the first line, so that errors name the line of the block.
    if (language === "ts") {
      return `${imports}import type { OnboardedSolutionArgs } from "pulumi-cockpit"; export const part: Partial<OnboardedSolutionArgs> = {${code}};`;
    }
    return `${imports}${code}\nexport {};`;
  }

  test("in TypeScript compile, each as a program or on top of what its page has said before", () => {
    const folder = path.join(root, "tests", "docs");
    const virtual = new Map<string, string>([
      [path.join(folder, "context.ts"), context],
      [path.join(folder, "infra.ts"), infra],
      ...of("typescript", "ts").map((block): [string, string] => [
        path.join(folder, `${block.page.replace(/\W/g, "-")}-${block.line}.ts`),
        moduleOf(block),
      ]),
    ]);
    const { config } = ts.readConfigFile(path.join(root, "tsconfig.json"), (file) =>
      ts.sys.readFile(file),
    ) as {
      config: object;
    };
    const { options } = ts.parseJsonConfigFileContent(config, ts.sys, root);
    const settings = {
      ...options,
      // As a program may have it: with an await of its own, and imports without endings.
      module: ts.ModuleKind.ESNext,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      noUnusedLocals: false,
      noUnusedParameters: false,
    };
    const disk = ts.createCompilerHost(settings);
    const textOf = (file: string) => virtual.get(path.normalize(file));
    const host: ts.CompilerHost = {
      ...disk,
      fileExists: (file) => textOf(file) !== undefined || disk.fileExists(file),
      readFile: (file) => textOf(file) ?? disk.readFile(file),
      getSourceFile: (file, language, ...rest) => {
        const text = textOf(file);
        return text === undefined
          ? disk.getSourceFile(file, language, ...rest)
          : ts.createSourceFile(file, text, language);
      },
    };
    const program = ts.createProgram([...virtual.keys()], settings, host);
    const errors = [...virtual.keys()]
      .flatMap((file) => ts.getPreEmitDiagnostics(program, program.getSourceFile(file)))
      .map(
        ({ file, start = 0, messageText }) =>
          `${path.basename(file?.fileName ?? "")}:${(file?.getLineAndCharacterOfPosition(start).line ?? 0) + 1}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`,
      );
    expect(errors).toEqual([]);
    expect(virtual.size).toBeGreaterThan(20);
  });

  test.each(of("json"))("in JSON can be read: $page:$line", ({ code }) => {
    expect(() => JSON.parse(code) as unknown).not.toThrow();
  });

  const hasPython = (() => {
    try {
      execFileSync("python3", ["--version"], { stdio: "ignore" });
      return true;
    } catch {
      console.warn("Python's blocks are not looked at: there is no python3 here.");
      return false;
    }
  })();
  test.each(of("python"))("in Python can be parsed: $page:$line", ({ code }) => {
    if (hasPython) {
      execFileSync("python3", ["-c", "import ast, sys; ast.parse(sys.stdin.read())"], { input: code });
    }
  });

  /** Where a block shows a prompt, what follows a line of it is what is printed. */
  function commandsOf({ code }: Block): string {
    const lines = code.split("\n");
    const typed = lines.filter((line) => line.startsWith("$ ")).map((line) => line.slice(2));
    return typed.length > 0 ? typed.join("\n") : code;
  }
  const shells = of("console", "sh");

  test.each(shells)("of a shell can be parsed: $page:$line", (block) => {
    expect(() =>
      execFileSync("bash", ["-n"], { input: commandsOf(block), stdio: ["pipe", "ignore", "pipe"] }),
    ).not.toThrow();
  });

  test.each(shells)("of a shell name commands, verbs and options that there are: $page:$line", (block) => {
    const text = commandsOf(block);
    const named = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name = ""]) => name);
    const commands = [...Object.keys(bin), "wait-on", "jest", "vitest"];
    const help = read("emulator/command.ts");
    expect({
      scripts: named(/npm run (?:-s )?([\w:-]+)/g).filter((name) => scripts[name] === undefined),
      commands: named(/npx (?:--no-install )?([\w-]+)/g).filter((name) => !commands.includes(name)),
      options: [...text.matchAll(/npx cockpit-emulator ([^&|\n]*)/g)]
        .flatMap(([, args = ""]) => (args.split(" -- ")[0] ?? "").match(/--[\w-]+/g) ?? [])
        .filter((option) => !help.includes(`  ${option} `)),
      verbs: named(/(?:^|&& |\d |' )pulumi ([a-z-]+)/gm).filter(
        (verb) =>
          !/^(new|config|up|preview|destroy|refresh|import|stack|state|package|plugin|login|cancel|install|about|whoami|do|deployment)$/.test(
            verb,
          ),
      ),
    }).toEqual({ scripts: [], commands: [], options: [], verbs: [] });
  });
});

test.each(["_index", "installation-configuration"])(
  "docs/%s.md is as the Pulumi Registry takes it: with front matter, and links that lead out of it whole",
  (name) => {
    const text = read(`docs/${name}.md`);
    expect(text).toMatch(/^---\ntitle: .+\nmeta_desc: .+\nlayout: package\n---\n/);
    expect(
      [...withoutCode(text).matchAll(/\]\(([^)]*)\)/g)].filter(([, link = ""]) => !/^(https:|#)/.test(link)),
    ).toEqual([]);
    // The Registry shows the title itself.
    expect(withoutCode(text)).not.toMatch(/^# /m);
  },
);
