// @ts-check
/**
 * npm's `prepare`. Whoever adds this folder as a plugin is to get no build tool with it. npm brings the compiler all the same,
 * because the engine's SDK may use one; then it is used here and removed. Otherwise one is borrowed for the build, in the version
 * that package-lock.json pins and checks.
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
 * @param {(typescript: typeof import("typescript")) => Promise<Result>} work
 * @returns {Promise<Result>}
 */
async function withBorrowedCompiler(work) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-build-"));
  try {
    const lock = JSON.parse(fs.readFileSync(path.join(root, "package-lock.json"), "utf8"));
    const { version, integrity } = lock.packages["node_modules/typescript"];
    const wanted = { name: "build", version: "1.0.0", dependencies: { typescript: version } };
    const packages = { "": wanted, "node_modules/typescript": { version, integrity } };
    const files = {
      "package.json": wanted,
      "package-lock.json": { ...wanted, lockfileVersion: 3, packages },
    };
    for (const [name, content] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), JSON.stringify(content));
    }
    const npm = ["ci", "--prefix", folder, "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"];
    await run("npm", npm, folder);
    return await work(require(path.join(folder, "node_modules", "typescript")));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * File by file, as `isolatedModules` allows: the types were judged when the sources were committed.
 * @param {typeof import("typescript")} ts
 * @param {string} target
 */
function transpile(ts, target) {
  const { config } = ts.readConfigFile(path.join(root, "tsconfig.build.json"), ts.sys.readFile);
  const { options, fileNames } = ts.parseJsonConfigFileContent(config, ts.sys, root);
  for (const file of fileNames) {
    const { outputText } = ts.transpileModule(fs.readFileSync(file, "utf8"), {
      compilerOptions: { ...options, declaration: false },
      fileName: file,
    });
    const output = path.join(target, path.relative(root, file)).replace(/\.ts$/, ".js");
    fs.mkdirSync(path.dirname(output), { recursive: true });
    fs.writeFileSync(output, outputText);
  }
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
  const current = fingerprint(readConfigs().folders);
  const isCurrent =
    fs.existsSync(dist) && fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8").startsWith(current);
  if (!isCurrent) {
    const compile = (/** @type {typeof import("typescript")} */ ts) =>
      compileInto(dist, async (partial) => transpile(ts, partial));
    await (fs.existsSync(installed("typescript"))
      ? compile(require(installed("typescript")))
      : withBorrowedCompiler(compile));
  }
  fs.rmSync(installed("typescript"), { recursive: true, force: true });
  fs.mkdirSync(path.dirname(stamp), { recursive: true });
  // Without declarations, which only programs in TypeScript need: the next build of a developer makes them.
  fs.writeFileSync(stamp, `${current} without declarations`);
}

module.exports = { transpile };

if (require.main === module) {
  main().catch((error) => {
    console.error(`The Cockpit plugin could not be built: ${error instanceof Error ? error.message : error}`);
    process.exitCode = 1;
  });
}
