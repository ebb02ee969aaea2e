#!/bin/sh
# The host of dynamic providers promises that a provider is "only deserialized and configured once per process". It puts the
# provider into its cache before it calls `configure`, and never takes it out again. So if `configure` fails, only the first call
# of a run reports it; each later call of that run gets the provider with whatever `configure` had not set yet. Calls that
# arrive while an asynchronous `configure` still runs get it, too.
#
# @pulumi/pulumi 3.248.0. Seen: "1st create: no credentials; 2nd create: created without credentials".
# What a provider of this form has to do: a `configure` that is synchronous and never throws, and operations that report what
# is missing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund @pulumi/pulumi@3.248.0
cat >observe.js <<'EOF'
const { spawn } = require("node:child_process");
const { once } = require("node:events");
const { promisify } = require("node:util");
const grpc = require("@grpc/grpc-js");
const { Struct } = require("google-protobuf/google/protobuf/struct_pb.js");
const messages = require("@pulumi/pulumi/proto/provider_pb.js");
const { ResourceProviderClient } = require("@pulumi/pulumi/proto/provider_grpc_pb.js");

async function main() {
  const env = { ...process.env, PULUMI_NODEJS_PROJECT: "project", PULUMI_NODEJS_STACK: "stack" };
  const host = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"], { env });
  const [port] = await once(host.stdout, "data");
  const client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
  const call = (method, request) => promisify(client[method].bind(client))(request);
  try {
    const configuration = new messages.ConfigureRequest();
    configuration.setArgs(Struct.fromJavaScript({}));
    await call("configure", configuration);

    const provider = `exports.handler = () => {
      let credentials = "without credentials";
      return {
        configure: async () => {
          throw new Error("no credentials");
        },
        create: async () => ({ id: "created " + credentials, outs: {} }),
      };
    };`;
    const create = async () => {
      const request = new messages.CreateRequest();
      request.setProperties(Struct.fromJavaScript({ __provider: provider }));
      return call("create", request).then(
        (answer) => answer.getId(),
        (error) => error.details,
      );
    };
    const [first, second] = [await create(), await create()];
    console.log(`1st create: ${first}; 2nd create: ${second}`);
    if (first !== "no credentials" || second !== "created without credentials") {
      throw new Error("this has changed");
    }
  } finally {
    client.close();
    host.kill();
  }
}
main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
EOF
node observe.js
