import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import ts from "typescript";
import { arrows, outside } from "../scripts/arrows";

const root = path.join(__dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|js|mjs)$/.test(file) && existsSync(path.join(root, file)));
const rooms = Object.keys(arrows);
const isTest = (file: string) => file.endsWith(".test.ts") || file.startsWith("tests/");

/** The files of this repository that a file imports, requires or imports by a call; types count too. */
function importsOf(file: string): string[] {
  const text = readFileSync(path.join(root, file), "utf8");
  return ts
    .preProcessFile(text, true, true)
    .importedFiles.map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => path.posix.join(path.posix.dirname(file), name))
    .flatMap((name) => {
      const candidates = [name, `${name}.ts`, `${name}.js`, `${name}/index.ts`, `${name}/index.js`];
      return candidates.find((candidate) => files.includes(candidate)) ?? [];
    });
}

const graph = new Map(files.map((file) => [file, importsOf(file)]));

function roomOf(file: string): string | undefined {
  return [...rooms, ...outside].find((room) => file.startsWith(`${room}/`));
}

test("reads imports of every form", () => {
  expect(graph.size).toBeGreaterThan(300);
  expect(graph.get("sdk/look-up.ts")).toContain("provider/functions/serve.ts");
  expect(graph.get("scripts/test.js")).toContain("scripts/prepare.js");
});

test("has no arrow between rooms that scripts/arrows.js does not name", () => {
  const wrong = [...graph]
    .filter(([file]) => !isTest(file))
    .flatMap(([file, targets]) =>
      targets
        .filter((target) => {
          const [from, to] = [roomOf(file), roomOf(target)];
          return (
            from !== undefined && rooms.includes(from) && from !== to && !arrows[from]?.includes(to ?? "")
          );
        })
        .map((target) => `${file} -> ${target}`),
    );
  expect(wrong).toEqual([]);
});

test("names only rooms that there are", () => {
  for (const room of [...rooms, ...Object.values(arrows).flat()]) {
    expect(files.some((file) => file.startsWith(`${room}/`)) || room === "provider/plugin").toBe(true);
  }
});
