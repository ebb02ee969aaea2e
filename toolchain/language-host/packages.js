// @ts-check
"use strict";

const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const language = require("@pulumi/pulumi/proto/language_pb.js");
const { findIn } = require("../find-executable");
const { exitCodeOf, mustSucceed, spawnChild } = require("./children");
const { runtimeOptions } = require("./run");

/**
 * Brings what a program or a plugin needs and streams what is printed.
 * @param {import("./runtimes").Runtime} runtime
 * @param {import("@grpc/grpc-js").ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>} call
 */
async function installDependencies(runtime, call) {
  const info = call.request.getInfo();
  const directory = info?.getProgramDirectory() || call.request.getDirectory();
  try {
    for (const { command, args } of runtime.install(directory, runtimeOptions(info))) {
      const child = spawnChild(command, args, {
        cwd: directory,
        shell: process.platform === "win32",
        stdio: ["ignore", "pipe", "pipe"],
      });
      child.stdout?.on("data", (data) =>
        call.write(new language.InstallDependenciesResponse().setStdout(data)),
      );
      child.stderr?.on("data", (data) =>
        call.write(new language.InstallDependenciesResponse().setStderr(data)),
      );
      const code = await exitCodeOf(child);
      if (code !== 0) {
        throw new Error(`${command} ${args.join(" ")} in ${directory} ended with exit code ${code}`);
      }
    }
    call.end();
  } catch (error) {
    call.emit("error", error);
  }
}

/**
 * Writes an SDK by what was built beside the engine from its own generators.
 * @param {string} name of the runtime
 * @param {language.GeneratePackageRequest} request
 */
async function generatePackage(name, request) {
  const engine = path.dirname(process.argv[1] ?? "");
  const generator = findIn("generate-sdk", [engine]);
  if (generator === undefined) {
    throw new Error(`${engine} holds no generate-sdk: build the engine again`);
  }
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-schema-"));
  try {
    const schema = path.join(folder, "schema.json");
    fs.writeFileSync(schema, request.getSchema());
    await mustSucceed(generator, [name, schema, request.getDirectory()], folder);
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  return new language.GeneratePackageResponse();
}

/**
 * @param {import("./runtimes").Runtime} runtime
 * @param {language.LinkRequest} request
 */
async function link(runtime, request) {
  const directory = request.getInfo()?.getProgramDirectory() ?? "";
  const imports = [];
  for (const dependency of request.getPackagesList()) {
    imports.push(await runtime.link(directory, dependency.getPath()));
  }
  return new language.LinkResponse().setImportInstructions(`Import it by:\n\n  ${imports.join("\n  ")}\n`);
}

/**
 * @param {string} file
 * @returns {{ version?: string, dependencies?: Record<string, string>, devDependencies?: Record<string, string> }}
 */
function readPackage(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
}

/**
 * The direct dependencies of a program for Node.js in their installed versions, which `pulumi about` shows.
 * @param {language.GetProgramDependenciesRequest} request
 */
function programDependencies(request) {
  const directory = request.getInfo()?.getProgramDirectory() || request.getPwd();
  const { dependencies, devDependencies } = readPackage(path.join(directory, "package.json"));
  const wanted = Object.entries({ ...devDependencies, ...dependencies });
  return new language.GetProgramDependenciesResponse().setDependenciesList(
    wanted.map(([name, range]) => {
      const installed = readPackage(path.join(directory, "node_modules", name, "package.json"));
      return new language.DependencyInfo().setName(name).setVersion(installed.version ?? range);
    }),
  );
}

module.exports = { generatePackage, installDependencies, link, programDependencies };
