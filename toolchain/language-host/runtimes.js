// @ts-check
"use strict";

const fs = require("node:fs");
const { createRequire } = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { findIn } = require("../find-executable");
const { mustSucceed } = require("./children");

/**
 * @typedef {Record<string, string | boolean | undefined>} RuntimeOptions what Pulumi.yaml says below `runtime.options`
 * @typedef {{ command: string, args: string[], env?: NodeJS.ProcessEnv, folder?: string }} Command `folder` goes when it has ended
 * @typedef {object} Run
 * @property {string} directory of the program
 * @property {RuntimeOptions} options
 * @property {[name: string, value: string | number | undefined][]} settings of the run, as the SDK of Node.js names them
 * @property {boolean} dryRun
 * @property {string} entry
 * @property {string[]} args
 * @typedef {object} Runtime what is different for each language
 * @property {(run: Run) => Promise<Command>} program starts a program
 * @property {(directory: string, options: RuntimeOptions) => Command[]} install brings what a program or plugin needs
 * @property {(directory: string, folder: string) => Promise<string>} link makes the SDK in `folder`, relative to `directory`, a
 *   dependency of the program, and says how to import it
 */

/** @param {Run["settings"]} settings @returns {[string, string][]} */
function given(settings) {
  return settings.flatMap(([name, value]) =>
    value === undefined || value === "" ? [] : [[name, `${value}`]],
  );
}

/**
 * The starter scripts of the SDK are the program's own, so that there is one copy of the SDK in its process.
 * @param {string} directory
 * @param {string} script
 */
function resolveFrom(directory, script) {
  try {
    return createRequire(path.join(directory, "noop.js")).resolve(script);
  } catch {
    throw new Error(`@pulumi/pulumi is not installed in ${directory}: run npm install there`);
  }
}

/** @param {RuntimeOptions} options */
function nodeArguments(options) {
  return String(options.nodeargs ?? "")
    .split(" ")
    .filter((argument) => argument !== "");
}

/**
 * @param {RuntimeOptions} options
 * @returns {NodeJS.ProcessEnv}
 */
function typescriptEnvironment(options) {
  return {
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript ?? true),
    ...(options.tsconfig ? { PULUMI_NODEJS_TSCONFIG_PATH: String(options.tsconfig) } : {}),
  };
}

/** @type {Runtime} */
const nodejs = {
  program: async ({ directory, options, settings, dryRun, entry, args }) => ({
    command: process.execPath,
    args: [
      ...nodeArguments(options),
      resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
      ...given(settings).flatMap(([name, value]) => [`--${name}`, value]),
      ...(dryRun ? ["--dry-run"] : []),
      entry,
      ...args,
    ],
    env: typescriptEnvironment(options),
  }),
  install: (_directory, { production }) => [
    { command: "npm", args: ["install", "--loglevel=error", ...(production ? ["--production"] : [])] },
  ],
  link: async (directory, folder) => {
    const { name } = JSON.parse(fs.readFileSync(path.join(directory, folder, "package.json"), "utf8"));
    const source = `file:${folder.replaceAll(path.sep, "/")}`;
    // From npm 11.16 on, what a dependency runs when it is installed has to be allowed; this one compiles itself.
    const settings = [`dependencies[${name}]=${source}`, `allowScripts[${source}]=true`];
    await mustSucceed("npm", ["pkg", "set", ...settings], directory);
    return `import * as cockpit from "${name}";`;
  },
};

/**
 * The interpreter of the virtual environment that Pulumi.yaml names, or the machine's.
 * @param {string} directory
 * @param {RuntimeOptions} options
 */
function pythonOf(directory, { virtualenv }) {
  if (!virtualenv) {
    return machinesPython;
  }
  const folder = path.resolve(directory, String(virtualenv));
  return path.join(folder, ...(process.platform === "win32" ? ["Scripts", "python"] : ["bin", "python"]));
}
const machinesPython = process.platform === "win32" ? "python" : "python3";

/** @type {Runtime} */
const python = {
  program: async ({ directory, options, settings, dryRun, entry, args }) => {
    const command = pythonOf(directory, options);
    if (path.isAbsolute(command) && findIn(path.basename(command), [path.dirname(command)]) === undefined) {
      throw new Error(
        `the virtual environment ${options.virtualenv} is not there: run pulumi install in ${directory}`,
      );
    }
    return {
      command,
      args: [
        "-u",
        path.join(__dirname, "run-program.py"),
        JSON.stringify({ ...Object.fromEntries(given(settings)), "dry-run": dryRun }),
        entry,
        ...args,
      ],
    };
  },
  install: (directory, options) => {
    const command = pythonOf(directory, options);
    return [
      ...(options.virtualenv
        ? [{ command: machinesPython, args: ["-m", "venv", String(options.virtualenv)] }]
        : []),
      { command, args: ["-m", "pip", "install", "--quiet", "-r", "requirements.txt"] },
    ];
  },
  link: async (directory, folder) => {
    const file = path.join(directory, "requirements.txt");
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").split("\n") : [];
    const wanted = lines.filter((line) => line !== "" && line !== folder);
    fs.writeFileSync(file, [...wanted, folder, ""].join("\n"));
    const [, name] =
      /name = "(.*)"/.exec(fs.readFileSync(path.join(directory, folder, "pyproject.toml"), "utf8")) ?? [];
    return `import ${name} as cockpit`;
  },
};

/** @type {Runtime} */
const go = {
  program: async ({ directory, options, settings, dryRun, args }) => {
    // Where Pulumi.yaml says where to build it, it is linked again only after a change.
    const target = options.buildTarget && path.resolve(directory, String(options.buildTarget));
    const folder = target ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-go-"));
    const binary = target || path.join(folder ?? "", "program");
    await mustSucceed("go", ["build", "-o", binary, "."], directory);
    const named = given(settings).map(([name, value]) => [
      `PULUMI_${name.replaceAll("-", "_").toUpperCase()}`,
      value,
    ]);
    return {
      command: binary,
      args,
      ...(folder === undefined ? {} : { folder }),
      env: { ...Object.fromEntries(named), PULUMI_DRY_RUN: String(dryRun) },
    };
  },
  install: () => [{ command: "go", args: ["mod", "tidy"] }],
  link: async (directory, folder) => {
    const goMod = fs.readFileSync(path.join(directory, folder, "go.mod"), "utf8");
    const [, name] = /^module (\S+)/m.exec(goMod) ?? [];
    const relative = `./${folder.replaceAll(path.sep, "/")}`;
    const version = "v0.0.0-00010101000000-000000000000";
    const args = ["mod", "edit", `-require=${name}@${version}`, `-replace=${name}=${relative}`];
    await mustSucceed("go", args, directory);
    return `import "${name}/cockpit"`;
  },
};

/** @type {Record<string, Runtime>} */
const runtimes = { nodejs, python, go };

module.exports = { nodeArguments, resolveFrom, runtimes, typescriptEnvironment };
