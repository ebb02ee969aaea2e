// @ts-check
"use strict";

const fs = require("node:fs");
const language = require("@pulumi/pulumi/proto/language_pb.js");
const { exitCodeOf, spawnChild } = require("./children");
const { nodeArguments, resolveFrom, typescriptEnvironment } = require("./runtimes");

/** The exit code of a program that has already told the user what is wrong. */
const bailExitCode = 32;

/** @param {language.ProgramInfo | undefined} info */
function runtimeOptions(info) {
  return /** @type {import("./runtimes").RuntimeOptions} */ (info?.getOptions()?.toJavaScript() ?? {});
}

/**
 * @param {import("./runtimes").Runtime} runtime
 * @param {language.RunRequest} request
 * @returns {Promise<language.RunResponse>}
 */
async function runProgram(runtime, request) {
  const info = request.getInfo();
  const { command, args, env, folder } = await runtime.program({
    directory: info?.getProgramDirectory() || request.getPwd(),
    options: runtimeOptions(info),
    settings: [
      ["monitor", request.getMonitorAddress()],
      ["engine", process.argv.slice(2).find((argument) => !argument.startsWith("-"))],
      ["organization", request.getOrganization()],
      ["project", request.getProject()],
      ["root-directory", info?.getRootDirectory()],
      ["stack", request.getStack()],
      ["pwd", request.getPwd()],
      ["parallel", request.getParallel()],
    ],
    dryRun: request.getDryrun(),
    entry: info?.getEntryPoint() || request.getProgram() || ".",
    args: request.getArgsList(),
  });
  const child = spawnChild(command, args, {
    cwd: request.getPwd(),
    stdio: ["ignore", "inherit", "inherit"],
    env: {
      ...process.env,
      ...env,
      PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
      PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    },
  });

  const code = await exitCodeOf(child);
  if (folder !== undefined) {
    fs.rmSync(folder, { recursive: true, force: true });
  }
  const response = new language.RunResponse();
  if (code === bailExitCode) {
    response.setBail(true);
  } else if (code !== 0) {
    response.setError(`the program ended with exit code ${code}`);
  }
  return response;
}

/**
 * Runs a plugin from source, which is written for Node.js; the call's end ends the plugin.
 * @param {import("@grpc/grpc-js").ServerWritableStream<language.RunPluginRequest, language.RunPluginResponse>} call
 */
function runPlugin(call) {
  const { request } = call;
  const info = request.getInfo();
  const options = runtimeOptions(info);
  const directory = info?.getProgramDirectory() || request.getProgram();
  const environment = request.getEnvList().map((entry) => {
    const [name = "", ...value] = entry.split("=");
    return [name, value.join("=")];
  });
  // A policy pack is told where the engine is before it is told which folder to run; other plugins are told afterwards.
  const isPolicyPack = request.getKind() === "analyzer";
  let script;
  try {
    script = resolveFrom(directory, `@pulumi/pulumi/cmd/${isPolicyPack ? "run-policy-pack" : "run-plugin"}`);
  } catch (error) {
    call.emit("error", error);
    return;
  }
  const child = spawnChild(
    process.execPath,
    [
      ...nodeArguments(options),
      script,
      ...(isPolicyPack ? [...request.getArgsList(), directory] : [directory, ...request.getArgsList()]),
    ],
    {
      cwd: isPolicyPack ? directory : request.getPwd(),
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, ...typescriptEnvironment(options), ...Object.fromEntries(environment) },
    },
  );
  child.stdout?.on("data", (data) => call.write(new language.RunPluginResponse().setStdout(data)));
  child.stderr?.on("data", (data) => call.write(new language.RunPluginResponse().setStderr(data)));
  call.on("cancelled", () => child.kill("SIGKILL"));
  exitCodeOf(child).then(
    (code) => {
      call.write(new language.RunPluginResponse().setExitcode(code));
      call.end();
    },
    (error) => call.emit("error", error),
  );
}

module.exports = { runPlugin, runProgram, runtimeOptions };
