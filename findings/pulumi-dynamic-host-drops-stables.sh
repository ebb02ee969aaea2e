#!/bin/sh
# A dynamic provider's `diff` may answer `stables`, "an optional list of properties that will not ever change". The host of
# dynamic providers reads `changes`, `replaces` and `deleteBeforeReplace` of that answer and never `stables`: the engine is told
# of none, so the preview of an update shows each output as unknown, and what depends on it as possibly replaced.
#
# @pulumi/pulumi 3.248.0. Seen: sent stables=["arn"], received stables=[].
# What a provider of this form can do: nothing; a plugin of its own answers the same field itself.
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
    const provider = `exports.handler = () => ({
      diff: async () => ({ changes: true, replaces: [], stables: ["arn"], deleteBeforeReplace: true }),
    });`;
    const request = new messages.DiffRequest();
    request.setId("x");
    request.setOlds(Struct.fromJavaScript({ __provider: provider, size: 1, arn: "a" }));
    request.setNews(Struct.fromJavaScript({ __provider: provider, size: 2 }));
    const answer = await promisify(client.diff.bind(client))(request);
    const seen = { stables: answer.getStablesList(), deleteBeforeReplace: answer.getDeletebeforereplace() };
    console.log(`sent stables=["arn"], received stables=${JSON.stringify(seen.stables)}`);
    if (seen.stables.length !== 0 || !seen.deleteBeforeReplace) {
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
