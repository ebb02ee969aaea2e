// @ts-check
/**
 * A language host for programs in Node.js, Python and Go, and for plugins in Node.js: the gRPC service through which the engine
 * starts them, installs what they need and writes SDKs. The official CLI ships its own; this one stands in only where the engine
 * had to be built from source, and is not part of the published package.
 */
"use strict";

const path = require("node:path");
const grpc = require("@grpc/grpc-js");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb.js");
const service = require("@pulumi/pulumi/proto/language_grpc_pb.js");
const language = require("@pulumi/pulumi/proto/language_pb.js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb.js");
const { killChildren } = require("./children");
const { exitWithEngine } = require("./exit-with-engine");
const { generatePackage, installDependencies, link, programDependencies } = require("./packages");
const { runPlugin, runProgram } = require("./run");
const { runtimes } = require("./runtimes");

const messageLimit = 400 * 1024 * 1024;

/**
 * Answers with what `answer` makes of the request, or with its error.
 * @template Request, Response
 * @param {(request: Request) => Response | Promise<Response>} answer
 * @returns {grpc.handleUnaryCall<Request, Response>}
 */
function unary(answer) {
  return (call, callback) => {
    Promise.resolve(call.request)
      .then(answer)
      .then(
        (response) => callback(null, response),
        (error) => callback({ code: grpc.status.UNKNOWN, details: String(error?.message ?? error) }),
      );
  };
}

/**
 * @param {string} name of the runtime
 * @returns {Partial<service.ILanguageRuntimeServer>}
 */
function handlersFor(name) {
  const runtime = runtimes[name];
  if (runtime === undefined) {
    throw new Error(`there is no language host for ${name} here`);
  }
  return {
    handshake: unary(() => new language.LanguageHandshakeResponse()),
    getPluginInfo: unary(() => new PluginInfo().setVersion(process.versions.node)),
    getRequiredPackages: unary(() => new language.GetRequiredPackagesResponse()),
    getRequiredPlugins: unary(() => new language.GetRequiredPluginsResponse()),
    about: unary(() =>
      new language.AboutResponse().setExecutable(process.execPath).setVersion(process.version),
    ),
    getProgramDependencies: unary(programDependencies),
    installDependencies: (call) => void installDependencies(runtime, call),
    generatePackage: unary((request) => generatePackage(name, request)),
    link: unary((request) => link(runtime, request)),
    run: unary((request) => runProgram(runtime, request)),
    runPlugin,
    cancel: unary(() => {
      killChildren();
      return new Empty();
    }),
  };
}

/**
 * Serves on a free port of the loopback interface and prints the port, as the engine expects. The name that it was called by,
 * pulumi-language-NAME, says for which runtime.
 */
function serve() {
  const [, name = ""] = /pulumi-language-(.*)$/.exec(path.basename(process.argv[1] ?? "")) ?? [];
  const server = new grpc.Server({
    "grpc.max_receive_message_length": messageLimit,
    "grpc.max_send_message_length": messageLimit,
  });
  server.addService(
    service.LanguageRuntimeService,
    /** @type {grpc.UntypedServiceImplementation} */ (/** @type {unknown} */ (handlersFor(name))),
  );
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) {
      throw error;
    }
    process.stdout.write(`${port}\n`);
  });

  process.on("exit", killChildren);
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM", "SIGHUP"])) {
    process.on(signal, () => process.exit(1));
  }
  const engine = process.argv.slice(2).find((argument) => !argument.startsWith("-"));
  if (engine) {
    exitWithEngine(engine);
  }
}

module.exports = { serve };
