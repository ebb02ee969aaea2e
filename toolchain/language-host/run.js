// @ts-check
"use strict";

const { createRequire } = require("node:module");
const path = require("node:path");
const language = require("@pulumi/pulumi/proto/language_pb.js");
const { exitCodeOf, spawnChild } = require("./children");

/** The exit code of a program that has already told the user what is wrong. */
const bailExitCode = 32;

/** @typedef {Record<string, string | boolean | undefined>} RuntimeOptions what Pulumi.yaml says below `runtime.options` */

/** @param {language.ProgramInfo | undefined} info */
function runtimeOptions(info) {
  return /** @type {RuntimeOptions} */ (info?.getOptions()?.toJavaScript() ?? {});
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

/**
 * @param {language.RunRequest} request
 * @returns {Promise<language.RunResponse>}
 */
async function runProgram(request) {
  const info = request.getInfo();
  const options = runtimeOptions(info);
  const directory = info?.getProgramDirectory() || request.getPwd();
  /** @type {[string, string | number | undefined][]} */
  const settings = [
    ["monitor", request.getMonitorAddress()],
    ["engine", process.argv.slice(2).find((argument) => !argument.startsWith("-"))],
    ["organization", request.getOrganization()],
    ["project", request.getProject()],
    ["root-directory", info?.getRootDirectory()],
    ["stack", request.getStack()],
    ["pwd", request.getPwd()],
    ["parallel", request.getParallel()],
  ];
  const child = spawnChild(
    process.execPath,
    [
      ...nodeArguments(options),
      resolveFrom(directory, "@pulumi/pulumi/cmd/run"),
      ...settings.flatMap(([name, value]) =>
        value === undefined || value === "" ? [] : [`--${name}`, `${value}`],
      ),
      ...(request.getDryrun() ? ["--dry-run"] : []),
      info?.getEntryPoint() || request.getProgram() || ".",
      ...request.getArgsList(),
    ],
    {
      cwd: request.getPwd(),
      stdio: ["ignore", "inherit", "inherit"],
      env: {
        ...process.env,
        ...typescriptEnvironment(options),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().toArray())),
        PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
      },
    },
  );

  const code = await exitCodeOf(child);
  const response = new language.RunResponse();
  if (code === bailExitCode) response.setBail(true);
  else if (code !== 0) response.setError(`the program ended with exit code ${code}`);
  return response;
}

/**
 * Runs a plugin from source; the call's end ends the plugin.
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

module.exports = { runPlugin, runProgram };
