// @ts-check
/**
 * Databases as Pulumi's tutorial on dynamic providers makes resources: the provider in the program itself, so that its
 * code goes into the state of each resource, and `fetch`.
 */
"use strict";

const pulumi = require("@pulumi/pulumi");

/** @param {string} method @param {string} path @param {Record<string, string>} [query] */
async function call(method, path, query) {
  const { COCKPIT_URL, COCKPIT_USERNAME, COCKPIT_PASSWORD } = process.env;
  const credentials = Buffer.from(`${COCKPIT_USERNAME}:${COCKPIT_PASSWORD}`).toString("base64");
  const address = new URL(`${COCKPIT_URL}/rest/v2/group/${path}`);
  for (const [key, value] of Object.entries(query ?? {})) {
    address.searchParams.set(key, value);
  }
  const response = await fetch(address, { method, headers: { authorization: `Basic ${credentials}` } });
  if (!response.ok) {
    throw new Error(`${method} ${path} failed: ${response.status} ${await response.text()}`);
  }
  return response.json();
}

/** @typedef {{ name: string, cluster: string, parent?: string }} Group */

/** @param {"application" | "database"} kind */
function groupProvider(kind) {
  return {
    /** @param {Group} inputs */
    async create(inputs) {
      const { name, cluster, parent } = inputs;
      const id = `${kind}-${name}`;
      await call("POST", `${id}/${kind}`, {
        name,
        server: cluster,
        ...(parent === undefined ? {} : { superGroup: parent }),
      });
      return { id, outs: inputs };
    },
    /** @param {string} id @param {Group} [state] */
    async read(id, state) {
      const { name } = /** @type {Group} */ (await call("GET", id));
      return { id, props: { ...state, name } };
    },
    /** @param {string} _id @param {Group} olds @param {Group} news */
    async diff(_id, olds, news) {
      const replaces =
        olds.cluster === news.cluster && olds.parent === news.parent ? [] : ["cluster", "parent"];
      return { changes: replaces.length > 0 || olds.name !== news.name, replaces };
    },
    /** @param {string} id @param {Group} _olds @param {Group} news */
    async update(id, _olds, news) {
      await call("PUT", `${id}/name/${encodeURIComponent(news.name)}`);
      return { outs: news };
    },
    /** @param {string} id */
    async delete(id) {
      await call("DELETE", id);
    },
  };
}

class Solution extends pulumi.dynamic.Resource {
  /** @param {string} name @param {Record<string, pulumi.Input<string>>} args */
  constructor(name, args) {
    super(groupProvider("application"), name, args, undefined, "bench", "Solution");
  }
}

const databaseProvider = groupProvider("database");

class Database extends pulumi.dynamic.Resource {
  /** @param {string} name @param {Record<string, pulumi.Input<string>>} args */
  constructor(name, args) {
    super(databaseProvider, name, args, undefined, "bench", "Database");
  }
}

const solution = new Solution("solution", { name: "solution", cluster: "europe-west-02" });
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  const name = `database-${index}`;
  new Database(name, { name, cluster: "europe-west-02", parent: solution.id });
}
