// @ts-check
/**
 * `npm run judges`: the plugin before judges that others wrote in Go (tests/judges/go), on an emulator. Apart from `npm test`,
 * because the first build of the engine's packages takes minutes.
 */
"use strict";

const { spawn, spawnSync } = require("node:child_process");
const path = require("node:path");
const { main, prepare, root } = require("./prepare");

/** @param {NodeJS.ProcessEnv} environment */
async function startPlugin(environment) {
  const plugin = spawn(process.execPath, [path.join(root, "plugin.js")], {
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const port = await new Promise((resolve, reject) => {
    plugin.stdout.once("data", (data) => resolve(String(data).trim()));
    plugin.once("exit", (code) => reject(new Error(`the plugin ended with exit code ${code}`)));
  });
  return { address: `127.0.0.1:${port}`, stop: () => plugin.kill() };
}

async function judges() {
  const { engine } = await prepare({ engine: true });
  /** @type {typeof import("../emulator")} */
  const { startEmulator } = require(path.join(root, "dist", "emulator"));
  const emulator = await startEmulator();
  const { url, gatewayUrl, username, password } = emulator;
  const plugin = await startPlugin({
    COCKPIT_URL: url,
    COCKPIT_GATEWAY_URL: gatewayUrl,
    COCKPIT_USERNAME: username,
    COCKPIT_PASSWORD: password,
  });
  try {
    const go = spawn("go", ["test", "-count=1", "-v", "./..."], {
      cwd: path.join(root, "tests", "judges", "go"),
      env: {
        ...process.env,
        ...engine.env,
        GOFLAGS: "-mod=readonly",
        GOWORK: "off",
        COCKPIT_PROVIDER: plugin.address,
        PULUMI_SKIP_UPDATE_CHECK: "1",
      },
      stdio: "inherit",
    });
    process.exitCode = await new Promise((resolve, reject) => {
      go.once("error", reject);
      go.once("close", (code) => resolve(code ?? 1));
    });
  } finally {
    plugin.stop();
    await emulator.close();
  }
}

if (spawnSync("go", ["version"]).status === 0) {
  main(judges);
} else {
  console.error("The judges are written in Go, which is not installed.");
  process.exitCode = 1;
}
