// @ts-check
/**
 * `npm run release:matrix [-- 22 24]`: the packed package under each Node.js and with the oldest and the newest SDK that it says it takes. For
 * each pair somebody installs it, compiles a program, brings it up on the emulator with the real engine, and previews it again.
 */
"use strict";

const { execFileSync, spawn } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { pulumiEnvironment } = require("./pulumi-environment");
const { main, prepare, root } = require("./prepare");

/** The newest SDK for Node.js 20 is older than the one that is current. */
const pairs = [
  ["20.18.1", "oldest"],
  ["20", "3.248.0"],
  ["22", "oldest"],
  ["22", "latest"],
  ["24", "latest"],
];

const isWindows = process.platform === "win32";
/** Holds the executable alone; the package "node" would need a script of its own to bring it. */
const nodePackage = `node-${isWindows ? "win" : process.platform}-${process.arch}`;

const { peerDependencies, devDependencies } = JSON.parse(
  fs.readFileSync(path.join(root, "package.json"), "utf8"),
);
const oldest = String(peerDependencies["@pulumi/pulumi"]).replace("^", "");

const program = `
import { Database, getClustersOutput, Solution } from "pulumi-cockpit";
const petra = new Solution("petra", { name: "Petra" });
export const france: Database = new Database("petra-france", { name: "Petra France", solutionId: petra.id });
export const clusters = getClustersOutput().clusters;
`;

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv }} options
 * @returns {Promise<string>}
 */
function run(command, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { ...options, stdio: ["ignore", "pipe", "pipe"] });
    let output = "";
    child.stdout.on("data", (data) => (output += data));
    child.stderr.on("data", (data) => (output += data));
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0
        ? resolve(output)
        : reject(new Error(`${command} ${args.join(" ")} ended with ${code}:\n${output}`)),
    );
  });
}

/**
 * @param {{ node: string, sdk: string, tarball: string, engine: import("../toolchain/engine").Engine }} pair
 * @returns {Promise<string>} the versions that were tried
 */
async function tryPair({ node, sdk, tarball, engine }) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-matrix-"));
  const emulatorModule = path.join(root, "dist", "emulator");
  /** @type {typeof import("../emulator")} */
  const { startEmulator } = require(emulatorModule);
  const emulator = await startEmulator();
  try {
    const files = {
      "package.json": JSON.stringify({ name: "matrix", private: true, main: "index.ts" }),
      "Pulumi.yaml": "name: matrix\nruntime: nodejs\n",
      "tsconfig.json": JSON.stringify({
        compilerOptions: {
          strict: true,
          target: "es2022",
          module: "node16",
          moduleResolution: "node16",
          noEmit: true,
        },
        files: ["index.ts"],
      }),
      "index.ts": program,
    };
    for (const [name, text] of Object.entries(files)) {
      fs.writeFileSync(path.join(folder, name), text);
    }
    fs.mkdirSync(path.join(folder, "state"));
    const tools = [
      `${nodePackage}@${node}`,
      `typescript@${devDependencies.typescript}`,
      `@types/node@${devDependencies["@types/node"]}`,
    ];
    const installed = [`@pulumi/pulumi@${sdk === "oldest" ? oldest : sdk}`, tarball, ...tools];
    await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...installed], {
      cwd: folder,
      env: process.env,
    });
    const binary = path.join(folder, "node_modules", nodePackage, "bin", isWindows ? "node.exe" : "node");
    const env = pulumiEnvironment(engine, { folder, cockpit: emulator });
    env.PATH = `${path.dirname(binary)}${path.delimiter}${env.PATH}`;
    await run(binary, [path.join(folder, "node_modules/typescript/bin/tsc"), "-p", "."], {
      cwd: folder,
      env,
    });
    await run(engine.pulumi, ["stack", "init", "test"], { cwd: folder, env });
    await run(engine.pulumi, ["up", "--yes", "--skip-preview"], { cwd: folder, env });
    await run(engine.pulumi, ["preview", "--expect-no-changes"], { cwd: folder, env });
    const made = emulator.groups().filter(({ superGroup }) => superGroup !== undefined);
    if (made.length !== 2) {
      throw new Error(`${made.length} groups were made instead of 2`);
    }
    const sdkVersion = JSON.parse(
      fs.readFileSync(path.join(folder, "node_modules/@pulumi/pulumi/package.json"), "utf8"),
    ).version;
    const nodeVersion = execFileSync(binary, ["--version"], { encoding: "utf8" }).trim();
    return `Node.js ${nodeVersion}, @pulumi/pulumi ${sdkVersion}`;
  } finally {
    await emulator.close();
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

async function matrix() {
  const { engine } = await prepare({ engine: true });
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-release-"));
  try {
    execFileSync("npm", ["pack", "--loglevel=error", "--pack-destination", folder], { cwd: root });
    const tarball = path.join(folder, String(fs.readdirSync(folder)[0]));
    const wanted = process.argv.slice(2);
    for (const [node = "", sdk = ""] of pairs) {
      if (wanted.length > 0 && !wanted.includes(node)) {
        continue;
      }
      try {
        console.log(`ok     ${await tryPair({ node, sdk, tarball, engine })}`);
      } catch (error) {
        process.exitCode = 1;
        console.log(
          `WRONG  Node.js ${node}, @pulumi/pulumi ${sdk}: ${error instanceof Error ? error.message : error}`,
        );
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main(matrix);
