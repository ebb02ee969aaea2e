// @ts-check
/**
 * `npm run check:pipelines`: reads the pipelines of examples/gitops with the linters of this field, actionlint for GitHub and
 * gitlab-ci-local, which holds GitLab's own schema, and what it has for Kubernetes and Pulumi Deployments with what their makers
 * publish. Not among the tests, because all of it is fetched. `-- --crds FOLDER`: where the operator's deploy/crds are already.
 */
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { parseArgs } = require("node:util");
const { checkDeployments, checkManifests } = require("./manifests");

const actionlint = "github.com/rhysd/actionlint/cmd/actionlint@v1.7.12";
/** The last one that runs on Node.js 20. */
const gitlabCiLocal = "gitlab-ci-local@4.62.0";

/**
 * @param {string} folder
 * @param {string} command
 * @param {string[]} args
 * @returns {string} what it printed
 */
function run(folder, command, args) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd: folder, encoding: "utf8" });
  if (status !== 0) {
    throw new Error(`${command} ${args.join(" ")} failed: ${error?.message ?? `${stdout}${stderr}`}`);
  }
  return `${stdout}${stderr}`;
}

async function main() {
  const { values } = parseArgs({ options: { crds: { type: "string" } } });
  const parent = fs.mkdtempSync(path.join(os.tmpdir(), "cockpit-pipelines-"));
  const project = path.join(parent, "gitops");
  try {
    fs.cpSync(path.join(__dirname, "..", "examples", "gitops"), project, { recursive: true });
    const workflows = fs.readdirSync(path.join(project, ".github", "workflows"));
    const files = workflows.map((name) => path.join(".github", "workflows", name));
    run(project, "go", ["run", actionlint, "-no-color", ...files]);
    console.log(`actionlint: ${workflows.length} workflows are fine`);

    // It looks for a repository with a remote.
    run(project, "git", ["init", "--quiet", "."]);
    run(project, "git", ["remote", "add", "origin", "https://gitlab.example/care/care.git"]);
    const printed = run(project, "npx", ["--yes", gitlabCiLocal, "--list"]);
    if (!printed.includes("json schema validated")) {
      throw new Error(`gitlab-ci-local validated nothing:\n${printed}`);
    }
    console.log("gitlab-ci-local: .gitlab-ci.yml fits GitLab's schema");
  } finally {
    fs.rmSync(parent, { recursive: true, force: true });
  }
  checkDeployments();
  console.log("Pulumi Cloud's API: deployments/ is what it takes");
  const count = await checkManifests(values.crds);
  console.log(`Pulumi's Kubernetes operator: ${count} manifests fit its definitions`);
}

main().catch((/** @type {unknown} */ error) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
