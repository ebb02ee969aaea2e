// @ts-check
/**
 * Holds what examples/gitops has for Pulumi's Kubernetes operator and for Pulumi Deployments against what their makers publish: the
 * custom resource definitions of the operator, and the types of Pulumi Cloud's API.
 */
"use strict";

const { spawnSync } = require("node:child_process");
const fs = require("node:fs");
const { createRequire } = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { z } = require("zod");

/** The SDK's own reader of YAML. */
const yaml = createRequire(require.resolve("@pulumi/pulumi/package.json"))("js-yaml");

const operator = "v2.9.0";
const definitions = ["pulumi.com_stacks.yaml", "pulumi.com_programs.yaml", "auto.pulumi.com_workspaces.yaml"];
const cloudApi = "github.com/pulumi/pulumi-cloud-sdk/go/apitype@v1.20261110.0";
const gitops = path.join(__dirname, "..", "examples", "gitops");

/**
 * @param {string} file
 * @returns {any[]} its documents
 */
function documentsOf(file) {
  return yaml.loadAll(fs.readFileSync(file, "utf8"));
}

/**
 * The server drops what it does not know, so a slip of a key would have no effect and no error: here it is one.
 * @param {any} schema of a custom resource definition
 * @returns {any} a JSON schema that takes known keys only
 */
function strict(schema) {
  if (Array.isArray(schema)) {
    return schema.map(strict);
  }
  if (typeof schema !== "object" || schema === null) {
    return schema;
  }
  if (schema["x-kubernetes-int-or-string"]) {
    return { anyOf: [{ type: "integer" }, { type: "string" }] };
  }
  const kept = Object.entries(schema).filter(
    ([key]) => !["description", "format", "default"].includes(key) && !key.startsWith("x-kubernetes"),
  );
  const own = Object.fromEntries(
    kept.map(([key, value]) => {
      if (key === "enum" || key === "required") {
        return [key, value];
      }
      if (key !== "properties") {
        return [key, strict(value)];
      }
      return [key, Object.fromEntries(Object.entries(value).map(([name, part]) => [name, strict(part)]))];
    }),
  );
  const isClosed =
    schema.properties && !schema["x-kubernetes-preserve-unknown-fields"] && !schema.additionalProperties;
  return isClosed ? { ...own, additionalProperties: false } : own;
}

/** @param {string} address */
async function fetched(address) {
  const answer = await fetch(address).catch((/** @type {unknown} */ error) => String(error));
  if (typeof answer === "string" || !answer.ok) {
    const why = typeof answer === "string" ? answer : `status ${answer.status}`;
    throw new Error(
      `${address} could not be fetched (${why}), so the manifests were held against nothing. With a copy of the operator's deploy/crds: npm run check:pipelines -- --crds FOLDER`,
    );
  }
  return answer.text();
}

/**
 * @param {string | undefined} folder where the definitions are already
 * @returns {Promise<Map<string, any>>} schemas by version and kind
 */
async function schemasOf(folder) {
  const schemas = new Map();
  for (const name of definitions) {
    const address = `https://raw.githubusercontent.com/pulumi/pulumi-kubernetes-operator/${operator}/deploy/crds/${name}`;
    const text = folder ? fs.readFileSync(path.join(folder, name), "utf8") : await fetched(address);
    const { spec } = yaml.load(text);
    for (const version of spec.versions) {
      schemas.set(`${spec.group}/${version.name} ${spec.names.kind}`, version.schema.openAPIV3Schema);
    }
  }
  return schemas;
}

/**
 * @param {string | undefined} folder of the definitions; default: fetched
 * @returns {Promise<number>} how many manifests fit
 */
async function checkManifests(folder) {
  const schemas = await schemasOf(folder);
  let count = 0;
  for (const name of fs.readdirSync(path.join(gitops, "kubernetes"))) {
    for (const manifest of documentsOf(path.join(gitops, "kubernetes", name))) {
      const schema = schemas.get(`${manifest.apiVersion} ${manifest.kind}`);
      // What Kubernetes has itself.
      if (!schema) {
        continue;
      }
      const { error } = z.fromJSONSchema(strict(schema)).safeParse(manifest);
      if (error) {
        throw new Error(`${name}, ${manifest.kind} ${manifest.metadata.name}: ${z.prettifyError(error)}`);
      }
      count++;
    }
  }
  if (count === 0) {
    throw new Error("no manifest is of a kind that the operator defines");
  }
  return count;
}

const program = `package main

import (
	"encoding/json"
	"os"

	"github.com/pulumi/pulumi-cloud-sdk/go/apitype"
)

func main() {
	var settings apitype.DeploymentSettings
	if err := json.NewDecoder(os.Stdin).Decode(&settings); err != nil {
		panic(err)
	}
	if err := json.NewEncoder(os.Stdout).Encode(&settings); err != nil {
		panic(err)
	}
}
`;

/** Settings whose false the types leave out. */
const optional = [
  "deployCommits",
  "pullRequestTemplate",
  "skipIntermediateDeployments",
  "remediateIfDriftDetected",
  "deleteAfterDestroy",
];

/** The types drop what they do not know: whatever is lost on the way through them is not a setting. */
function checkDeployments() {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "cockpit-deployments-"));
  try {
    fs.writeFileSync(path.join(folder, "main.go"), program);
    /** @param {string[]} args @param {string} [input] */
    const go = (args, input) => {
      const { status, stdout, stderr, error } = spawnSync("go", args, {
        cwd: folder,
        encoding: "utf8",
        input,
      });
      if (status !== 0) {
        throw new Error(`go ${args.join(" ")} failed: ${error?.message ?? stderr}`);
      }
      return stdout;
    };
    go(["mod", "init", "check"]);
    go(["get", cloudApi]);
    for (const name of fs.readdirSync(path.join(gitops, "deployments"))) {
      const settings = fs.readFileSync(path.join(gitops, "deployments", name), "utf8");
      const known = leavesOf(JSON.parse(go(["run", "."], settings)));
      // What is false by default comes out again as nothing.
      const lost = leavesOf(JSON.parse(settings)).filter(
        (leaf) =>
          !known.includes(leaf) &&
          !(leaf.endsWith(": false") && optional.includes(leaf.slice(leaf.lastIndexOf(".") + 1, -7))),
      );
      if (lost.length > 0) {
        throw new Error(`${name}: Pulumi Deployments knows no ${lost.join(", ")}`);
      }
    }
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * @param {unknown} value
 * @param {string} at
 * @returns {string[]} each part of it, with where it is
 */
function leavesOf(value, at = "") {
  return typeof value === "object" && value !== null
    ? Object.entries(value).flatMap(([key, part]) => leavesOf(part, `${at}.${key}`))
    : [`${at}: ${JSON.stringify(value)}`];
}

module.exports = { checkDeployments, checkManifests };
