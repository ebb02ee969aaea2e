// @ts-check
"use strict";

const path = require("node:path");

/**
 * The environment for `pulumi` on a file backend of its own below `folder` and against `cockpit`: nothing of the
 * user's own Pulumi or Cockpit set-up gets in, and nothing gets out.
 * @param {import("../toolchain/engine").Engine} engine
 * @param {{ folder: string, cockpit: { url: string, gatewayUrl?: string, username: string, password: string } }} options
 * @returns {NodeJS.ProcessEnv}
 */
function pulumiEnvironment(engine, { folder, cockpit }) {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(PULUMI|COCKPIT)_/i.test(name));
  const noProxy = [process.env.no_proxy ?? process.env.NO_PROXY, new URL(cockpit.url).hostname]
    .filter(Boolean)
    .join(",");
  return {
    ...Object.fromEntries(inherited),
    ...engine.env,
    no_proxy: noProxy,
    NO_PROXY: noProxy,
    PULUMI_BACKEND_URL: `file://${path.join(folder, "state")}`,
    PULUMI_HOME: path.join(folder, "pulumi-home"),
    PULUMI_CONFIG_PASSPHRASE: "not-a-secret",
    PULUMI_SKIP_UPDATE_CHECK: "1",
    COCKPIT_URL: cockpit.url,
    ...(cockpit.gatewayUrl === undefined ? {} : { COCKPIT_GATEWAY_URL: cockpit.gatewayUrl }),
    COCKPIT_USERNAME: cockpit.username,
    COCKPIT_PASSWORD: cockpit.password,
  };
}

module.exports = { pulumiEnvironment };
