#!/bin/sh
# @icure/api sends a body with each POST and PUT, also where the method has none: the four characters `null`, without a content
# type. A server (or an emulator) that decodes a body whenever there is one, or asks for a content type, refuses calls that the
# API describes as having no body.
#
# @icure/api 6.4.4. Seen: PUT /group/group/dd has the body "null" and the content type undefined.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @icure/api@6.4.4
cat >observe.js <<'EOF'
const { IccGroupApi } = require("@icure/api/icc-api/api/IccGroupApi.js");
const { NoAuthenticationProvider } = require("@icure/api/icc-x-api/auth/AuthenticationProvider.js");

let sent;
const fetchImpl = async (address, init) => {
  sent = { method: init.method, path: new URL(address).pathname, body: init.body, type: init.headers["Content-Type"] };
  return new Response("{}", { headers: { "content-type": "application/json" } });
};
const groups = new IccGroupApi("https://cockpit.example", {}, new NoAuthenticationProvider(), fetchImpl);

(async () => {
  await groups.initDesignDocs("group");
  console.log(`${sent.method} ${sent.path} has the body ${JSON.stringify(sent.body)} and the content type ${sent.type}`);
  if (sent.body !== "null" || sent.type !== undefined) {
    throw new Error("this has changed");
  }
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
EOF
node observe.js
