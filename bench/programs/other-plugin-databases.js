// @ts-check
/** As many databases by a plugin that does as little as possible (bench/plugins/bare-plugin.js), or by one in Go (tests/judges/go/peer). */
"use strict";

const pulumi = require("@pulumi/pulumi");

class Resource extends pulumi.CustomResource {
  /** @param {string} type @param {pulumi.Inputs & { name: string }} inputs */
  constructor(type, inputs) {
    super(`${process.env.BENCH_PLUGIN}:index:${type}`, inputs.name, inputs);
  }
}

const solution = new Resource("Solution", { name: "solution", cluster: "europe-west-02" });
for (let index = 0; index < Number(process.env.BENCH_COUNT); index++) {
  new Resource("Database", { name: `database-${index}`, cluster: "europe-west-02", parent: solution.id });
}
