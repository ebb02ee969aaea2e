// @ts-check
/** As many databases by a plugin that only answers and posts (bench/plugins/bare-plugin.js). */
"use strict";

const pulumi = require("@pulumi/pulumi");

class Resource extends pulumi.CustomResource {
  /** @param {string} type @param {pulumi.Inputs & { name: string }} inputs */
  constructor(type, inputs) {
    super(`bare:index:${type}`, inputs.name, inputs);
  }
}

const solution = new Resource("Solution", { name: "solution", cluster: "europe-west-02" });
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new Resource("Database", { name: `database-${index}`, cluster: "europe-west-02", parent: solution.id });
}
