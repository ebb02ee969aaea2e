// @ts-check
"use strict";
const { mkdirSync, readFileSync, writeFileSync } = require("node:fs");
const path = require("node:path");
const root = path.join(__dirname, "..");

/**
 * Everything that is written from the definitions of resources, look-ups and errors, by its path.
 * @returns {Promise<Record<string, string>>}
 */
async function generated() {
  const codegen = path.join(root, "dist/codegen");
  /** @type {typeof import("../codegen/schema")} */
  const { pulumiSchema } = require(path.join(codegen, "schema"));
  /** @type {typeof import("../codegen/sdk-class")} */
  const { sdkClass } = require(path.join(codegen, "sdk-class"));
  /** @type {typeof import("../codegen/reference-page")} */
  const { referencePage } = require(path.join(codegen, "reference-page"));
  /** @type {typeof import("../codegen/sdk-function")} */
  const { sdkFunction } = require(path.join(codegen, "sdk-function"));
  /** @type {typeof import("../codegen/function-page")} */
  const { functionPage } = require(path.join(codegen, "function-page"));
  /** @type {typeof import("../codegen/error-page")} */
  const { errorPage } = require(path.join(codegen, "error-page"));
  /** @type {typeof import("../codegen/overview-page")} */
  const { overviewPage } = require(path.join(codegen, "overview-page"));
  /** @type {typeof import("../provider/errors")} */
  const { errorCodes } = require(path.join(root, "dist/provider/errors"));
  /** @type {typeof import("../provider/resources")} */
  const resources = require(path.join(root, "dist/provider/resources"));
  /** @type {typeof import("../provider/functions")} */
  const functions = require(path.join(root, "dist/provider/functions"));
  const prettier = await import("prettier");

  const all = Object.values(resources);
  const lookUps = Object.values(functions).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { version, description, keywords, license, homepage, repository, author } = JSON.parse(
    readFileSync(path.join(root, "package.json"), "utf8"),
  );
  const about = {
    version,
    description,
    keywords,
    license,
    homepage,
    repository: repository.url,
    publisher: author,
  };
  const schema = /** @type {import("../codegen/examples/program").Shapes} */ (
    pulumiSchema(about, all, lookUps)
  );
  const overview = "docs/_index.md";
  /** @type {Record<string, string>} */
  const files = {
    "schema.json": JSON.stringify(schema, null, 2),
    "docs/errors.md": errorPage(errorCodes),
    // Its example in TypeScript is written there, and the others are made of it.
    [overview]: overviewPage(readFileSync(path.join(root, overview), "utf8"), schema),
  };
  for (const resource of all) {
    const stem = stemOf(resource.type);
    files[`sdk/${stem}.ts`] = sdkClass(resource);
    files[`docs/resources/${stem}.md`] = referencePage(resource);
  }
  for (const lookUp of lookUps) {
    files[`sdk/${stemOf(lookUp.name)}.ts`] = sdkFunction(lookUp);
    files[`docs/functions/${stemOf(lookUp.name)}.md`] = functionPage(lookUp);
  }
  const options = (await prettier.resolveConfig(path.join(root, "package.json"))) ?? {};
  for (const [file, text] of Object.entries(files)) {
    files[file] = await prettier.format(text, { ...options, filepath: path.join(root, file) });
  }
  return files;
}

/** @param {string} name */
function stemOf(name) {
  return name.replace(/(?!^)[A-Z]/g, "-$&").toLowerCase();
}

async function main() {
  const stale = [];
  for (const [file, text] of Object.entries(await generated())) {
    const target = path.join(root, file);
    const before = readIfThere(target);
    if (before === text) {
      continue;
    }
    stale.push(file);
    if (!process.argv.includes("--check")) {
      mkdirSync(path.dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
  }
  if (process.argv.includes("--check") && stale.length > 0) {
    console.error(`Not what the definitions say: ${stale.join(", ")}. Run: npm run generate`);
    process.exitCode = 1;
  } else {
    console.log(stale.length === 0 ? "Everything generated is current." : `Written: ${stale.join(", ")}`);
  }
}

/** @param {string} file */
function readIfThere(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

void main();
