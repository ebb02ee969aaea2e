#!/bin/sh
# A dynamic provider's `update` may leave out `outs` ("any properties that were computed during updating"). The host then answers
# the engine with no properties but `__provider`, not with the former ones: after an update that computed nothing new, all
# outputs of the resource are gone from the state, those of `create` included. A provider without an `update` has the same.
#
# @pulumi/pulumi 3.248.0. Seen: old outputs __provider, arn, size; after the update __provider.
# What a provider of this form has to do: answer each update with the whole state.
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
  const host = spawn(process.execPath, [require.resolve("@pulumi/pulumi/cmd/dynamic-provider"), "127.0.0.1:1"]);
  const [port] = await once(host.stdout, "data");
  const client = new ResourceProviderClient(`127.0.0.1:${String(port).trim()}`, grpc.credentials.createInsecure());
  try {
    const provider = `exports.handler = () => ({ update: async () => ({}) });`;
    const olds = { __provider: provider, size: 1, arn: "a" };
    const request = new messages.UpdateRequest();
    request.setId("x");
    request.setOlds(Struct.fromJavaScript(olds));
    request.setNews(Struct.fromJavaScript({ __provider: provider, size: 2 }));
    const answer = await promisify(client.update.bind(client))(request);
    const outputs = Object.keys(answer.getProperties().toJavaScript());
    console.log(`old outputs ${Object.keys(olds).join(", ")}; after the update ${outputs.join(", ")}`);
    if (outputs.join() !== "__provider") {
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
