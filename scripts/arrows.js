// @ts-check
/**
 * Who may import whom. Lint refuses other arrows where they are written; `tests/architecture.test.ts` reads the import graph of
 * the whole repository against the same table, and finds circles.
 */
"use strict";

/**
 * A room, and the rooms that it may import besides itself.
 * @type {Record<string, readonly string[]>}
 */
const arrows = {
  "provider/errors": [],
  "provider/config": ["provider/errors"],
  "provider/framework": ["provider/errors"],
  "provider/client": ["provider/config", "provider/framework", "provider/errors"],
  "provider/runtime": ["provider/client", "provider/config", "provider/framework", "provider/errors"],
  "provider/resources": [
    "provider/runtime",
    "provider/client",
    "provider/config",
    "provider/framework",
    "provider/errors",
  ],
  "provider/functions": [
    "provider/resources",
    "provider/runtime",
    "provider/client",
    "provider/config",
    "provider/framework",
    "provider/errors",
  ],
  "provider/host": ["provider/framework", "provider/errors"],
  "provider/dynamic": [
    "provider/host",
    "provider/resources",
    "provider/runtime",
    "provider/client",
    "provider/config",
    "provider/framework",
    "provider/errors",
  ],
  "provider/plugin": [
    "provider/host",
    "provider/functions",
    "provider/resources",
    "provider/runtime",
    "provider/client",
    "provider/config",
    "provider/framework",
    "provider/errors",
    "sdk",
  ],
  codegen: ["provider/config", "provider/framework", "provider/errors"],
  sdk: ["provider/functions", "provider/errors"],
  // `adopt` lists and reads as an import does, so that what it writes is what the provider will compare with; `confirm` looks at
  // what would be lost as a refusal does.
  cli: ["provider/resources", "provider/runtime", "provider/config", "provider/framework", "provider/errors"],
  emulator: [],
};

/**
 * Packages that a room does without: the engine's SDK and the HTTP client belong to one room each, and a program that imports
 * the SDK loads no schema.
 * @type {Record<string, readonly string[]>}
 */
const closedPackages = {
  "provider/errors": ["@pulumi", "undici", "zod"],
  "provider/config": ["@pulumi", "undici"],
  "provider/framework": ["@pulumi", "undici"],
  "provider/client": ["@pulumi"],
  "provider/runtime": ["@pulumi", "undici"],
  "provider/resources": ["@pulumi", "undici"],
  "provider/functions": ["@pulumi", "undici"],
  sdk: ["zod", "undici"],
  cli: ["@pulumi"],
  emulator: ["@pulumi"],
  codegen: ["@pulumi", "undici"],
};

/** Everything else that is in the repository and that no room may import. */
const outside = ["bench", "examples", "scripts", "tests", "toolchain"];

const message = "This arrow does not exist: see scripts/arrows.js.";

/** Zones of `import-x/no-restricted-paths`. */
const zones = Object.entries(arrows).map(([room, allowed]) => ({
  target: `./${room}`,
  from: [...Object.keys(arrows), ...outside]
    .filter((other) => other !== room && !allowed.includes(other))
    .map((other) => `./${other}`),
  message,
}));

module.exports = { arrows, closedPackages, outside, zones, message };
