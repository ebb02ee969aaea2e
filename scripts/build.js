// @ts-check
"use strict";

const { createHash } = require("node:crypto");
const fs = require("node:fs");
const path = require("node:path");
const { bundleProvider } = require("./bundle");
const { root, runHere } = require("./install");

const dist = path.join(root, "dist");
/** What a browser takes as it is. */
const page = path.join("emulator", "page", "browser");
const stamp = path.join(root, "node_modules", ".cache", "pulumi-cockpit-build");
const configs = [
  "package.json",
  "package-lock.json",
  "tsconfig.json",
  "tsconfig.build.json",
  "scripts/bundle.js",
];

/** @returns {{ folders: string[], commands: string[] }} what is compiled, and what of it is run by name */
function readConfigs() {
  const read = (/** @type {string} */ file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));
  return { folders: read("tsconfig.build.json").include, commands: Object.values(read("package.json").bin) };
}

/** @param {string[]} folders */
function fingerprint(folders) {
  const sources = folders.flatMap((folder) =>
    fs.existsSync(path.join(root, folder))
      ? fs
          .readdirSync(path.join(root, folder), { recursive: true })
          .map((file) => path.join(folder, String(file)))
      : [],
  );
  const hash = createHash("sha256");
  for (const file of [...configs, ...sources.filter((name) => /\.(ts|html|css|js)$/.test(name)).sort()]) {
    const { mtimeMs, size } = fs.statSync(path.join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest("hex");
}

/**
 * Compiled aside first: a build that fails leaves the last good one, and a deleted source leaves nothing.
 * @param {string} target
 * @param {(folder: string) => Promise<void>} compile
 */
async function compileInto(target, compile) {
  const partial = `${target}.partial`;
  fs.rmSync(partial, { recursive: true, force: true });
  try {
    await compile(partial);
    fs.cpSync(path.join(root, page), path.join(partial, page), {
      recursive: true,
      filter: (source) => path.basename(source) !== "tsconfig.json",
    });
    fs.rmSync(target, { recursive: true, force: true });
    fs.renameSync(partial, target);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}

/**
 * Compiles the package into dist/, unless nothing has changed since the last time.
 * @param {(message: string) => void} log
 */
async function build(log) {
  const { folders, commands } = readConfigs();
  const current = fingerprint(folders);
  if (fs.existsSync(dist) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === current) {
    return;
  }

  log("building (tsc)");
  await compileInto(dist, async (partial) => {
    const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
    const code = await runHere(process.execPath, [
      compiler,
      "-p",
      "tsconfig.build.json",
      "--outDir",
      partial,
    ]);
    if (code !== 0) {
      throw new Error("The build failed: what the compiler printed above says why.");
    }
    // Not before the dependencies are there, which a bare clone has not.
    await bundleProvider(require("esbuild"), partial);
  });
  for (const file of commands) {
    if (fs.existsSync(path.join(root, file))) {
      fs.chmodSync(path.join(root, file), 0o755);
    }
  }
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  fs.writeFileSync(stamp, current);
}

module.exports = { build, compileInto, dist, fingerprint, readConfigs, root, stamp };
