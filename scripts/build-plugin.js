// @ts-check
/**
 * npm's `prepare`. Whoever adds this folder as a plugin is to get no build tool with it: the one that makes the plugin's file is
 * borrowed for the build, in the version that package-lock.json pins and checks. npm brings a compiler all the same, because the
 * engine's SDK may use one; it is removed.
 */
"use strict";

const { spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");

const root = path.join(__dirname, "..");

/** @param {string} command @param {string[]} args @param {string} directory */
function run(command, args, directory) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: directory,
      stdio: ["ignore", "ignore", "inherit"],
      shell: process.platform === "win32",
    });
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) {
        resolve(undefined);
      } else {
        reject(new Error(`${command} ${args.join(" ")} ended with exit code ${code}`));
      }
    });
  });
}

/**
 * @template Result
 * @param {(esbuild: import("./bundle").Esbuild) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function withBorrowedBundler(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-build-"));
  try {
    const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
    const pinned = Object.entries(lock.packages)
      .filter(([location]) => /^node_modules\/(esbuild|@esbuild\/[^/]+)$/.test(location))
      .map(([location, { version, integrity, os, cpu, optional, optionalDependencies }]) => [
        location,
        { version, integrity, os, cpu, optional, optionalDependencies },
      ]);
    const { version } = lock.packages["node_modules/esbuild"];
    const wanted = { name: "build", version: "1.0.0", dependencies: { esbuild: version } };
    const packages = { "": wanted, ...Object.fromEntries(pinned) };
    const files = {
      "package.json": wanted,
      "package-lock.json": { ...wanted, lockfileVersion: 3, packages },
    };
    for (const [name, content] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
    }
    const options = [
      "--include=optional",
      "--prefer-offline",
      "--ignore-scripts",
      "--no-audit",
      "--no-fund",
      "--loglevel=error",
    ];
    await run("npm", ["ci", "--prefix", folder, ...options], folder);
    const esbuild = require(path.join(folder, "node_modules", "esbuild"));
    try {
      return await work(esbuild);
    } finally {
      await esbuild.stop();
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * File by file, as `isolatedModules` allows: the types were judged when the sources were committed. Then what the engine starts in
 * one file, as in a published package.
 * @param {import("./bundle").Esbuild} esbuild
 * @param {string[]} folders
 * @param {string} target
 */
async function compile(esbuild, folders, target) {
  const sources = folders.flatMap((folder) =>
    fs
      .readdirSync(path.join(root, folder), { recursive: true })
      .map((file) => path.join(folder, String(file)))
      .filter((file) => /(?<!\.test|\.d)\.ts$/.test(file)),
  );
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: sources,
    outdir: target,
    outbase: root,
    format: "cjs",
    platform: "node",
    logLevel: "warning",
  });
  // Not in a published package, which has it done.
  await require("./bundle").bundleProvider(esbuild, target);
}

/** @param {string} name */
const installed = (name) => path.join(root, "node_modules", name);

async function main() {
  // A published package is built already.
  if (!fs.existsSync(path.join(root, "tsconfig.build.json"))) {
    return;
  }
  const { build, compileInto, dist, fingerprint, readConfigs, stamp } = require("./build");
  const isForDevelopment = fs.existsSync(installed("jest"));
  if (isForDevelopment) {
    // The repository's own commands build again by themselves.
    if (!fs.existsSync(dist)) {
      await build(console.error);
    }
    return;
  }
  const { folders } = readConfigs();
  const current = fingerprint(folders);
  const isCurrent =
    fs.existsSync(dist) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8").startsWith(current);
  if (!isCurrent) {
    await withBorrowedBundler((esbuild) =>
      compileInto(dist, (partial) => compile(esbuild, folders, partial)),
    );
  }
  fs.rmSync(installed("typescript"), { recursive: true, force: true });
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  // Without declarations, which only programs in TypeScript need: the next build of a developer makes them.
  fs.writeFileSync(stamp, `${current} without declarations`);
}

if (require.main === module) {
  main().catch((error) => {
    console.error(
      `The Cockpit plugin could not be built: ${error instanceof Error ? error.message : error}. Its build takes one package, esbuild, from npm's registry; the archives of a release are built already.`,
    );
    process.exitCode = 1;
  });
}
