// @ts-check
"use strict";

const net = require("node:net");

/**
 * Ends this process when the engine at `address` is gone: an engine that is killed leaves its language hosts
 * running otherwise. The engine closes connections that say nothing for two minutes, so a closed
 * connection alone means little: only when no new one can be created is the engine gone.
 * @param {string} address host:port
 */
function exitWithEngine(address) {
  const { hostname, port } = new URL(`tcp://${address}`);
  const connection = net.connect({ host: hostname, port: Number(port) });
  connection.on("error", () => process.exit(1));
  connection.on("close", (failed) => {
    if (!failed) {
      exitWithEngine(address);
    }
  });
  // What the engine sends (its HTTP/2 settings) is read and dropped, so that its end is noticed.
  connection.resume();
}

module.exports = { exitWithEngine };
