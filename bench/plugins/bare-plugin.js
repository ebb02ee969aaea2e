// @ts-check
/**
 * A plugin that only answers and posts: no validation, no look-ups, no errors that help. What a plugin in Node takes for itself.
 */
"use strict";

const grpc = require("@grpc/grpc-js");
const { PluginInfo } = require("@pulumi/pulumi/proto/plugin_pb");
const { ResourceProviderService } = require("@pulumi/pulumi/proto/provider_grpc_pb");
const messages = require("@pulumi/pulumi/proto/provider_pb");
const { Empty } = require("google-protobuf/google/protobuf/empty_pb");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb");

/** @param {string} method @param {string} path @param {Record<string, string>} [query] */
async function call(method, path, query = {}) {
  const { COCKPIT_URL, COCKPIT_USERNAME, COCKPIT_PASSWORD } = process.env;
  const credentials = Buffer.from(`${COCKPIT_USERNAME}:${COCKPIT_PASSWORD}`).toString("base64");
  const address = new URL(`${COCKPIT_URL}/rest/v2/group/${path}`);
  for (const [key, value] of Object.entries(query)) {
    address.searchParams.set(key, value);
  }
  const response = await fetch(address, { method, headers: { authorization: `Basic ${credentials}` } });
  if (!response.ok) {
    throw new Error(`${method} ${path} failed: ${response.status} ${await response.text()}`);
  }
  await response.arrayBuffer();
}

/** @param {import("google-protobuf/google/protobuf/struct_pb").Struct | undefined} struct */
const read = (struct) => /** @type {Record<string, string>} */ (struct?.toJavaScript() ?? {});

/** @type {Record<string, (request: any) => unknown>} */
const answers = {
  handshake: () => new messages.ProviderHandshakeResponse().setAcceptSecrets(true),
  attach: () => new Empty(),
  cancel: () => new Empty(),
  getPluginInfo: () => new PluginInfo().setVersion("1.0.0"),
  checkConfig: (request) => new messages.CheckResponse().setInputs(request.getNews()),
  diffConfig: () => new messages.DiffResponse(),
  configure: () => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true),
  check: (request) => new messages.CheckResponse().setInputs(request.getNews()),
  diff: (request) => {
    const [olds, news] = [read(request.getOldInputs()), read(request.getNews())];
    const changed = Object.keys(news).filter((key) => olds[key] !== news[key]);
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    return new messages.DiffResponse().setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE);
  },
  create: async (request) => {
    const { name, cluster, parent } = read(request.getProperties());
    const response = new messages.CreateResponse().setProperties(request.getProperties());
    if (request.getPreview()) {
      return response;
    }
    const kind = request.getUrn().includes(":Database::") ? "database" : "application";
    const id = `${kind}-${name}`;
    await call("POST", `${id}/${kind}`, {
      name: String(name),
      server: String(cluster),
      ...(parent === undefined ? {} : { superGroup: parent }),
    });
    return response.setId(id);
  },
  read: async (request) => {
    await call("GET", request.getId());
    return new messages.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs() ?? new Struct());
  },
  delete: async (request) => {
    await call("DELETE", request.getId());
    return new Empty();
  },
};

const server = new grpc.Server();
server.addService(
  /** @type {grpc.ServiceDefinition} */ (/** @type {unknown} */ (ResourceProviderService)),
  Object.fromEntries(
    Object.entries(answers).map(([name, answer]) => [
      name,
      /** @type {grpc.handleUnaryCall<unknown, unknown>} */ (
        ({ request }, callback) => {
          Promise.resolve(request)
            .then(answer)
            .then(
              (response) => callback(null, response),
              (error) => callback({ code: grpc.status.UNKNOWN, details: String(error) }),
            );
        }
      ),
    ]),
  ),
);
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error) {
    throw error;
  }
  process.stdout.write(`${port}\n`);
});
// Where nothing else ends it: the engine does so after the run.
process.on("SIGINT", () => process.exit(0));
