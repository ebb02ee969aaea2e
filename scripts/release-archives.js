// @ts-check
/**
 * `npm run release:archives [-- FOLDER]`: what `pulumi plugin install` downloads from a release, one archive for each system and
 * processor. All hold the same: the built plugin in its two files, and what npm needs to install the engine's SDK.
 */
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { main, prepare, root } = require("./prepare");

const systems = ["darwin", "linux", "windows"];
const processors = ["amd64", "arm64"];

/** Where an SDK that was generated from a release's schema finds the plugin. */
const pluginDownloadURL = "github://api.github.com/pulumi-cockpit/pulumi-cockpit";

/** @param {string} file */
const readJson = (file) => JSON.parse(fs.readFileSync(path.join(root, file), "utf8"));

/** Only what runs: the versions that package-lock.json pins, and no scripts. */
function manifests() {
  const {
    name,
    version,
    description,
    license,
    main: entry,
    bin,
    engines,
    dependencies,
  } = readJson("package.json");
  const lock = readJson("package-lock.json");
  const sdk = lock.packages["node_modules/@pulumi/pulumi"].version;
  const about = {
    name,
    version,
    description,
    license,
    main: entry,
    bin: { "pulumi-resource-cockpit": bin["pulumi-resource-cockpit"] },
    engines,
    dependencies: { "@pulumi/pulumi": sdk },
  };
  const runs = Object.entries(lock.packages).filter(
    ([location, { dev, devOptional }]) => location !== "" && !dev && !devOptional,
  );
  const needed = new Set(runs.flatMap(([, { dependencies = {} }]) => Object.keys(dependencies)));
  const isBundled = (/** @type {string} */ location) =>
    Object.keys(dependencies).some((each) => location === `node_modules/${each}` && !needed.has(each));
  const packages = { "": about, ...Object.fromEntries(runs.filter(([location]) => !isBundled(location))) };
  return { about, lock: { ...lock, packages } };
}

/** @param {string} folder */
function stage(folder) {
  const { about, lock } = manifests();
  const schema = { ...readJson("schema.json"), pluginDownloadURL };
  for (const [name, content] of Object.entries({
    "package.json": about,
    "package-lock.json": lock,
    "schema.json": schema,
  })) {
    fs.writeFileSync(path.join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  }
  for (const name of ["PulumiPlugin.yaml", "plugin.js", "LICENSE"]) {
    fs.copyFileSync(path.join(root, name), path.join(folder, name));
  }
  for (const file of ["LICENSES.txt", "plugin/main.js", "plugin/undici.js"]) {
    const place = path.join("dist", "provider", file);
    fs.mkdirSync(path.join(folder, path.dirname(place)), { recursive: true });
    fs.copyFileSync(path.join(root, place), path.join(folder, place));
  }
  return about.version;
}

/** @param {string} target */
async function archives(target) {
  await prepare();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-release-"));
  try {
    const version = stage(folder);
    fs.mkdirSync(target, { recursive: true });
    const [first, ...others] = systems.flatMap((system) =>
      processors.map((processor) =>
        path.join(target, `pulumi-resource-cockpit-v${version}-${system}-${processor}.tar.gz`),
      ),
    );
    execFileSync("tar", ["-czf", String(first), "-C", folder, "."]);
    for (const other of others) {
      fs.copyFileSync(String(first), other);
    }
    console.log([first, ...others].join("\n"));
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

main(() => archives(path.resolve(process.argv[2] ?? "release")));
