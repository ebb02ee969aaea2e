// @ts-check
/**
 * `npm run release:check`: whether the package could go out as it is. What is checked needs tools that nothing else here does, so
 * they are run in pinned versions without being installed.
 */
"use strict";

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { findOnPath } = require("../toolchain/find-executable");
const { main, prepare, root } = require("./prepare");

const tools = {
  publint: "publint@0.3.25",
  types: "@arethetypeswrong/cli@0.18.5",
  workflows: "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12",
};

/** Licences under which a package may come along. */
const licences = ["0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BlueOak-1.0.0", "ISC", "MIT"];

/** @param {string} file */
const read = (file) => fs.readFileSync(path.join(root, file), "utf8");
/** @param {string} file */
const readJson = (file) => JSON.parse(read(file));

/** package.json has the version; whatever else names one has to follow it. */
function versions() {
  const { version } = readJson("package.json");
  const lock = readJson("package-lock.json");
  const pages = execFileSync("git", ["ls-files", "README.md", "docs/*.md"], { cwd: root, encoding: "utf8" });
  /** @type {[string, string][]} */
  const named = [
    ["package-lock.json", lock.version],
    ["package-lock.json", lock.packages[""].version],
    ["schema.json", readJson("schema.json").version],
    ["CHANGELOG.md", /^## (\S+)/m.exec(read("CHANGELOG.md"))?.[1] ?? "none"],
    ...pages
      .split("\n")
      .filter(Boolean)
      .flatMap((page) =>
        [
          ...read(page).matchAll(/pulumi-cockpit(?:-|@v)(\d+\.\d+\.\d+)|resource cockpit (\d+\.\d+\.\d+)/g),
        ].map(([, one, other]) => /** @type {[string, string]} */ ([page, String(one ?? other)])),
      ),
  ];
  return named
    .filter(([, other]) => other !== version)
    .map(([file, other]) => `${file} says version ${other}, package.json ${version}`);
}

/** Of what a user's installation brings along. */
function licencesOfDependencies() {
  const { packages } = readJson("package-lock.json");
  const { dependencies } = readJson("package.json");
  /** @type {Set<string>} */
  const seen = new Set();
  const add = (/** @type {string} */ name) => {
    const found = packages[`node_modules/${name}`];
    if (seen.has(name) || found === undefined) {
      return;
    }
    seen.add(name);
    Object.keys(found.dependencies ?? {}).forEach(add);
  };
  Object.keys(dependencies).forEach(add);
  return [...seen]
    .map((name) => [name, packages[`node_modules/${name}`].license])
    .filter(([, licence]) => !licences.includes(licence))
    .map(([name, licence]) => `${name} comes under ${licence ?? "no licence"}, which nobody has looked at`);
}

/** @param {string} tarball */
function whatIsMissing(tarball) {
  const files = execFileSync("tar", ["-tzf", tarball], { encoding: "utf8" }).split("\n");
  return ["LICENSE", "README.md", "CHANGELOG.md", "schema.json", "PulumiPlugin.yaml", "plugin.js"]
    .filter((file) => !files.includes(`package/${file}`))
    .map((file) => `the package has no ${file}`);
}

/**
 * @param {string} name
 * @param {() => string[]} check
 */
function report(name, check) {
  const wrong = check();
  console.log(`${wrong.length === 0 ? "ok    " : "WRONG "} ${name}`);
  for (const what of wrong) {
    console.log(`       ${what.trim().replaceAll("\n", "\n       ")}`);
  }
  return wrong.length === 0;
}

/**
 * A tool that ends with 0 where all is well.
 * @param {string} command
 * @param {string[]} args
 */
function judge(command, args) {
  try {
    execFileSync(command, args, { cwd: root, encoding: "utf8", stdio: "pipe" });
    return [];
  } catch (error) {
    const { stdout = "", stderr = "" } = /** @type {{ stdout?: string, stderr?: string }} */ (error);
    return [`${stdout}${stderr}` || String(error)];
  }
}

async function check() {
  await prepare();
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "pulumi-cockpit-release-"));
  try {
    execFileSync("npm", ["pack", "--loglevel=error", "--pack-destination", folder], { cwd: root });
    const tarball = path.join(folder, String(fs.readdirSync(folder)[0]));
    const workflows = fs.readdirSync(path.join(root, ".github", "workflows"));
    const results = [
      report("versions come from package.json", versions),
      report("licences of what is installed along", licencesOfDependencies),
      report("files of the package", () => whatIsMissing(tarball)),
      report("publint", () => judge("npx", ["--yes", tools.publint, "--strict", tarball])),
      // A program in plain JavaScript modules gets CommonJS, which Node.js imports by name.
      report("types in every module resolution", () =>
        judge("npx", ["--yes", tools.types, "--no-emoji", "--no-color", tarball]),
      ),
    ];
    if (findOnPath("go", process.env) === undefined) {
      console.log("SKIPPED workflows: actionlint is run by Go, which is not here");
    } else {
      results.push(
        report("workflows (actionlint)", () =>
          judge("go", [
            "run",
            tools.workflows,
            ...workflows.map((file) => path.join(".github", "workflows", file)),
          ]),
        ),
      );
    }
    if (results.includes(false)) {
      process.exitCode = 1;
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

module.exports = { licencesOfDependencies, versions };

if (require.main === module) {
  main(check);
}
