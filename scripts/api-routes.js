// @ts-check
/** Writes docs/api-routes.md from the blocks `Routes: …` in the client's files, which stand beside the calls. */
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");
const client = path.join(root, "provider/client");

/**
 * The page, written again. Which published client makes a call stays as it stands there: tests/clients hold that column against what the
 * clients send, and a route that is new begins with none.
 * @param {string} page
 */
function apiRoutes(page) {
  const [introduction = "", ...sections] = page.split(/^## /m);
  const madeBy = new Map(
    [...page.matchAll(/^\| `([A-Z]+ \/[^`]+)`.*\|([^|]*)\|$/gm)].map(([, call = "", made = ""]) => [
      call,
      made.trim(),
    ]),
  );
  /** @type {Map<string, string[]>} */
  const rows = new Map(sections.map((section) => [section.split("\n", 1)[0] ?? "", []]));
  for (const [, title = "", lines = ""] of declarations()) {
    const routes = lines
      .trim()
      .split("\n")
      .map((line) => line.replace(/^ ?\* /, "").split(" | "));
    const written = routes.map(
      ([call = "", purpose, source]) =>
        `| \`${call}\` | ${purpose} | ${source} | ${madeBy.get(call) ?? "none"} |`,
    );
    rows.set(title, [...(rows.get(title) ?? []), ...written]);
  }
  return [
    introduction,
    ...[...rows].map(
      ([title, lines]) =>
        `## ${title}\n\n| call | what for | confirmed by | made by |\n| --- | --- | --- | --- |\n${lines.join("\n")}\n\n`,
    ),
  ].join("");
}

function declarations() {
  return fs
    .readdirSync(client)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [
      ...fs
        .readFileSync(path.join(client, file), "utf8")
        .matchAll(/^\/\*\n \* Routes: (.*)\n((?: \* [A-Z]+ \/.*\n)+) \*\/$/gm),
    ]);
}

module.exports = { apiRoutes };
