#!/bin/sh
# @icure/api writes an optional query parameter only if its value is truthy: `0`, `false` and "" are left out of the address as
# if they had not been given. So a switch whose default on the server is true can't be switched off, and a first page of "no
# rows, only the total" can't be asked for. What was given and what is sent differ without a word.
#
# @icure/api 6.4.4. Seen: warmup=true is sent as warmup=true; warmup=false as nothing; limit=0 as nothing.
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{ "private": true }' >package.json
npm install --silent --no-audit --no-fund --ignore-scripts @icure/api@6.4.4
cat >observe.js <<'EOF'
const { IccGroupApi } = require("@icure/api/icc-api/api/IccGroupApi.js");
const { NoAuthenticationProvider } = require("@icure/api/icc-x-api/auth/AuthenticationProvider.js");

const sent = [];
const fetchImpl = async (address) => {
  sent.push([...new URL(address).searchParams].filter(([name]) => name !== "ts").map((pair) => pair.join("=")).join("&"));
  return new Response("{}", { headers: { "content-type": "application/json" } });
};
const groups = new IccGroupApi("https://cockpit.example", {}, new NoAuthenticationProvider(), fetchImpl);

(async () => {
  await groups.initDesignDocs("group", "Patient", true);
  await groups.initDesignDocs("group", "Patient", false);
  await groups.findGroups("group", "last", 0);
  console.log(sent.join("\n"));
  if (JSON.stringify(sent) !== JSON.stringify(["clazz=Patient&warmup=true", "clazz=Patient", "startDocumentId=last"])) {
    throw new Error("this has changed");
  }
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
EOF
node observe.js
