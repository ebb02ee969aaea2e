// @ts-check
"use strict";

const fs = require("node:fs");
const path = require("node:path");

const root = path.join(__dirname, "..");

/** @typedef {typeof import("esbuild")} Esbuild */

/** What is sent with undici, without all else that its entry loads: fetch, caches, mocks. The proxy's part only where there is one. */
const undici = `
  Object.assign(require("undici/lib/dispatcher/dispatcher.js").prototype, require("undici/lib/api"));
  exports.Pool = require("undici/lib/dispatcher/pool.js");
  Object.defineProperty(exports, "EnvHttpProxyAgent", {
    enumerable: true,
    get: () => require("undici/lib/dispatcher/env-http-proxy-agent.js"),
  });
`;

/** @type {import("esbuild").Plugin} */
const onlyWhatIsUsed = {
  name: "only what is used",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^undici$/ }, () => ({ path: "undici", namespace: "part" }));
    onLoad({ filter: /^undici$/, namespace: "part" }, () => ({ contents: undici, resolveDir: root }));
    // The object `z` holds all of zod, a namespace only what is used of it.
    onLoad({ filter: /[\\/]provider[\\/].*\.ts$/ }, ({ path: file }) => ({
      contents: fs
        .readFileSync(file, "utf8")
        .replace(/^import \{ z \} from "zod";/m, 'import * as z from "zod";')
        // The programs of the reference pages are not part of what runs; to a linter they look like modules within this one.
        .replace(/^ {2}example: `.*?`,$/gms, '  example: "",'),
      loader: "ts",
    }));
  },
};

/**
 * The engine's SDK is loaded when the first component comes. Not so its messages: one version of them is spoken, whichever SDK is
 * installed.
 * @type {import("esbuild").Plugin}
 */
const messagesOfTheSdk = {
  name: "messages of the engine's SDK",
  setup({ onResolve }) {
    onResolve({ filter: /^@pulumi\/pulumi/ }, ({ path: name }) =>
      name.startsWith("@pulumi/pulumi/proto/") ? undefined : { path: name, external: true },
    );
    // A file of its own: most runs have nothing to send, and reading it would be a fifth of the start.
    onResolve({ filter: /^undici$/ }, () => ({ path: "./undici.js", external: true }));
  },
};

/**
 * Makes one file of what the engine starts for each preview, up, refresh and destroy, in each of its two forms: hundreds of files,
 * with all of zod and undici, are most of such a start.
 * @param {Esbuild} esbuild
 * @param {string} dist
 */
async function bundleProvider(esbuild, dist) {
  /** @type {Set<string>} */
  const files = new Set();
  /** @param {string} file @param {import("esbuild").BuildOptions} options */
  const bundle = async (file, options) => {
    const { metafile } = await esbuild.build({
      absWorkingDir: root,
      outfile: path.join(dist, "provider", file),
      bundle: true,
      platform: "node",
      target: "node20.18",
      mainFields: ["module", "main"],
      minifySyntax: true,
      minifyWhitespace: true,
      logLevel: "warning",
      ...options,
      metafile: true,
    });
    for (const name of Object.keys(metafile?.inputs ?? {})) {
      files.add(name);
    }
  };
  await bundle("dynamic/index.js", {
    entryPoints: ["provider/dynamic/index.ts"],
    // Those of the program, of which there must be one copy.
    external: ["@pulumi/pulumi", "@grpc/grpc-js"],
    plugins: [onlyWhatIsUsed],
  });
  await bundle("plugin/main.js", {
    entryPoints: ["provider/plugin/main.ts"],
    // Only for a service that looks into gRPC itself.
    external: ["@grpc/proto-loader"],
    plugins: [messagesOfTheSdk, onlyWhatIsUsed],
  });
  await bundle("plugin/undici.js", { stdin: { contents: undici, resolveDir: root } });
  fs.writeFileSync(path.join(dist, "provider", "LICENSES.txt"), licencesOf([...files]));
}

/** @param {string[]} files */
function licencesOf(files) {
  const packages = files.flatMap((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? []);
  const notices = [...new Set(packages)].sort().flatMap((name) => {
    const folder = path.join(root, "node_modules", name);
    const texts = fs.readdirSync(folder).filter((entry) => /^(licen[cs]e|notice)/i.test(entry));
    if (texts.length === 0) {
      throw new Error(`${name} has no licence to hand on.`);
    }
    return texts.map((text) => `${name}\n\n${fs.readFileSync(path.join(folder, text), "utf8").trim()}\n`);
  });
  return `dynamic/index.js, plugin/main.js and plugin/undici.js hold parts of:\n\n${notices.join("\n\n")}`;
}

module.exports = { bundleProvider };
