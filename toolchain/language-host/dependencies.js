// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const language = require("@pulumi/pulumi/proto/language_pb.js");
const { exitCodeOf, spawnChild } = require("./children");

/**
 * Runs `npm install` in the directory of a program or a plugin and streams what it prints.
 * @param {import("@grpc/grpc-js").ServerWritableStream<language.InstallDependenciesRequest, language.InstallDependenciesResponse>} call
 */
function installDependencies(call) {
  const directory = call.request.getInfo()?.getProgramDirectory() || call.request.getDirectory();
  const { production } = call.request.getInfo()?.getOptions()?.toJavaScript() ?? {};
  const child = spawnChild("npm", ["install", "--loglevel=error", ...(production ? ["--production"] : [])], {
    cwd: directory,
    shell: process.platform === "win32",
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout?.on("data", (data) => call.write(new language.InstallDependenciesResponse().setStdout(data)));
  child.stderr?.on("data", (data) => call.write(new language.InstallDependenciesResponse().setStderr(data)));
  exitCodeOf(child).then(
    (code) => {
      if (code === 0) call.end();
      else call.emit("error", new Error(`npm install in ${directory} ended with exit code ${code}`));
    },
    (error) => call.emit("error", error),
  );
}

/**
 * @param {string} file
 * @returns {{ version?: string, dependencies?: Record<string, string>, devDependencies?: Record<string, string> }}
 */
function readPackage(file) {
  return fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
}

/**
 * The program's direct dependencies in their installed versions, which `pulumi about` shows.
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

module.exports = { installDependencies, programDependencies };
