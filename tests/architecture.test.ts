import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import path from "node:path";
import { arrows, outside } from "../scripts/arrows";
import { circles, foldersOf, importGraph } from "../scripts/import-graph";

const root = path.join(__dirname, "..");
const files = execFileSync("git", ["ls-files", "--cached", "--others", "--exclude-standard"], {
  cwd: root,
  encoding: "utf8",
})
  .split("\n")
  .filter((file) => /\.(ts|js|mjs)$/.test(file) && existsSync(path.join(root, file)));
const rooms = Object.keys(arrows);
const isTest = (file: string) => file.endsWith(".test.ts") || file.startsWith("tests/");

const graph = importGraph(root, files);

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

test("has no files that import each other in a circle", () => {
  expect(circles(graph)).toEqual([]);
});

test("has no folders that import from each other in a circle", () => {
  expect(circles(foldersOf(graph))).toEqual([]);
});

test("finds circles of two and of more", () => {
  const some = new Map([
    ["a", ["b"]],
    ["b", ["c"]],
    ["c", ["a", "d"]],
    ["d", ["e"]],
    ["e", ["d", "f"]],
    ["f", []],
  ]);
  expect(circles(some).map((circle) => circle.join())).toEqual(["d,e", "a,b,c"]);
});
