// @ts-check
"use strict";

/** @typedef {{ perSecond: number, perProcessorSecond: number | undefined }} Rate */

const connections = 16;
const counts = { reads: 5_000, creations: 1_000 };

/**
 * How many requests the emulator answers when it has nothing else to do. It works on one core; the load comes from another.
 * @param {import("./emulator-process").EmulatorProcess} emulator
 * @returns {Promise<{ reads: Rate, creations: Rate }>}
 */
async function measureLoad(emulator) {
  // What a bare clone has not before it is prepared.
  const { Pool } = require("undici");
  const pool = new Pool(emulator.url, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  /**
   * @param {"GET" | "POST"} method
   * @param {string} route
   * @param {{ headers?: Record<string, string>, body?: string }} [more]
   */
  const request = async (method, route, more) => {
    const { statusCode, body } = await pool.request({ method, path: `/rest/v2${route}`, ...more });
    const text = await body.text();
    if (statusCode !== 200) {
      throw new Error(`${method} ${route}: ${statusCode} ${text}`);
    }
    return JSON.parse(text);
  };
  /** @param {number} count @param {(index: number) => Promise<unknown>} send */
  const repeat = async (count, send) => {
    let next = 0;
    const worker = async () => {
      while (next < count) {
        await send(next++);
      }
    };
    await Promise.all(Array.from({ length: connections }, worker));
  };
  /** @param {number} count @param {(index: number) => Promise<unknown>} send @returns {Promise<Rate>} */
  const rate = async (count, send) => {
    const before = emulator.processorSeconds();
    const started = Date.now();
    await repeat(count, send);
    const seconds = (Date.now() - started) / 1000;
    const after = emulator.processorSeconds();
    const isKnown = before !== undefined && after !== undefined && after > before;
    return { perSecond: count / seconds, perProcessorSecond: isKnown ? count / (after - before) : undefined };
  };

  try {
    const { username, password } = emulator;
    const login = await request("POST", "/auth/login", {
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ username, password }),
    });
    const headers = { authorization: `Bearer ${login.token}` };
    await request("POST", "/group/load/application?name=load", { headers });
    const read = () => request("GET", "/group/load", { headers });
    await repeat(500, read);
    return {
      reads: await rate(counts.reads, read),
      creations: await rate(counts.creations, (index) =>
        request("POST", `/group/load-${index}/database?name=load&superGroup=load`, { headers }),
      ),
    };
  } finally {
    await pool.destroy();
  }
}

module.exports = { measureLoad };
