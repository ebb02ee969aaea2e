// @ts-check
"use strict";

const esbuild = require("esbuild");
const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");

/** What is sent with undici, without all else that its entry loads: fetch, caches, mocks. The proxy's part only where there is one. */
const undici = `
  Object.assign(require("undici/lib/dispatcher/dispatcher.js").prototype, require("undici/lib/api"));
  exports.Pool = require("undici/lib/dispatcher/pool.js");
  Object.defineProperty(exports, "EnvHttpProxyAgent", {
    enumerable: true,
    get: () => require("undici/lib/dispatcher/env-http-proxy-agent.js"),
  });
`;

/** @type {esbuild.Plugin} */
const onlyWhatIsUsed = {
  name: "only what is used",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "part" }));
    onLoad({ filter: /^undici$/, namespace: "part" }, () => ({ contents: undici, resolveDir: root }));
    // The object `z` holds all of zod, a namespace only what is used of it.
    onLoad({ filter: /[\\/]provider[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, "utf8")
        .replace(/^import \{ z \} from "zod";/m, 'import { z } from "zod";')
        // The programs of the reference pages are no part of what runs; to a linter they look like modules within this one.
        .replace(/^ {2}example: `.*?`,$/ms, '  example: "",'),
      loader: "ts",
    }));
  },
};

/**
 * Makes one file of the provider that the engine's host of dynamic providers loads: its start is paid by each preview, up, refresh
 * and destroy, and 200 files with all of zod and undici are most of it.
 * @param {string} dist
 */
async function bundleProvider(dist) {
  const outfile = path.join(dist, "provider", "dynamic", "index.js");
  const { metafile } = await esbuild.build({
    absWorkingDir: root,
    entryPoints: ["provider/dynamic/index.ts"],
    outfile,
    bundle: true,
    platform: "node",
    target: "node20.18",
    mainFields: ["module", "main"],
    // Those of the program, of which there must be one copy.
    external: ["@pulumi/pulumi", "@grpc/grpc-js"],
    minifySyntax: true,
    minifyWhitespace: true,
    metafile: true,
    logLevel: "warning",
    plugins: [onlyWhatIsUsed],
  });
  const packages = Object.keys(metafile.inputs).flatMap(
    (file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? [],
  );
  const notices = [...new Set(packages)].sort().map((name) => {
    const folder = path.join(root, "node_modules", name);
    const file = fs.readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
    if (file === undefined) {
      throw new Error(`${name} has no licence to hand on.`);
    }
    return `${name}\n\n${fs.readFileSync(path.join(folder, file), "utf8").trim()}`;
  });
  fs.appendFileSync(outfile, `/*\nHolds parts of:\n\n${notices.join("\n\n")}\n*/\n`);
}

module.exports = { bundleProvider };
